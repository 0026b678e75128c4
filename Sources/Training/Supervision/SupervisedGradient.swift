internal import Kernels
internal import MetaLearning
package import Networks
package import ProcessGroups
internal import Settings
package import Tensors

/// What one batch of labelled images says about a network and its classifier.
package struct SupervisedGradient: Sendable {
  /// Mean cross-entropy, with label smoothing and without what the family adds.
  package let loss: Double
  /// Share of the batch told right.
  package let accuracy: Double
  /// What the family adds to the loss; 0 for nothing.
  package let regularizer: Double
  /// One gradient per tensor of the network, then of the classifier.
  package let tensors: [Tensor]
  /// The statistics of the batch, one entry per normalisation.
  package let statistics: [ChannelStatistics]

  /// Differentiates.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - parameters: Where it stands.
  ///   - classifier: How classes are told apart.
  ///   - images: `[N, H, W, C]`.
  ///   - labels: N classes.
  ///   - smoothing: What of a label is spread over all classes.
  package init(
    _ network: Network, at parameters: Parameters, _ classifier: Classifier, images: Tensor, labels: [Int],
    smoothing: Double
  ) {
    let leaves = parameters.leaves
    var leafClassifier = classifier
    leafClassifier.tensors = classifier.tensors.map(\.leaf)
    let pass = network.trainingFeatures(images, leaves)
    let scores = leafClassifier.scores(of: pass.features)
    let own = crossEntropy(scores, labels, smoothing: smoothing)
    let added = network.regularizer(leaves)
    loss = Double(own.item)
    accuracy = Networks.accuracy(scores.detached, labels)
    regularizer = added.map { Double($0.item) } ?? 0
    tensors = gradients(of: added.map { own + $0 } ?? own, wrt: leaves.values + leafClassifier.tensors)
    statistics = pass.statistics
  }
}

extension SupervisedGradient {
  private init(
    loss: Double, accuracy: Double, regularizer: Double, tensors: [Tensor], statistics: [ChannelStatistics]
  ) {
    (self.loss, self.accuracy, self.regularizer) = (loss, accuracy, regularizer)
    (self.tensors, self.statistics) = (tensors, statistics)
  }

  /// What the parts of a batch say together, added up in their order; that of one part as it is.
  ///
  /// Statistics are means over the parts: of the variance, what the parts have within themselves.
  static func mean(_ parts: [SupervisedGradient], weights: [Double]) -> SupervisedGradient {
    guard parts.count > 1 else { return parts[0] }
    func sum(_ value: (SupervisedGradient) -> Double) -> Double {
      zip(parts, weights).reduce(0) { $0 + value($1.0) * $1.1 }
    }
    var tensors = parts[0].tensors.map { Scalar(weights[0]) * $0 }
    for (part, weight) in zip(parts, weights).dropFirst() {
      tensors = zip(tensors, part.tensors).map { $0 + Scalar(weight) * $1 }
    }
    return SupervisedGradient(
      loss: sum(\.loss), accuracy: sum(\.accuracy), regularizer: sum(\.regularizer), tensors: tensors,
      statistics: ChannelStatistics.average(parts.map(\.statistics)))
  }
}

extension SupervisedRecipe {
  /// The images of each part of a batch, as even as they can be.
  var parts: [Range<Int>] {
    (0..<batchParts).map { $0 * batchSize / batchParts..<($0 + 1) * batchSize / batchParts }
  }
}

extension SupervisedGradient: Transferable {
  /// Puts all of it.
  package func put(into writer: inout ByteWriter) {
    for number in [loss, accuracy, regularizer] { writer.put(number) }
    tensors.put(into: &writer)
    statistics.put(into: &writer)
  }

  /// The same numbers.
  package init(from reader: inout ByteReader) throws(GroupError) {
    (loss, accuracy, regularizer) = (try reader.double(), try reader.double(), try reader.double())
    tensors = try [Tensor](from: &reader)
    statistics = try [ChannelStatistics](from: &reader)
  }
}
