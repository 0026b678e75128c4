public import Kernels

extension Tensor {
  /// The sum of two tensors of one shape.
  public static func + (x: Tensor, y: Tensor) -> Tensor {
    let sum = x.zipped(with: y, "+", Loops.add)
    return record(.add, [x, y], sum) { _, g in [g, g] }
  }

  /// The difference of two tensors of one shape.
  public static func - (x: Tensor, y: Tensor) -> Tensor {
    let difference = x.zipped(with: y, "-", Loops.subtract)
    return record(.subtract, [x, y], difference) { context, g in [g, context.needs[1] ? -g : nil] }
  }

  /// The elementwise product of two tensors of one shape.
  public static func * (x: Tensor, y: Tensor) -> Tensor {
    let product = x.zipped(with: y, "*", Loops.multiply)
    return record(.multiply, [x, y], product) { context, g in
      [context.needs[0] ? g * context.inputs[1] : nil, context.needs[1] ? g * context.inputs[0] : nil]
    }
  }

  /// `scale·x + offset` for every number x, of the same shape; neither constant has a derivative.
  public func affine(scale: Scalar, offset: Scalar = 0) -> Tensor {
    let result = Tensor(shape) { Loops.affine(scale, offset, pointer, into: $0, count: count) }
    return record(.affine, [self], result) { _, g in [g.affine(scale: scale)] }
  }

  /// −x for every number x, of the same shape.
  public static prefix func - (x: Tensor) -> Tensor { x.affine(scale: -1) }

  /// The tensor times a constant.
  public static func * (scale: Scalar, x: Tensor) -> Tensor { x.affine(scale: scale) }

  /// The tensor plus a constant.
  public static func + (x: Tensor, offset: Scalar) -> Tensor { x.affine(scale: 1, offset: offset) }

  /// The tensor times a tensor of one number, for example a learned rate.
  ///
  /// - Precondition: `scale` holds one number.
  public func scaled(by scale: Tensor) -> Tensor {
    precondition(scale.count == 1, "scaled by a tensor of shape \(scale.shape)")
    let result = Tensor(shape) { Loops.affine(scale.item, 0, pointer, into: $0, count: count) }
    return record(.scale, [self, scale], result) { context, g in
      let (x, scale) = (context.inputs[0], context.inputs[1])
      return [
        context.needs[0] ? g.scaled(by: scale) : nil, context.needs[1] ? g.dot(x).reshaped(scale.shape) : nil,
      ]
    }
  }

  private func zipped(
    with other: Tensor, _ name: StaticString, _ loop: (Source, Source, Target, Int) -> Void
  ) -> Tensor {
    precondition(shape == other.shape, "\(shape) \(name) \(other.shape)")
    return Tensor(shape) { loop(pointer, other.pointer, $0, count) }
  }
}
