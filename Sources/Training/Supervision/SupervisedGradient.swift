internal import Kernels
internal import MetaLearning
package import Networks
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
