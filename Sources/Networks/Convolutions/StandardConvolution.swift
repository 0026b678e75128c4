public import Tensors

/// A convolution by a dense kernel of its own: the baseline, and the stem of every family.
public struct StandardConvolution: Convolution {
  /// Where it stands in the backbone.
  public let site: ConvSite
  private let weights: ParameterRef

  /// Declares `<path>.kernel [O, C, k, k]` with He-normal numbers, variance 2/(C·k²).
  ///
  /// - Source: He et al. 2015.
  public init(at site: ConvSite, in layout: inout ParameterLayout) {
    self.site = site
    let fanIn = Double(site.inputs * site.kernel * site.kernel)
    weights = layout.declare(
      site.path + ".kernel", [site.outputs, site.inputs, site.kernel, site.kernel], .kernels,
      layer: site.owningLayer, .normal(deviation: (2 / fanIn).squareRoot()))
  }

  /// The point with this kernel.
  ///
  /// - Precondition: it has the kernel's shape.
  package func replacingKernel(with kernel: Tensor, in parameters: Parameters) -> Parameters {
    parameters.replacing([weights], with: [kernel])
  }

  /// The kernel as declared, `[O, C, k, k]`.
  public func kernel(_ parameters: Parameters) -> Tensor { parameters[weights] }
}
