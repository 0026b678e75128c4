internal import Kernels
public import Tensors

/// Steps of supervised training: SGD with momentum, Adam, or AdamW, with weight decay for some of the tensors.
///
/// The moments are values, so they can be saved and put back exactly.
///
/// - Source: as in PyTorch: `torch.optim.SGD`, `Adam` and `AdamW`.
public struct WeightOptimizer: Sendable {
  /// What makes a step.
  public enum Rule: Hashable, Sendable {
    /// v ← momentum·v + g, then θ ← θ − rate·(v, or with Nesterov g + momentum·v).
    case sgd(momentum: Double, nesterov: Bool)
    /// Adam, with the decay λθ in the gradient, or with it apart, θ ← θ·(1 − rate·λ), as in AdamW.
    case adam(decoupled: Bool)
  }

  /// What makes a step.
  public let rule: Rule
  /// λ for each tensor.
  public let decay: [Double]
  /// The moments; descent has first ones only, the steps v.
  public var moments = Adam()

  /// An optimiser before its first step.
  ///
  /// - Parameters:
  ///   - rule: What makes a step.
  ///   - decay: λ for each tensor.
  public init(_ rule: Rule, decay: [Double]) {
    self.rule = rule
    self.decay = decay
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - tensors: What to move.
  ///   - gradients: One of the same shape for each, without decay.
  ///   - rate: The step size.
  /// - Returns: The moved tensors.
  /// - Precondition: there is a gradient and a λ for each tensor, as in earlier steps.
  public mutating func step(_ tensors: [Tensor], gradients: [Tensor], rate: Double) -> [Tensor] {
    precondition(
      tensors.map(\.shape) == gradients.map(\.shape) && tensors.count == decay.count
        && (moments.first.isEmpty || moments.first.map(\.count) == tensors.map(\.count)),
      "tensors, gradients and moments disagree in shape")
    switch rule {
    case .sgd(let momentum, let nesterov):
      if moments.first.isEmpty { moments.first = tensors.map { Array(repeating: 0, count: $0.count) } }
      moments.updates += 1
      return tensors.indices.map {
        descended(tensors[$0], gradients[$0], $0, Scalar(rate), Scalar(momentum), nesterov)
      }
    case .adam(decoupled: true):
      let kept = zip(tensors, decay).map { Scalar(1 - rate * $1) * $0 }
      return moments.update(kept, gradients: gradients, rates: tensors.map { _ in rate })
    case .adam(decoupled: false):
      let slopes = tensors.indices.map { gradients[$0] + Scalar(decay[$0]) * tensors[$0] }
      return moments.update(tensors, gradients: slopes, rates: tensors.map { _ in rate })
    }
  }

  private mutating func descended(
    _ tensor: Tensor, _ gradient: Tensor, _ i: Int, _ rate: Scalar, _ momentum: Scalar, _ nesterov: Bool
  ) -> Tensor {
    var (values, slopes) = (tensor.scalars, gradient.scalars)
    let lambda = Scalar(decay[i])
    for j in values.indices {
      slopes[j] += lambda * values[j]
      moments.first[i][j] = momentum * moments.first[i][j] + slopes[j]
      values[j] -= rate * (nesterov ? slopes[j] + momentum * moments.first[i][j] : moments.first[i][j])
    }
    return Tensor(values, shape: tensor.shape)
  }
}
