internal import Foundation
internal import Kernels
public import Tensors

/// What a learner answers to every query image of one task, and how sure it is.
///
/// The probabilities are those of the softmax of the scores, p_k = exp(s_k)/Σ_j exp(s_j). All numbers are rounded to six
/// decimals, so that whoever reads them from a file has the very numbers that every measure is made of.
public struct QueryAnswers: Codable, Hashable, Sendable {
  /// The class of each image, a position in the task.
  public let truth: [Int]
  /// The class with the largest score; of equal ones the first.
  public let told: [Int]
  /// The probability of the class that was told, the confidence, 0...1.
  public let confidence: [Double]
  /// −ln of the probability of the true class, in nats.
  public let loss: [Double]
  /// Σ_k (p_k − y_k)² over all classes of the task, y being 1 for the true class and 0 for the others: 0...2.
  ///
  /// - Source: Brier 1950, "Verification of forecasts expressed in terms of probability".
  public let brier: [Double]

  /// The answers that scores stand for.
  ///
  /// - Parameters:
  ///   - scores: `[N, ways]`, one row per image.
  ///   - labels: The N true classes.
  /// - Precondition: there is one label in range for every row.
  public init(scores: Tensor, labels: [Int]) {
    let (n, ways) = (scores.shape[0], scores.shape[1])
    precondition(
      labels.count == n && labels.allSatisfy { 0 <= $0 && $0 < ways },
      "\(labels.count) labels for scores of shape \(scores.shape)")
    let all = scores.scalars
    var (told, confidence, loss, brier): ([Int], [Double], [Double], [Double]) = ([], [], [], [])
    for (i, label) in labels.enumerated() {
      let row = all[i * ways..<(i + 1) * ways].map { Double($0) }
      var best = 0
      for k in row.indices where row[k] > row[best] { best = k }
      let powers = row.map { exp($0 - row[best]) }
      let sum = powers.reduce(0, +)
      let squares = powers.indices.reduce(0.0) {
        let off = powers[$1] / sum - ($1 == label ? 1 : 0)
        return $0 + off * off
      }
      told.append(best)
      confidence.append(Self.rounded(1 / sum))
      loss.append(Self.rounded(log(sum) - (row[label] - row[best])))
      brier.append(Self.rounded(squares))
    }
    self.init(truth: labels, told: told, confidence: confidence, loss: loss, brier: brier)
  }

  /// Answers that are already known.
  ///
  /// - Precondition: all lists are equally long.
  package init(truth: [Int], told: [Int], confidence: [Double], loss: [Double], brier: [Double]) {
    precondition(
      [told.count, confidence.count, loss.count, brier.count].allSatisfy { $0 == truth.count },
      "answers to \(truth.count) images")
    self.truth = truth
    self.told = told
    self.confidence = confidence
    self.loss = loss
    self.brier = brier
  }

  /// How many images were asked about.
  public var count: Int { truth.count }

  /// Whether the answer to an image is right.
  public func isRight(_ image: Int) -> Bool { told[image] == truth[image] }

  /// Six decimals: the number that is nearest to them, which a decimal text of it gives back.
  private static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
