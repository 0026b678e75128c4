public import Kernels

// T(x, w, y) = ⟨conv(x, w), y⟩ is linear in each of its three arguments. Its partial derivatives are the three
// operations below, and the derivative of each of them is made of the other two.

/// A two-dimensional convolution (cross-correlation, as usual in networks).
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - w: `[O, C, k, k]`.
///   - geometry: The shape of the convolution.
/// - Returns: `[N, Ho, Wo, O]`.
/// - Precondition: the shapes agree with each other and with the geometry.
public func conv2d(_ x: Tensor, _ w: Tensor, _ geometry: ConvGeometry) -> Tensor {
  let (c, o) = channels(input: x, kernel: w, geometry)
  let result = Tensor([geometry.batch, geometry.outHeight, geometry.outWidth, o]) {
    Convolve.forward(x.pointer, w.pointer, geometry, from: c, to: o, into: $0)
  }
  return record(.conv2d, [x, w], result) { context, y in
    [
      context.needs[0] ? conv2dInput(y, context.inputs[1], geometry) : nil,
      context.needs[1] ? conv2dKernel(context.inputs[0], y, geometry) : nil,
    ]
  }
}

/// The derivative of T towards its input, also known as the transposed convolution.
///
/// - Parameters:
///   - y: `[N, Ho, Wo, O]`.
///   - w: `[O, C, k, k]`.
///   - geometry: The shape of the convolution.
/// - Returns: `[N, H, W, C]`.
/// - Precondition: the shapes agree with each other and with the geometry.
public func conv2dInput(_ y: Tensor, _ w: Tensor, _ geometry: ConvGeometry) -> Tensor {
  let (c, o) = channels(output: y, kernel: w, geometry)
  let result = Tensor([geometry.batch, geometry.height, geometry.width, c]) {
    Convolve.input(y.pointer, w.pointer, geometry, from: c, to: o, into: $0)
  }
  return record(.conv2dInput, [y, w], result) { context, x in
    [
      context.needs[0] ? conv2d(x, context.inputs[1], geometry) : nil,
      context.needs[1] ? conv2dKernel(x, context.inputs[0], geometry) : nil,
    ]
  }
}

/// The derivative of T towards its kernel.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - y: `[N, Ho, Wo, O]`.
///   - geometry: The shape of the convolution.
/// - Returns: `[O, C, k, k]`.
/// - Precondition: the shapes agree with the geometry.
public func conv2dKernel(_ x: Tensor, _ y: Tensor, _ geometry: ConvGeometry) -> Tensor {
  requireInput(x, geometry)
  requireOutput(y, geometry)
  let (c, o) = (x.shape[3], y.shape[3])
  let result = Tensor([o, c, geometry.kernel, geometry.kernel]) {
    Convolve.kernel(x.pointer, y.pointer, geometry, from: c, to: o, into: $0)
  }
  return record(.conv2dKernel, [x, y], result) { context, w in
    [
      context.needs[0] ? conv2dInput(context.inputs[1], w, geometry) : nil,
      context.needs[1] ? conv2d(context.inputs[0], w, geometry) : nil,
    ]
  }
}

func requireInput(_ x: Tensor, _ g: ConvGeometry) {
  precondition(
    x.shape.rank == 4 && x.shape.extents.dropLast() == [g.batch, g.height, g.width],
    "convolution: an input of shape \(x.shape) for \(g)")
}

func requireOutput(_ y: Tensor, _ g: ConvGeometry) {
  precondition(
    y.shape.rank == 4 && y.shape.extents.dropLast() == [g.batch, g.outHeight, g.outWidth],
    "convolution: an output of shape \(y.shape) for \(g)")
}

private func requireKernel(_ w: Tensor, _ g: ConvGeometry) {
  precondition(
    w.shape.rank == 4 && w.shape[2] == g.kernel && w.shape[3] == g.kernel,
    "convolution: a kernel of shape \(w.shape) for \(g)")
}

private func channels(input x: Tensor, kernel w: Tensor, _ g: ConvGeometry) -> (Int, Int) {
  requireInput(x, g)
  requireKernel(w, g)
  precondition(x.shape[3] == w.shape[1], "conv2d: \(x.shape) with a kernel of shape \(w.shape)")
  return (w.shape[1], w.shape[0])
}

private func channels(output y: Tensor, kernel w: Tensor, _ g: ConvGeometry) -> (Int, Int) {
  requireOutput(y, g)
  requireKernel(w, g)
  precondition(y.shape[3] == w.shape[0], "conv2dInput: \(y.shape) with a kernel of shape \(w.shape)")
  return (w.shape[1], w.shape[0])
}
