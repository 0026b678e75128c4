public import Randomness
public import Tensors

/// Checks derivative rules against central differences, recursively up to a given order.
///
/// For a function f of several tensors it compares ⟨w, J v⟩ by differences with ⟨Jᵀw, v⟩ by the rules, for random
/// w and v. Then it does the same for the pullback itself, as a function of (x, w): that is the second order.
public struct GradientChecker {
  /// Half the distance between the two points of a difference.
  public var step: Scalar
  /// The largest accepted error, relative to the size of what is compared.
  public var tolerance: Scalar

  /// The step and the tolerance that suit the scalar type.
  ///
  /// Central differences err by step²·f‴ and by rounding/step. With 64 bits a step of 1e-4 leaves about 1e-8 of
  /// both; with 32 bits a step of 1e-2 leaves 1e-4 and 1e-5, times the size of f and of its third derivative.
  public init() {
    let double = MemoryLayout<Scalar>.size == 8
    step = double ? 1e-4 : 1e-2
    tolerance = double ? 2e-6 : 2e-2
  }

  /// The largest relative disagreement over all orders up to `order`.
  ///
  /// - Parameters:
  ///   - function: From inputs to one output, away from kinks at and around `inputs`.
  ///   - inputs: Where to check.
  ///   - order: 1 checks the rules, 2 also the rules of the rules.
  ///   - stream: Where random directions come from.
  /// - Returns: The largest relative disagreement found.
  public func error(
    of function: @escaping ([Tensor]) -> Tensor, at inputs: [Tensor], order: Int, _ stream: inout RandomStream
  ) -> Scalar {
    let weights = random(function(inputs).shape, &stream)
    let directions = inputs.map { random($0.shape, &stream) }
    func probe(_ t: Scalar) -> Scalar {
      function(zip(inputs, directions).map { $0 + t * $1 }).dot(weights).item
    }
    let measured = (probe(step) - probe(-step)) / (2 * step)
    let leaves = inputs.map(\.leaf)
    let pulled = gradients(of: [function(leaves)], wrt: leaves, seeds: [weights])
    let derived = zip(pulled, directions).reduce(Scalar(0)) { $0 + $1.0.dot($1.1).item }
    // Relative to the size of the terms of the inner product, so that chance cancellation is no error.
    let terms = zip(pulled, directions).map { ($0 * $1).scalars.reduce(Scalar(0)) { $0 + $1 * $1 } }
    let size = terms.reduce(0, +).squareRoot()
    let worst = abs(measured - derived) / max(size, abs(derived), 1e-3)
    guard order > 1 else { return worst }

    let count = inputs.count
    let pullback = { (all: [Tensor]) -> Tensor in
      let points = all.prefix(count).map { $0.affine(scale: 1).tracked }
      let pulled = gradients(
        of: [function(points)], wrt: points, seeds: [all[count]], differentiable: true)
      // All gradients as one row, so that the pullback has a single output again.
      let total = pulled.reduce(0) { $0 + $1.count }
      var offset = 0
      var row = Tensor(repeating: 0, shape: [1, total])
      for part in pulled {
        row = row + part.reshaped([1, part.count]).padded(to: [1, total], row: 0, column: offset)
        offset += part.count
      }
      return row
    }
    return max(worst, error(of: pullback, at: inputs + [weights], order: order - 1, &stream))
  }

  private func random(_ shape: Shape, _ stream: inout RandomStream) -> Tensor {
    Tensor.normal(shape, &stream)
  }
}

extension Tensor {
  /// Standard normal numbers.
  public static func normal(_ shape: Shape, _ stream: inout RandomStream) -> Tensor {
    Tensor((0..<shape.count).map { _ in Scalar(stream.normal()) }, shape: shape)
  }

  /// Numbers evenly spread over an interval.
  public static func uniform(
    _ low: Double, _ high: Double, _ shape: Shape, _ stream: inout RandomStream
  ) -> Tensor {
    Tensor((0..<shape.count).map { _ in Scalar(stream.uniform(low, high)) }, shape: shape)
  }
}
