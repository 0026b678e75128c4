public import Kernels
public import Tensors

/// One convolution of a network, whatever its kernel is made of.
///
/// It holds no numbers, only places of parameters.
public protocol Convolution: Sendable {
  /// Where it stands.
  var site: ConvSite { get }

  /// The dense kernel that the parameters stand for, `[O, C, k, k]`; see ``dependsOnBatch``.
  func kernel(_ parameters: Parameters) -> Tensor

  /// Whether the batch has a part in what it computes, so that ``kernel(_:)`` is not all of it; false by default.
  var dependsOnBatch: Bool { get }

  /// What it is on the batch `x`: by default the dense kernel, whatever the batch.
  ///
  /// Only a convolution that normalises within itself says something else; see ``AffineForm``.
  func affineForm(on x: Tensor, _ parameters: Parameters) -> AffineForm

  /// Activations `[N, H, W, C]` to `[N, Ho, Wo, O]`; by default through the dense kernel.
  ///
  /// A convolution that normalises within itself takes the statistics of this batch.
  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor

  /// The same as a part of a pass through a network; by default the pass makes no difference.
  ///
  /// Only a convolution that normalises within itself says something else: it normalises by the pass's statistics.
  func callAsFunction(_ x: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass) -> Tensor

  /// The work on one image with the given geometry (of batch 1), at the ranks it was declared with.
  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds

  /// The same at the ranks of a layout; by default ranks change nothing.
  func multiplyAdds(_ geometry: ConvGeometry, in layout: ParameterLayout) -> MultiplyAdds

  /// The kernel as a product of large coefficients and a few small filters, where it is one; by default nil.
  func product(_ parameters: Parameters) -> KernelProduct?

  /// Fixed numbers other than 1 that enter the kernel beside the parameters, by name, for exports.
  var constants: [String: Double] { get }
}

/// A kernel as a product: kernel[o, c] = Σ_j coefficients[o, c, j]·atoms[j].
public struct KernelProduct: Sendable {
  /// `[O, C, m]`.
  public let coefficients: Tensor
  /// `[m, k, k]`.
  public let atoms: Tensor

  /// A product of both.
  public init(coefficients: Tensor, atoms: Tensor) {
    (self.coefficients, self.atoms) = (coefficients, atoms)
  }
}

extension Convolution {
  /// The kernel is no such product.
  public func product(_ parameters: Parameters) -> KernelProduct? { nil }

  /// Nothing but parameters enters the kernel.
  public var constants: [String: Double] { [:] }

  /// The kernel is all there is.
  public var dependsOnBatch: Bool { false }

  /// The dense kernel `[O, C, k, k]`, whatever the batch, and no bias.
  public func affineForm(on x: Tensor, _ parameters: Parameters) -> AffineForm {
    AffineForm(kernel: kernel(parameters))
  }

  /// Through the dense kernel.
  public func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    conv2d(x, kernel(parameters), geometry(for: x))
  }

  /// As outside of a pass.
  public func callAsFunction(_ x: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass) -> Tensor
  {
    self(x, parameters)
  }

  /// u = P·k²·C·O for P output pixels.
  public func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds {
    MultiplyAdds(dense: denseMultiplyAdds(geometry))
  }

  /// As declared: most families have no ranks that change.
  public func multiplyAdds(_ geometry: ConvGeometry, in layout: ParameterLayout) -> MultiplyAdds {
    multiplyAdds(geometry)
  }

  /// u = P·k²·C·O for P output pixels.
  public func denseMultiplyAdds(_ geometry: ConvGeometry) -> Int {
    geometry.outPlane / geometry.batch * geometry.taps * site.inputs * site.outputs
  }

  /// The geometry that fits activations `[N, H, W, C]`.
  public func geometry(for x: Tensor) -> ConvGeometry { site.geometry(for: x) }
}
