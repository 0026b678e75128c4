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
      return linear(features, weight: tensors[0], bias: tensors[1])
    case .cosine:
      return matmul(features.unitRows, tensors[0].unitRows, transposeB: true)
        .scaled(by: tensors[1].exponential)
    }
  }
}
