internal import Foundation
internal import Kernels
public import Tensors

/// Adam over a list of tensors, with clipping by the global norm.
///
/// The state is a value, so it can be saved and put back exactly.
///
/// - Source: Kingma and Ba 2015.
public struct Adam: Sendable {
  /// First moments, one array per tensor.
  public var first: [[Scalar]] = []
  /// Second moments, one array per tensor.
  public var second: [[Scalar]] = []
  /// Updates made so far.
  public var updates = 0

  private let beta1 = 0.9
  private let beta2 = 0.999
  private let epsilon = 1e-8

  /// A state before the first update, without moments.
  public init() {}

  /// Moves every tensor against its gradient.
  ///
  /// - Parameters:
  ///   - tensors: What to move.
  ///   - gradients: One of the same shape for each.
  ///   - rates: The step size for each.
  /// - Returns: The moved tensors.
  /// - Precondition: the shapes match each other and those of earlier calls.
  public mutating func update(_ tensors: [Tensor], gradients: [Tensor], rates: [Double]) -> [Tensor] {
    if first.isEmpty {
      first = tensors.map { Array(repeating: 0, count: $0.count) }
      second = first
    }
    precondition(
      tensors.map(\.shape) == gradients.map(\.shape) && first.map(\.count) == tensors.map(\.count),
      "Adam: tensors, gradients and moments disagree in shape")
    updates += 1
    let correction1 = 1 - pow(beta1, Double(updates))
    let correction2 = 1 - pow(beta2, Double(updates))
    return tensors.indices.map { i in
      let size = Scalar(rates[i] / correction1)
      let scale = Scalar(1 / correction2)
      let (b1, b2, small) = (Scalar(beta1), Scalar(beta2), Scalar(epsilon))
      var values = tensors[i].scalars
      let gradient = gradients[i].scalars
      for j in values.indices {
        first[i][j] = b1 * first[i][j] + (1 - b1) * gradient[j]
        second[i][j] = b2 * second[i][j] + (1 - b2) * gradient[j] * gradient[j]
        values[j] -= size * first[i][j] / ((scale * second[i][j]).squareRoot() + small)
      }
      return Tensor(values, shape: tensors[i].shape)
    }
  }
}

/// The Euclidean norm over all numbers of some tensors.
public func globalNorm(_ tensors: [Tensor]) -> Double {
  tensors.reduce(0) { $1.scalars.reduce($0) { $0 + Double($1) * Double($1) } }.squareRoot()
}
