internal import Kernels
internal import Networks
internal import Tensors

/// One convolution of a group that shares filters.
///
/// With an inner norm it is not linear: the statistics that divide the responses are those of the batch. What can be
/// said of its kernel then:
/// - ``affineForm(on:_:)`` is exact: on the batch x it is C·diag(γ/σ(x))·[U; B] and the bias C·(β − γ·μ(x)/σ(x)).
/// - ``kernel(_:)`` needs no batch and is exact on none: it takes μ = 0 and σ_r² = ‖filter r‖² + ε, which is what white
///   noise of unit variance gives. For orthonormal filters and fresh scales it is C·[U; B].
///
/// Without the norm both are C·[U; B], and so is the convolution.
struct SharedBasisConvolution: Convolution {
  struct InnerNorm: Sendable {
    let scale: ParameterRef
    let shift: ParameterRef
    // Slope 1 is no activation: coefficients mix signed responses.
    let options = NormaliseOptions(pool: 1, slope: 1)
  }

  let site: ConvSite
  /// `[S, C, k, k]`, or two such one after the other.
  let bases: ParameterRef
  /// Which of them it uses.
  let rows: Range<Int>
  /// `[U, C, k, k]`; nil for none.
  let unique: ParameterRef?
  /// `[O, U + S]`, unique filters first.
  let coefficients: ParameterRef
  let norm: InnerNorm?
  /// U + S.
  let rank: Int
  let evaluation: KernelEvaluation

  /// [U; B] as rows, `[U + S, C·k²]`.
  private func filters(_ parameters: Parameters) -> Tensor {
    let all = parameters[bases].filterRows
    let shared = rows.count == all.shape[0] ? all : all.slice(rows: rows)
    guard let unique else { return shared }
    let own = parameters[unique].filterRows
    let shape: Shape = [rank, all.shape[1]]
    return own.padded(to: shape, row: 0, column: 0) + shared.padded(to: shape, row: own.shape[0], column: 0)
  }

  private func mixed(_ filters: Tensor, by coefficients: Tensor) -> Tensor {
    matmul(coefficients, filters).reshaped([site.outputs, site.inputs, site.kernel, site.kernel])
  }

  private func response(to x: Tensor, _ parameters: Parameters) -> Tensor {
    let filters = filters(parameters).reshaped([rank, site.inputs, site.kernel, site.kernel])
    return conv2d(x, filters, geometry(for: x))
  }

  var dependsOnBatch: Bool { norm != nil }

  func kernel(_ parameters: Parameters) -> Tensor {
    let filters = filters(parameters)
    guard let norm else { return mixed(filters, by: parameters[coefficients]) }
    let inverse = ((filters * filters).rowSums + norm.options.epsilon).power(-0.5)
    let gains = (parameters[norm.scale] * inverse).expandedRows(to: filters.shape[1])
    return mixed(gains * filters, by: parameters[coefficients])
  }

  func affineForm(on x: Tensor, _ parameters: Parameters) -> AffineForm {
    guard let norm else { return AffineForm(kernel: kernel(parameters)) }
    let filters = filters(parameters)
    let (mean, variance) = response(to: x, parameters).channelStatistics(geometry(for: x))
    let gains = parameters[norm.scale] * (variance + norm.options.epsilon).power(-0.5)
    let offsets = parameters[norm.shift] - gains * mean
    let mixing = parameters[coefficients]
    return AffineForm(
      kernel: mixed(gains.expandedRows(to: filters.shape[1]) * filters, by: mixing),
      bias: matmul(mixing, offsets.reshaped([rank, 1])).reshaped([site.outputs]))
  }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    NormalisationPass.run(by: .batch) { self(x, parameters, &$0) }
  }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass) -> Tensor {
    let geometry = geometry(for: x)
    let usesFactors = evaluation.usesFactors(prefersFactors(filters: rank, over: geometry))
    guard norm != nil || usesFactors else { return conv2d(x, kernel(parameters), geometry) }
    var h = response(to: x, parameters)
    if let norm {
      h = pass.normalised(
        h, scale: parameters[norm.scale], shift: parameters[norm.shift], norm.options)
    }
    return conv2d(h, parameters[coefficients].reshaped([site.outputs, rank, 1, 1]), geometry.pointwise)
  }

  /// Factored P·R·(C·k² + O) for P output pixels and R = U + S; with an inner norm there is no other form, so both
  /// counts say that.
  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds {
    let pixels = geometry.outPlane / geometry.batch
    let filter = pixels * site.inputs * geometry.taps
    let mixing = pixels * rank * site.outputs
    let factored = rank * filter + mixing
    return MultiplyAdds(
      dense: norm == nil ? denseMultiplyAdds(geometry) : factored, factored: factored,
      gradients: [
        [.unique]: (rank - rows.count) * filter, [.bases]: rows.count * filter, [.coefficients]: mixing,
        [.norm]: 0,
      ])
  }
}

extension Tensor {
  /// Filters `[R, C, k, k]` as rows `[R, C·k²]`.
  var filterRows: Tensor { reshaped([shape[0], count / shape[0]]) }

  /// The sum of squares, of shape `[]`.
  var squares: Tensor { dot(self) }
}
