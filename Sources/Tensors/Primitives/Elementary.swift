public import Kernels

extension Tensor {
  /// The exponential of each number.
  public var exponential: Tensor {
    let result = Tensor(shape) { Loops.exp(pointer, into: $0, count: count) }
    return record(.exponential, [self], result) { context, g in [g * context.inputs[0].exponential] }
  }

  /// The natural logarithm of each number.
  public var logarithm: Tensor {
    let result = Tensor(shape) { Loops.log(pointer, into: $0, count: count) }
    return record(.logarithm, [self], result) { context, g in [g * context.inputs[0].power(-1)] }
  }

  /// Each number to a constant power.
  public func power(_ exponent: Scalar) -> Tensor {
    let result = Tensor(shape) { Loops.power(pointer, exponent, into: $0, count: count) }
    return record(.power, [self], result) { context, g in
      [g * (exponent * context.inputs[0].power(exponent - 1))]
    }
  }
}
