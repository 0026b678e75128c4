internal import Foundation
internal import Kernels
internal import MetaLearning
internal import Networks
package import Settings
package import Tensors

/// How training classes are told apart in supervised training: it is trained with the network and not a part of it.
///
/// Its tensors are `[K, D]` and `[K]` (linear), or `[K, D]` and the logarithm of τ, `[1]` (cosine).
package struct Classifier: Sendable {
  let kind: Supervision.Classifier
  /// Weight, then bias or log τ.
  package var tensors: [Tensor]

  /// What its tensors are called in a saved state.
  var names: [String] { ["weight", kind == .linear ? "bias" : "log-temperature"] }

  /// A classifier before training.
  ///
  /// - Parameters:
  ///   - kind: Which.
  ///   - classes: K.
  ///   - features: D.
  ///   - seed: Where its weight comes from; normal, of standard deviation 1/√D.
  package init(_ kind: Supervision.Classifier, classes: Int, features: Int, seed: UInt64) {
    self.kind = kind
    var layout = ParameterLayout()
    _ = layout.declare(
      "classifier.weight", [classes, features], .head,
      .normal(deviation: Network.headDeviation(inputs: features)))
    _ =
      kind == .linear
      ? layout.declare("classifier.bias", [classes], .head, .constant(0))
      : layout.declare("classifier.log-temperature", [1], .head, .constant(Scalar(log(10.0))))
    tensors = layout.initialized(seed: seed).values
  }

  /// A classifier with given tensors.
  init(_ kind: Supervision.Classifier, tensors: [Tensor]) {
    self.kind = kind
    self.tensors = tensors
  }

  /// Class scores `[N, K]` of features `[N, D]`.
  package func scores(of features: Tensor) -> Tensor {
    switch kind {
    case .linear:
      let ones = Tensor(repeating: 1, shape: [features.shape[0], 1])
      return matmul(features, tensors[0], transposeB: true)
        + matmul(ones, tensors[1].reshaped([1, tensors[1].count]))
    case .cosine:
      return matmul(features.unitRows, tensors[0].unitRows, transposeB: true)
        .scaled(by: tensors[1].exponential)
    }
  }

  /// The mean cross-entropy of scores against labels of which a share ε is spread over all classes.
  ///
  /// loss = (1 − ε)·crossEntropy(scores, labels) + ε·(1/K) Σ_k crossEntropy(scores, k)
  ///
  /// - Source: Szegedy et al. 2016.
  package static func loss(_ scores: Tensor, _ labels: [Int], smoothing: Double) -> Tensor {
    let own = crossEntropy(scores, labels)
    guard smoothing > 0 else { return own }
    let (n, k) = (scores.shape[0], scores.shape[1])
    // Σ_k crossEntropy(scores, k) / K = log of the normaliser − mean score.
    let shifted = scores - scores.detached.rowMaxima.expandedRows(to: k)
    let normalisers = shifted.exponential.rowSums.logarithm
    let even = ((1 / Scalar(n)) * (normalisers - (1 / Scalar(k)) * shifted.rowSums).sum)
    return Scalar(1 - smoothing) * own + Scalar(smoothing) * even
  }
}
