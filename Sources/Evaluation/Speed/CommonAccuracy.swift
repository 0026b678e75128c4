internal import MetaLearning
internal import Statistics

/// After how many steps a curve first is at an accuracy, read off a straight line between whole steps.
///
/// - Parameters:
///   - accuracy: The accuracy, a share.
///   - curve: Mean accuracies after 0, 1, … steps.
/// - Returns: 0 for a curve that starts there; nil for one that never gets there.
public func steps(to accuracy: Double, of curve: [Double]) -> Double? {
  guard let next = curve.firstIndex(where: { $0 >= accuracy }) else { return nil }
  guard next > 0 else { return 0 }
  let (from, to) = (curve[next - 1], curve[next])
  return Double(next - 1) + (accuracy - from) / (to - from)
}

/// What it costs an arm to get to an accuracy: the first place where its mean curve is that high.
public struct Reach: Codable, Hashable, Sendable {
  /// The accuracy, a share.
  public var accuracy: Double
  /// Inner steps, read off a straight line between whole ones; nil if the curve never gets there.
  public var steps: Double?
  /// Milliseconds of adaptation per task up to there; nil likewise.
  public var milliseconds: Double?
  /// Multiply-adds of the convolutions per task up to there; nil likewise.
  public var macs: Double?

  /// Reads a mean curve.
  public init(of curve: [SpeedResult.Step], to accuracy: Double) {
    self.accuracy = accuracy
    guard let steps = Evaluation.steps(to: accuracy, of: curve.map(\.queryAccuracy.mean)) else { return }
    self.steps = steps
    func there(_ value: (SpeedResult.Step) -> Double) -> Double {
      let low = Int(steps)
      let high = min(low + 1, curve.count - 1)
      return value(curve[low]) + (steps - Double(low)) * (value(curve[high]) - value(curve[low]))
    }
    milliseconds = there(\.milliseconds)
    macs = there(\.macs)
  }

  /// The accuracies that every arm's curve is read at: the same for all reports, so that reports can be compared.
  public static let targets = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
}

/// Two trainings compared at one accuracy: the lower of those that they end their trained steps with.
///
/// An arm whose gain comes early may simply gain less. At an accuracy that both reach, fewer steps are faster, whatever
/// comes after.
///
/// - Source: ours.
public struct CommonAccuracy: Sendable {
  /// One value per task and side whose means are the steps that the side takes; see ``Jackknife``.
  public let values: (a: [Double], b: [Double])

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
    func target(_ means: [Double]) -> Double { min(means[sides[0].trained], means[split + sides[1].trained]) }
    let rows = zip(sides[0].rows, sides[1].rows).map { $0 + $1 }
    guard rows.count > 1, rows.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    let means = columnMeans(rows)
    let isFirstLower = means[sides[0].trained] <= means[split + sides[1].trained]
    let end = isFirstLower ? sides[0].trained : split + sides[1].trained
    for start in [0, split] {
      let gains = Summary(rows.map { $0[end] - $0[start] })
      guard let error = gains.standardError, abs(gains.mean) > 4 * error || end == start else { return nil }
    }
    guard
      let own = Jackknife.pseudovalues(
        rows, { steps(to: target($0), of: Array($0[..<split])) }),
      let others = Jackknife.pseudovalues(rows, { steps(to: target($0), of: Array($0[split...])) })
    else { return nil }
    values = (own, others)
  }
}
