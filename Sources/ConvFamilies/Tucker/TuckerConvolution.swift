internal import Kernels
internal import Networks
internal import Tensors

/// One convolution of a Tucker tensor.
struct TuckerConvolution: Convolution {
  /// What it takes of a structural mode, `r` numbers.
  enum Row: Sendable {
    /// A vector `[r]` of its own.
    case own(ParameterRef)
    /// A row of `[indices, r]`.
    case shared(ParameterRef, Int)
  }

  /// What all convolutions of the tensor share.
  struct Factors: Sendable {
    /// `[r…, b, d, e, f]`: structural ranks, then those of output, input, height and width.
    let core: ParameterRef
    /// `[O, b]` of the widest convolution.
    let out: ParameterRef
    /// `[C, d]` of the widest convolution.
    let `in`: ParameterRef
    /// `[k, e]`.
    let height: ParameterRef
    /// `[k, f]`.
    let width: ParameterRef
    /// b.
    let outRank: Int
    /// d.
    let inRank: Int
  }

  let site: ConvSite
  let rows: [Row]
  let factors: Factors
  /// Makes up for fewer inputs than the tensor was made for.
  let scale: Scalar
  let evaluation: KernelEvaluation

  var constants: [String: Double] { site.constants(coefficientScale: scale) }

  private var taps: Int { site.kernel * site.kernel }

  /// The kernel between the channel factors, `[b·d, k²]`.
  private func middle(_ parameters: Parameters) -> Tensor {
    let core = parameters[factors.core]
    // One row after the other: [1, r] × [r, rest] leaves the rest.
    var rest = core.reshaped([1, core.count])
    for row in rows {
      let vector = vector(row, parameters)
      rest = matmul(vector, rest.reshaped([vector.count, rest.count / vector.count]))
    }
    let channels = factors.outRank * factors.inRank
    return matmul(
      rest.reshaped([channels, rest.count / channels]), spatial(parameters), transposeB: true)
  }

  private func vector(_ row: Row, _ parameters: Parameters) -> Tensor {
    switch row {
    case .own(let ref): parameters[ref].reshaped([1, parameters[ref].count])
    case .shared(let ref, let index): parameters[ref].slice(rows: index..<(index + 1))
    }
  }

  /// U_H ⊗ U_W, `[k², e·f]`.
  private func spatial(_ parameters: Parameters) -> Tensor {
    let (height, width) = (parameters[factors.height], parameters[factors.width])
    let (k, e, f) = (site.kernel, height.shape[1], width.shape[1])
    return matmul(height.reshaped([k * e, 1]), width.reshaped([1, k * f]))
      .reshaped([k, e, k, f]).permuted([0, 2, 1, 3]).reshaped([k * k, e * f])
  }

  /// The leading rows of a channel factor.
  private func leading(_ count: Int, of ref: ParameterRef, _ parameters: Parameters) -> Tensor {
    let all = parameters[ref]
    return count == all.shape[0] ? all : all.slice(rows: 0..<count)
  }

  /// U_C at this convolution's scale, `[C, d]`.
  private func input(_ parameters: Parameters) -> Tensor {
    let own = leading(site.inputs, of: factors.in, parameters)
    return scale == 1 ? own : scale * own
  }

  func kernel(_ parameters: Parameters) -> Tensor {
    let (input, output) = (input(parameters), leading(site.outputs, of: factors.out, parameters))
    let (b, d) = (factors.outRank, factors.inRank)
    let byTap = middle(parameters).reshaped([b, d, taps]).permuted([0, 2, 1]).reshaped([b * taps, d])
    let inputs = matmul(byTap, input, transposeB: true).reshaped([b, taps * site.inputs])
    return matmul(output, inputs).reshaped([site.outputs, taps, site.inputs]).permuted([0, 2, 1])
      .reshaped([site.outputs, site.inputs, site.kernel, site.kernel])
  }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    let geometry = geometry(for: x)
    guard evaluation.usesFactors(prefersFactors(over: geometry)) else {
      return conv2d(x, kernel(parameters), geometry)
    }
    let (input, output) = (input(parameters), leading(site.outputs, of: factors.out, parameters))
    let (b, d) = (factors.outRank, factors.inRank)
    // Without a bias zeros stay zeros, so padding may come after the first stage.
    let narrow = conv2d(x, input.transposed.reshaped([d, site.inputs, 1, 1]), geometry.pointwiseBefore)
    let filtered = conv2d(narrow, middle(parameters).reshaped([b, d, site.kernel, site.kernel]), geometry)
    return conv2d(filtered, output.reshaped([site.outputs, b, 1, 1]), geometry.pointwise)
  }

  /// Factored C·d for each input pixel and d·b·k² + b·O for each output pixel.
  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds {
    let (b, d) = (factors.outRank, factors.inRank)
    let pixels = geometry.outPlane / geometry.batch
    let outer = geometry.plane / geometry.batch * site.inputs * d + pixels * b * site.outputs
    let middle = pixels * d * b * taps
    // Structural, core and spatial numbers make up the middle kernel together.
    return MultiplyAdds(
      dense: denseMultiplyAdds(geometry), factored: outer + middle,
      gradients: [[.layerFactors, .core, .spatialFactors]: middle, [.factors]: outer])
  }

  private func prefersFactors(over geometry: ConvGeometry) -> Bool {
    let (b, d) = (factors.outRank, factors.inRank)
    let stages = [
      FactoredStage(geometry.pointwiseBefore, from: site.inputs, to: d),
      FactoredStage(geometry, from: d, to: b),
      FactoredStage(geometry.pointwise, from: b, to: site.outputs),
    ]
    // The middle kernel is built either way; the dense form goes on to widen it.
    let build = b * taps * d * site.inputs + site.outputs * b * taps * site.inputs
    return prefersFactors(stages, over: geometry, build: build)
  }
}
