internal import Networks
public import Tensors

/// How a learner did on the query images of one task.
public struct TaskScore: Codable, Hashable, Sendable {
  /// Mean cross-entropy in nats.
  public let loss: Double
  /// Share of the images whose class was told right.
  ///
  /// 0 where the loss is no finite number: a network that blew up has told nothing, though some of its scores may be
  /// numbers and the largest of them right by chance (ours).
  public let accuracy: Double

  /// A score.
  ///
  /// - Parameters:
  ///   - loss: Mean cross-entropy in nats.
  ///   - accuracy: Share told right, by the largest score.
  public init(loss: Double, accuracy: Double) {
    self.loss = loss
    self.accuracy = loss.isFinite ? accuracy : 0
  }

  /// The score of class scores `[N, ways]`, given the N true classes.
  public init(scores: Tensor, labels: [Int]) {
    self.init(
      loss: Double(crossEntropy(scores, labels).item), accuracy: Networks.accuracy(scores, labels))
  }

  /// A score that was written.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      loss: try container.decode(Double.self, forKey: .loss),
      accuracy: try container.decode(Double.self, forKey: .accuracy))
  }

  /// Whether its numbers are numbers.
  public var isFinite: Bool { loss.isFinite }
}
