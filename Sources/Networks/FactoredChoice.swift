public import Tensors

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
}
