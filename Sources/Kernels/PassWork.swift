/// What one dense pass costs, in multiply-adds of the direct form, taken apart by what it is done for.
///
/// - Source: ours, fitted to measured times.
struct PassWork {
  /// Products, and what is done to the numbers that come out.
  let outputs: Double
  /// What is done to the numbers that go in: padding, or Winograd's transform.
  let inputs: Double
  /// What is done to the kernels: packing, or Winograd's transform.
  let kernels: Double

  /// The cost of a pass from `c` to `o` channels.
  init(_ g: ConvGeometry, from c: Int, to o: Int, _ isWinograd: Bool) {
    let pairs = Double(c * o)
    if isWinograd {
      let tiles = Double(WinogradForm.forward(g).products * WinogradBlocks.tiles(g))
      (outputs, inputs, kernels) = (tiles * (pairs + 4 * Double(o)), tiles * 4 * Double(c), 36 * 8 * pairs)
    } else {
      outputs = Double(g.outPlane * g.taps) * Double(c * ConvGeometry.vectorised(o))
      (inputs, kernels) = (2 * Double(g.plane * c), 16 * Double(g.taps) * pairs)
    }
  }

  /// All of it, as the choice between the forms compares it.
  var total: Double { outputs + inputs + kernels }

  /// Whether several threads should take some output channels each rather than some images each.
  ///
  /// Each thread that takes images sees to all kernels, and each that takes outputs to all inputs; and the largest part
  /// counts.
  func sharesOutputs(_ channels: Int, images: Int, threads: Int) -> Bool {
    func largest(_ units: Int) -> Double {
      let parts = min(units, threads)
      return Double((units + parts - 1) / parts) / Double(units)
    }
    let slabs = largest(ConvGeometry.vectorised(channels) / lanes)
    return slabs * (outputs + kernels) + inputs < largest(images) * (outputs + inputs) + kernels
  }
}
