internal import Kernels
internal import Networks
internal import Tensors

/// The atoms of one convolution: the meta-learned ones and, if there is one, what the task adds to them.
struct AtomSet: Sendable {
  /// `[m, k, k]`; with groups all pairs' atoms behind one another.
  let ref: ParameterRef
  let delta: ParameterRef?

  func callAsFunction(_ parameters: Parameters) -> Tensor {
    delta.map { parameters[ref] + parameters[$0] } ?? parameters[ref]
  }
}

/// One ACDC convolution: atoms of its own, coefficients perhaps shared.
struct AtomConvolution: Convolution {
  let site: ConvSite
  let atoms: AtomSet
  let coefficients: ParameterRef
  let count: Int
  let scale: Scalar
  let evaluation: KernelEvaluation

  var constants: [String: Double] { site.constants(coefficientScale: scale) }

  func kernel(_ parameters: Parameters) -> Tensor {
    let taps = site.kernel * site.kernel
    let mixed = matmul(
      ownCoefficients(parameters).reshaped([site.outputs * site.inputs, count]),
      atoms(parameters).reshaped([count, taps]))
    return mixed.reshaped([site.outputs, site.inputs, site.kernel, site.kernel])
  }

  func product(_ parameters: Parameters) -> KernelProduct? {
    KernelProduct(coefficients: ownCoefficients(parameters), atoms: atoms(parameters))
  }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    let geometry = geometry(for: x)
    guard evaluation.usesFactors(prefersFactors(over: geometry)) else {
      return conv2d(x, kernel(parameters), geometry)
    }
    return atomConv(x, atoms: atoms(parameters), coefficients: ownCoefficients(parameters), geometry)
  }

  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds {
    let pixels = geometry.outPlane / geometry.batch
    let stage = pixels * count * site.inputs * geometry.taps
    let products = pixels * count * site.inputs * site.outputs
    return MultiplyAdds(
      dense: denseMultiplyAdds(geometry), factored: stage + products,
      gradients: [[.atoms]: stage, [.atomsDelta]: stage, [.coefficients]: products])
  }

  /// By the cost of an inner step: three dense passes and building the kernel, there and back; or two products, and
  /// the atom stage three times, which runs along whole vectors of input channels.
  private func prefersFactors(over geometry: ConvGeometry) -> Bool {
    let pixels = Double(geometry.outPlane)
    let product = pixels * Double(count * site.inputs * ConvGeometry.vectorised(site.outputs))
    let stage = pixels * Double(count * ConvGeometry.vectorised(site.inputs) * geometry.taps)
    let build = Double(site.outputs * site.inputs * count * geometry.taps)
    return 2 * product + 3 * Self.stageCost * stage
      < 3 * geometry.passCost(from: site.inputs, to: site.outputs) + 2 * build
  }

  /// Measured: time per multiply-add of the atom stage, in units of that of a matrix product.
  static let stageCost = 1.3

  /// The leading slice `[O, C, m]` of what may be shared with wider layers, at this layer's scale.
  private func ownCoefficients(_ parameters: Parameters) -> Tensor {
    let all = parameters[coefficients]
    let (outputs, inputs) = (all.shape[0], all.shape[1])
    guard outputs != site.outputs || inputs != site.inputs else { return all }
    let slice = all.reshaped([outputs, inputs * count])
      .slice(rows: 0..<site.outputs, columns: 0..<(site.inputs * count))
      .reshaped([site.outputs, site.inputs, count])
    return scale == 1 ? slice : scale * slice
  }
}

extension ConvSite {
  /// What an export says of a scale in front of coefficients that were made for another width; nothing for 1.
  func constants(coefficientScale scale: Scalar) -> [String: Double] {
    scale == 1 ? [:] : [path + ".coefficient_scale": Double(scale)]
  }
}
