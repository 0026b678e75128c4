internal import Kernels
public import Tensors

/// Where a convolution stands in a backbone.
public struct ConvSite: Hashable, Sendable {
  /// Prefix of its parameters' paths, for example `layer2.conv`.
  public let path: String
  /// The layer, from 1.
  public let layer: Int
  /// The stage, from 1: layers that a family may let share something; 0 for a stem in front of all stages.
  public let stage: Int
  /// The block within its stage, from 1; in a plain network every layer is a block.
  public let block: Int
  /// The convolution within its block, from 1.
  public let position: Int
  /// Input channels C.
  public let inputs: Int
  /// Output channels O.
  public let outputs: Int
  /// Side k of the kernel.
  public let kernel: Int
  /// Step between neighbouring outputs.
  public let stride: Int
  /// Zeros added on every side.
  public let padding: Int
  /// Whether it reads the images themselves.
  public let isStem: Bool
  /// Whether the backbone uses this one convolution in several layers, of which ``layer`` is the first.
  public let isReused: Bool

  /// A site; the padding keeps the size at stride 1.
  public init(
    path: String, layer: Int, stage: Int, block: Int = 1, position: Int = 1, inputs: Int, outputs: Int,
    kernel: Int = 3, stride: Int = 1, isStem: Bool = false, isReused: Bool = false
  ) {
    self.path = path
    self.layer = layer
    self.stage = stage
    self.block = block
    self.position = position
    self.isReused = isReused
    self.inputs = inputs
    self.outputs = outputs
    self.kernel = kernel
    self.stride = stride
    self.padding = kernel / 2
    self.isStem = isStem
  }

  /// The layer that its own parameters belong to; nil if several layers use them.
  public var owningLayer: Int? { isReused ? nil : layer }

  /// The geometry over activations of shape `[N, H, W, C]`.
  public func geometry(batch: Int, height: Int, width: Int) -> ConvGeometry {
    ConvGeometry(
      batch: batch, height: height, width: width, kernel: kernel, stride: stride, padding: padding)
  }

  /// The geometry that fits activations `[N, H, W, C]`.
  public func geometry(for x: Tensor) -> ConvGeometry {
    geometry(batch: x.shape[0], height: x.shape[1], width: x.shape[2])
  }
}

/// Multiply-adds of one convolution on one image, in each form it can be evaluated in.
public struct MultiplyAdds: Hashable, Sendable {
  /// By the dense kernel, as every standard convolution; building the kernel is not counted.
  public var dense: Int
  /// By the factors, where the family has such a form.
  public var factored: Int?
  /// With the factors, the gradients of the stages beside those towards the input, by the roles that need each.
  ///
  /// Every stage of a chain of products costs its own gradient as much as its pass forward; roles that make up one
  /// stage share it. A role that is in no key is taken to cost no more than ``factored``.
  public var gradients: [Set<ParameterRole>: Int]

  /// States the counts.
  public init(dense: Int, factored: Int? = nil, gradients: [Set<ParameterRole>: Int] = [:]) {
    self.dense = dense
    self.factored = factored
    self.gradients = gradients
  }

  /// The work of the gradients towards some roles, each stage's counted once.
  public func gradients(of roles: Set<ParameterRole>) -> Int {
    let listed = gradients.keys.reduce(into: Set<ParameterRole>()) { $0.formUnion($1) }
    let stages = gradients.reduce(0) { $0 + ($1.key.isDisjoint(with: roles) ? 0 : $1.value) }
    return stages + roles.subtracting(listed).count * (factored ?? dense)
  }
}

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

  /// Fixed numbers other than 1 that enter the kernel beside the parameters, by name, for exports.
  var constants: [String: Double] { get }
}

extension Convolution {
  /// None.
  public var constants: [String: Double] { [:] }

  /// It does not.
  public var dependsOnBatch: Bool { false }

  /// The dense kernel.
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

/// A way to parametrise convolutions: a drop-in replacement for the standard kernels of any backbone.
public protocol ConvFamily: Sendable {
  /// The name in `--family`.
  static var name: String { get }
  /// One sentence for `fewshot families`.
  static var summary: String { get }
  /// The family's own settings, for `--option key=value` and `fewshot families`.
  static var options: [FamilyOption] { get }
  /// What `--adapt` means if it is not given.
  static var defaultAdaptation: String { get }

  /// The family with given settings; absent ones take their defaults.
  ///
  /// - Throws: If a value is out of range.
  init(_ options: OptionValues) throws(ConfigurationError)

  /// Declares the parameters of all convolutions of a backbone and returns one convolution per site.
  ///
  /// All sites come at once, so that a family can let them share parameters.
  ///
  /// - Throws: If the family cannot stand at one of the sites.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) throws(ConfigurationError)
    -> [any Convolution]

  /// What the weight of the network's linear head is made of, as a 1×1 convolution of one pixel, `[ways, D, 1, 1]`.
  ///
  /// - Parameters:
  ///   - inputs: Features D.
  ///   - outputs: Classes.
  ///   - layout: Where its parameters are declared, with the role `head`.
  /// - Returns: nil, the default, for a dense weight.
  func head(inputs: Int, outputs: Int, in layout: inout ParameterLayout) -> (any Convolution)?

  /// What the outer loss adds to the mean task loss, at the meta-parameters where every task starts.
  ///
  /// The inner loop does not see it. The family's own weight λ is part of it.
  ///
  /// - Parameters:
  ///   - convolutions: What ``convolutions(at:in:)`` returned for one backbone, in its order.
  ///   - parameters: Where to evaluate.
  /// - Returns: One number, of shape `[]`; nil if nothing is added, which is the default.
  func regularizer(of convolutions: [any Convolution], _ parameters: Parameters) -> Tensor?

  /// Which positions of which ranks go on after an update of training; what is not named goes on whole.
  ///
  /// - Parameters:
  ///   - convolutions: What the family returned for its sites.
  ///   - parameters: The point after the update.
  ///   - updates: Updates made so far.
  /// - Returns: Positions among the present ones, ascending, at least one for each rank named; empty by default.
  func keptRanks(of convolutions: [any Convolution], _ parameters: Parameters, after updates: Int)
    -> [RankRef: [Int]]

  /// The point whose kernels are nearest to given ones, in the least-squares sense if the family says no other.
  ///
  /// - Parameters:
  ///   - convolutions: What the family returned for its sites.
  ///   - kernels: One dense kernel `[O, C, k, k]` for each of them.
  ///   - start: The parameters to begin from; what the convolutions do not use stays.
  /// - Returns: The fitted point; nil, the default, where the family defines no such fit.
  /// - Throws: If the family's settings allow none.
  func fitting(_ convolutions: [any Convolution], to kernels: [Tensor], from start: Parameters)
    throws(ConfigurationError) -> Parameters?
}

extension ConvFamily {
  /// A dense weight.
  public func head(inputs: Int, outputs: Int, in layout: inout ParameterLayout) -> (any Convolution)? { nil }

  /// None.
  public func regularizer(of convolutions: [any Convolution], _ parameters: Parameters) -> Tensor? { nil }

  /// Nothing is ever lowered.
  public func keptRanks(of convolutions: [any Convolution], _ parameters: Parameters, after updates: Int)
    -> [RankRef: [Int]]
  { [:] }

  /// There is no fit.
  public func fitting(_ convolutions: [any Convolution], to kernels: [Tensor], from start: Parameters)
    -> Parameters?
  { nil }
}
