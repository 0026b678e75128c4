public import MetaLearning
internal import Statistics

/// Answers sorted by how sure they are: the expected calibration error and the diagram it is read off.
///
/// Of B bins of equal width, bin b holds the answers with a confidence in (b/B, (b + 1)/B], the first also 0. With acc and
/// conf the mean accuracy and confidence of a bin, ECE = Σ_b (n_b/n)·|acc_b − conf_b| over all answers of all tasks.
///
/// It is no mean over tasks. A task's value is that of its linearisation, Σ_b ±(right − sure), the sign being that of the
/// bin over all tasks, over the mean number of answers: the mean of these values is the ECE, and their spread gives its
/// standard error. It does not cover that chance alone makes an ECE of many thinly filled bins too large (ours).
///
/// - Source: Naeini et al. 2015; Guo et al. 2017, "On Calibration of Modern Neural Networks", with 15 bins.
public struct Reliability: Sendable {
  /// The number of bins.
  public static let bins = 15

  /// Answers of each task in each bin, `[bin][task]`: how many, how many of them right, and the sum of their confidences.
  private var counts: [[Double]]
  private var rights: [[Double]]
  private var sums: [[Double]]

  /// Sorts the answers of one training, task by task.
  ///
  /// - Precondition: there is an answer.
  public init(_ tasks: [QueryAnswers]) {
    let none = [[Double]](repeating: [Double](repeating: 0, count: tasks.count), count: Self.bins)
    (counts, rights, sums) = (none, none, none)
    for (e, answers) in tasks.enumerated() {
      for i in 0..<answers.count {
        let b = Self.bin(of: answers.confidence[i])
        counts[b][e] += 1
        rights[b][e] += answers.isRight(i) ? 1 : 0
        sums[b][e] += answers.confidence[i]
      }
    }
  }

  /// The bin of a confidence in 0...1.
  static func bin(of confidence: Double) -> Int {
    max(0, min(bins, Int((confidence * Double(bins)).rounded(.up))) - 1)
  }

  /// One value per task whose mean is the expected calibration error, a share.
  public var errors: [Double] {
    let tasks = counts[0].indices
    var gaps = tasks.map { _ in 0.0 }
    for b in counts.indices {
      let gap = rights[b].reduce(0, +) - sums[b].reduce(0, +)
      for e in tasks { gaps[e] += (gap < 0 ? -1 : 1) * (rights[b][e] - sums[b][e]) }
    }
    return Ratio.values(gaps, over: tasks.map { e in counts.reduce(0) { $0 + $1[e] } })
  }

  /// The bins of all trainings of an arm on the same tasks, taken together.
  static func bins(of trainings: [Reliability]) -> [Calibration.Bin] {
    (0..<bins).map { b in
      let ends = (Double(b) / Double(bins), Double(b + 1) / Double(bins))
      func sum(_ part: KeyPath<Reliability, [[Double]]>) -> [Double] {
        columnMeans(trainings.map { $0[keyPath: part][b] }).map { $0 * Double(trainings.count) }
      }
      let (count, right, sure) = (sum(\.counts), sum(\.rights), sum(\.sums))
      let total = count.reduce(0, +)
      guard total > 0 else { return Calibration.Bin(low: ends.0, high: ends.1, count: 0) }
      return Calibration.Bin(
        low: ends.0, high: ends.1, count: Int(total.rounded()), confidence: sure.reduce(0, +) / total,
        accuracy: Estimate(Ratio.values(right, over: count)))
    }
  }
}
