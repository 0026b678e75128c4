import Networks
import Tensors

/// Dense kernels whose input channels a task turns up and down: W[o, c] = g[c] · V[o, c].
///
/// - Source: ours, after the scales of Sun et al. 2019 (meta-transfer learning).
struct GatedFamily: ConvFamily {
  static let name = "gated"
  static let summary = "dense kernels and a gate for every input channel"
  static let options: [NamedOption] = []
  static let defaultAdaptation = "gates"

  init(_ options: OptionValues) {}

  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) -> [Placed<GatedConvolution>] {
    sites.map { .own(GatedConvolution(at: $0, in: &layout)) }
  }
}

struct GatedConvolution: Convolution {
  let site: ConvSite
  let kernels: ParameterRef
  let gates: ParameterRef

  init(at site: ConvSite, in layout: inout ParameterLayout) {
    self.site = site
    let fanIn = Double(site.inputs * site.kernel * site.kernel)
    kernels = layout.declare(
      site.path + ".kernel", [site.outputs, site.inputs, site.kernel, site.kernel], .kernels,
      layer: site.owningLayer, .normal(deviation: (2 / fanIn).squareRoot()))
    gates = layout.declare(
      site.path + ".gates", [site.inputs], ParameterRole(rawValue: "gates"), layer: site.owningLayer,
      .constant(1))
  }

  func kernel(_ parameters: Parameters) -> Tensor {
    let v = parameters[kernels]
    let g = parameters[gates].expandedRows(to: v.count / site.inputs)
      .reshaped([site.inputs, site.outputs, site.kernel, site.kernel]).permuted([1, 0, 2, 3])
    return g * v
  }
}
