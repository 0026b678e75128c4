internal import MetaLearning
internal import Statistics

/// Two trainings compared at one accuracy that both reach: nine tenths of the way to the lower of those that they end
/// their trained steps with.
///
/// An arm whose gain comes early may simply gain less. At an accuracy that both reach, fewer steps are faster, whatever
/// comes after. At the lower end itself the lower arm would always take all its steps, and the comparison would only
/// repeat that of the ends.
///
/// - Source: ours.
public struct CommonAccuracy: Sendable {
  /// One value per task and side whose means are the steps that the side takes; see ``Jackknife``.
  public let values: (a: [Double], b: [Double])

  /// The accuracy for two curves.
  ///
  /// - Parameters:
  ///   - starts: Their accuracies before the first step.
  ///   - ends: Those after the trained steps.
  /// - Returns: An accuracy between the lower start and the lower end.
  public static func target(_ starts: (Double, Double), _ ends: (Double, Double)) -> Double {
    let start = min(starts.0, starts.1)
    return start + 0.9 * (min(ends.0, ends.1) - start)
  }

  /// Compares two trainings on the same tasks.
  ///
  /// The accuracy is that of the mean curves, and it is found anew without each task, so that its own error counts too.
  ///
  /// - Returns: nil where it cannot be told from noise when a side gets there: where neither its start is above that
  ///   accuracy nor its gain up to there larger than four of its standard errors.
  public init?(_ a: SpeedMeasures, _ b: SpeedMeasures) {
    let sides = [a, b].map { measures in
      (rows: measures.curves.map { $0.map(\.queryAccuracy) }, trained: measures.trainedSteps)
    }
    let split = sides[0].rows.first?.count ?? 0
    func target(_ means: [Double]) -> Double {
      Self.target((means[0], means[split]), (means[sides[0].trained], means[split + sides[1].trained]))
    }
    let rows = zip(sides[0].rows, sides[1].rows).map { $0 + $1 }
    guard rows.count > 1, rows.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    let means = columnMeans(rows)
    let isFirstLower = means[sides[0].trained] <= means[split + sides[1].trained]
    let end = isFirstLower ? sides[0].trained : split + sides[1].trained
    for start in [0, split] {
      let gains = Summary(rows.map { $0[end] - $0[start] })
      guard let error = gains.standardError, abs(gains.mean) > 4 * error else { return nil }
    }
    guard
      let own = Jackknife.pseudovalues(
        rows, { steps(to: target($0), of: Array($0[..<split])) }),
      let others = Jackknife.pseudovalues(rows, { steps(to: target($0), of: Array($0[split...])) })
    else { return nil }
    values = (own, others)
  }
}
