internal import Kernels
public import Tensors

/// How a convolution that has factors is evaluated.
public enum KernelEvaluation: String, CaseIterable, Sendable {
  /// Whichever is expected to be faster, layer by layer.
  case auto
  /// By the dense kernel.
  case dense
  /// By the factors.
  case factored

  /// Whether the factors are used; what is expected is asked only if the choice is left open.
  public func usesFactors(_ isFaster: @autoclosure () -> Bool) -> Bool {
    self == .auto ? isFaster() : self == .factored
  }
}

/// One convolution of the chain that a factored form evaluates.
public struct FactoredStage: Sendable {
  let geometry: ConvGeometry
  let inputs: Int
  let outputs: Int

  /// A stage between so many channels.
  public init(_ geometry: ConvGeometry, from inputs: Int, to outputs: Int) {
    self.geometry = geometry
    self.inputs = inputs
    self.outputs = outputs
  }
}

extension Convolution {
  /// Whether a chain of convolutions takes less time than building and applying the dense kernel.
  ///
  /// By the fitted cost of a pass, which knows what each is evaluated by; counts of multiply-adds do not. Ours.
  ///
  /// - Parameters:
  ///   - stages: The chain.
  ///   - geometry: The geometry of the whole convolution.
  ///   - build: Multiply-adds that build the dense kernel.
  /// - Returns: Whether the factored form is expected to be faster.
  public func prefersFactors(_ stages: [FactoredStage], over geometry: ConvGeometry, build: Int) -> Bool {
    let factored = stages.reduce(0) { $0 + $1.geometry.passCost(from: $1.inputs, to: $1.outputs) }
    return factored < geometry.passCost(from: site.inputs, to: site.outputs) + Double(build)
  }
  /// The same for so many filters of the site's own side, and then a 1×1 mixture of their responses.
  public func prefersFactors(filters: Int, over geometry: ConvGeometry) -> Bool {
    prefersFactors(
      [
        FactoredStage(geometry, from: site.inputs, to: filters),
        FactoredStage(geometry.pointwise, from: filters, to: site.outputs),
      ], over: geometry, build: site.outputs * filters * site.inputs * geometry.taps)
  }
}
