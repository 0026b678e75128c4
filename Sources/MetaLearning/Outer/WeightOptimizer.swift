internal import Foundation
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
  /// First moments, one array per tensor; empty before the first step.
  public var first: [[Scalar]] = []
  /// Second moments of Adam; empty for SGD.
  public var second: [[Scalar]] = []
  /// Steps made.
  public var steps = 0

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
        && (first.isEmpty || first.map(\.count) == tensors.map(\.count)),
      "tensors, gradients and moments disagree in shape")
    let isFirst = first.isEmpty
    if isFirst { first = tensors.map { Array(repeating: 0, count: $0.count) } }
    steps += 1
    switch rule {
    case .sgd(let momentum, let nesterov):
      return tensors.indices.map {
        descended(tensors[$0], gradients[$0], $0, Scalar(rate), Scalar(momentum), nesterov)
      }
    case .adam(let decoupled):
      if isFirst { second = first }
      return tensors.indices.map { adapted(tensors[$0], gradients[$0], $0, rate, decoupled) }
    }
  }

  private mutating func descended(
    _ tensor: Tensor, _ gradient: Tensor, _ i: Int, _ rate: Scalar, _ momentum: Scalar, _ nesterov: Bool
  ) -> Tensor {
    var (values, slopes) = (tensor.scalars, gradient.scalars)
    let lambda = Scalar(decay[i])
    for j in values.indices {
      slopes[j] += lambda * values[j]
      first[i][j] = momentum * first[i][j] + slopes[j]
      values[j] -= rate * (nesterov ? slopes[j] + momentum * first[i][j] : first[i][j])
    }
    return Tensor(values, shape: tensor.shape)
  }

  private mutating func adapted(
    _ tensor: Tensor, _ gradient: Tensor, _ i: Int, _ rate: Double, _ decoupled: Bool
  ) -> Tensor {
    let (b1, b2): (Scalar, Scalar) = (0.9, 0.999)
    let size = Scalar(rate / (1 - pow(0.9, Double(steps))))
    let scale = Scalar(1 / (1 - pow(0.999, Double(steps))))
    var (values, slopes) = (tensor.scalars, gradient.scalars)
    let lambda = Scalar(decay[i])
    let kept = decoupled ? 1 - Scalar(rate) * lambda : 1
    for j in values.indices {
      if !decoupled { slopes[j] += lambda * values[j] }
      first[i][j] = b1 * first[i][j] + (1 - b1) * slopes[j]
      second[i][j] = b2 * second[i][j] + (1 - b2) * slopes[j] * slopes[j]
      values[j] = kept * values[j] - size * first[i][j] / ((scale * second[i][j]).squareRoot() + 1e-8)
    }
    return Tensor(values, shape: tensor.shape)
  }
}
