internal import CVectorKernels

/// The way a dense pass is computed, and what it has to multiply.
package enum PassForm: String, CaseIterable, Sendable {
  /// Every product of the definition, windows by address.
  case direct
  /// Winograd's F(4×4, 3×3).
  case winograd

  /// The form that is chosen for a pass.
  package init(_ g: ConvGeometry, from inputs: Int, to outputs: Int) {
    self = Winograd.pays(g, from: inputs, to: outputs) ? .winograd : .direct
  }

  /// Multiply-adds of its products; transforms and packing come on top.
  package func multiplyAdds(_ g: ConvGeometry, from inputs: Int, to outputs: Int) -> Double {
    switch self {
    case .direct: Double(g.outPlane * g.taps) * Double(inputs * outputs)
    case .winograd: 36 * Double(WinogradBlocks(g, from: inputs, to: outputs).tiles) * Double(inputs * outputs)
    }
  }
}

/// What a core multiplies and adds at most, in products that touch no memory: floating-point operations in a second, two
/// for each multiply-add.
package func measuredPeak() -> Double {
  let clock = ContinuousClock()
  let rounds = 200_000
  let times = (0..<5).map { _ in clock.measure { _ = fs_peak(rounds) } }
  return 2 * Double(rounds * fs_peak_multiply_adds()) / ((times.min() ?? .seconds(1)) / .seconds(1))
}
