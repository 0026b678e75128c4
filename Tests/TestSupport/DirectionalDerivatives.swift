public import Randomness
public import Tensors

/// Checks first and second derivatives of a function that is too deep for ``GradientChecker``, along one direction.
///
/// A network of many normalised layers bends within a short step and has kinks everywhere, so a difference of one
/// fixed step tells little. These checks choose their directions and steps by the function.
public struct DirectionalDerivatives {
  /// From all inputs to one number, of shape `[]`.
  public let function: ([Tensor]) -> Tensor
  /// Where to check.
  public let inputs: [Tensor]

  /// A check of a function at a point.
  public init(of function: @escaping ([Tensor]) -> Tensor, at inputs: [Tensor]) {
    self.function = function
    self.inputs = inputs
  }

  /// |uᵀHv − vᵀHu| for random u and v, over ‖Hu‖·‖v‖; infinite where all second derivatives are zero.
  ///
  /// It needs no differences, so it is sharp in every precision.
  ///
  /// - Parameter stream: Where u and v come from.
  /// - Returns: The relative asymmetry of the second derivatives.
  public func asymmetry(_ stream: inout RandomStream) -> Scalar {
    let u = inputs.map { Tensor.normal($0.shape, &stream) }
    let v = inputs.map { Tensor.normal($0.shape, &stream) }
    let leaves = inputs.map(\.leaf)
    let slopes = gradients(of: function(leaves), wrt: leaves, differentiable: true)
    let alongU = gradients(of: dot(slopes, u), wrt: leaves)
    let alongV = gradients(of: dot(slopes, v), wrt: leaves)
    let size = (dot(alongU, alongU).item * dot(v, v).item).squareRoot()
    return size > 0 ? abs(dot(alongU, v).item - dot(alongV, u).item) / size : .infinity
  }

  /// The relative errors of the first and of the second derivative against central differences, along the gradient.
  ///
  /// The second is that of the whole vector H·v. A step may cross a kink or be lost in rounding; the best of a few did
  /// neither. In 32 bits none does.
  ///
  /// - Returns: The smallest error of each over the steps.
  public func differenceErrors() -> (first: Scalar, second: Scalar) {
    let leaves = inputs.map(\.leaf)
    let slopes = gradients(of: function(leaves), wrt: leaves, differentiable: true)
    // Along the gradient, so that the derivative does not cancel.
    let length = dot(slopes, slopes).item.squareRoot()
    let direction = slopes.map { (1 / length) * $0.detached }
    let second = gradients(of: dot(slopes, direction), wrt: leaves)

    func moved(_ t: Scalar) -> [Tensor] { zip(inputs, direction).map { $0 + t * $1 } }
    func slopeAlong(_ t: Scalar) -> [Tensor] {
      let points = moved(t).map(\.leaf)
      return gradients(of: function(points), wrt: points)
    }
    var best: (first: Scalar, second: Scalar) = (.infinity, .infinity)
    // In units of what changes the function by one.
    for size in [1e-3, 1e-4, 1e-5, 1e-6] as [Scalar] {
      let step = size / length
      let difference = (function(moved(step)).item - function(moved(-step)).item) / (2 * step)
      best.first = min(best.first, abs(difference - length) / length)
      let (above, below) = (slopeAlong(step), slopeAlong(-step))
      let bent = zip(above, below).map { (1 / (2 * step)) * ($0 - $1) }
      best.second = min(best.second, relativeError(bent.flatMap(\.scalars), second.flatMap(\.scalars)))
    }
    return best
  }

  private func dot(_ a: [Tensor], _ b: [Tensor]) -> Tensor {
    zip(a, b).reduce(Tensor(0)) { $0 + $1.0.dot($1.1) }
  }
}
