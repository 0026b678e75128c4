/// The block of ``normalise(_:scale:shift:around:_:)`` with given statistics in place of the batch's own.
///
/// v = scale·(y − mean)/√(variance + ε) + shift + around, out = pool(v > 0 ? v : slope·v). It is composed of primitives, so
/// it can be differentiated towards everything, the statistics included, as often as one likes; it costs several
/// passes where the fused block makes one.
///
/// - Parameters:
///   - y: `[N, H, W, C]`.
///   - mean: `[C]`.
///   - variance: `[C]`.
///   - scale: `[C]`.
///   - shift: `[C]`.
///   - around: What is added before the activation, of the shape of y; nil for nothing.
///   - options: Window, ε and slope.
/// - Returns: `[N, H / pool, W / pool, C]`.
/// - Precondition: the shapes agree and an image holds at least one window.
public func normalise(
  _ y: Tensor, mean: Tensor, variance: Tensor, scale: Tensor, shift: Tensor, around: Tensor? = nil,
  _ options: NormaliseOptions
) -> Tensor {
  precondition(
    y.shape.rank == 4 && [mean, variance, scale, shift].allSatisfy { $0.shape == [y.shape[3]] },
    "normalise: \(y.shape) with mean \(mean.shape), variance \(variance.shape), scale \(scale.shape)")
  let gain = scale * (variance + options.epsilon).power(-0.5)
  let offset = shift - gain * mean
  // A product with a column of ones repeats a row.
  let ones = Tensor(repeating: 1, shape: [y.count / y.shape[3], 1])
  func repeated(_ row: Tensor) -> Tensor { matmul(ones, row.reshaped([1, row.count])).reshaped(y.shape) }
  let normal = y * repeated(gain) + repeated(offset)
  let v = around.map { normal + $0 } ?? normal
  // A rising activation and a maximum may change places, and pooling first leaves less to activate.
  let pooled = options.pool == 1 ? v : v.maxPooled(window: options.pool, stride: options.pool)
  return options.slope == 1 ? pooled : pooled.leakyRectified(slope: options.slope)
}
