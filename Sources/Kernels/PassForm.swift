internal import CVectorKernels

/// The way a dense pass is computed, and what it has to multiply.
package enum PassForm: String, Sendable {
  /// Every product of the definition, windows by address.
  case direct
  /// Winograd's minimal filtering.
  case winograd

  /// The form that is chosen for a pass.
  package init(_ g: ConvGeometry, from inputs: Int, to outputs: Int) {
    self = Winograd.pays(g, from: inputs, to: outputs) ? .winograd : .direct
  }

  /// Multiply-adds of its products; transforms and packing come on top.
  package func multiplyAdds(_ g: ConvGeometry, from inputs: Int, to outputs: Int) -> Double {
    switch self {
    case .direct: Double(g.outPlane * g.taps) * Double(inputs * outputs)
    case .winograd:
      Double(WinogradForm.forward(g).products * WinogradBlocks.tiles(g)) * Double(inputs * outputs)
    }
  }
}

/// What a core multiplies and adds at most, in products that touch no memory: floating-point operations in a second, two
/// for each multiply-add.
package func measuredPeak() -> Double {
  let clock = ContinuousClock()
  return (0..<5).map { _ in
    var (x, count): (Scalar, Int) = (0.5, 0)
    let time = clock.measure { fs_peak(200_000, &x, &count) }
    return 2 * Double(count) / (time / .seconds(1))
  }.max() ?? 0
}
