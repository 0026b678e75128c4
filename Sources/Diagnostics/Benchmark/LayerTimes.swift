package import Formats
internal import Kernels
package import Networks
internal import Randomness

/// How long each convolution of a network takes by itself, on one core, against what the core can do.
package struct LayerTimes: Sendable {
  /// One pass of a layer.
  package struct Row: Sendable {
    /// The first layer of this shape.
    package var layer: String
    /// Shape of the pass.
    var geometry: ConvGeometry
    var inputs: Int
    var outputs: Int
    /// `forward`, `input` (towards it) or `kernel` (towards it).
    package var pass: String
    /// How it is computed.
    var form: PassForm
    /// The best of several times.
    package var milliseconds: Double
    /// Dense arithmetic in a second, in units of 10⁹; above the peak where a form saves some of it.
    package var gflops: Double
    /// Multiply-adds of the form's products against those of the peak in the same time.
    package var shareOfPeak: Double
  }

  /// The network's name.
  package var backbone: String
  /// Floating-point operations of one core in a second, in units of 10⁹.
  package var peak: Double
  /// Every shape of layer, once for the support and once for the query, three passes each.
  package var rows: [Row] = []

  /// Measures all layers.
  ///
  /// - Parameters:
  ///   - benchmark: The network, its images, and how many of them a task has.
  ///   - families: The convolution families by name.
  /// - Throws: If a setting is not valid.
  package init(of benchmark: Benchmark, families: [any ConvFamily.Type]) throws {
    let benchmark = benchmark.fixed
    backbone = benchmark.backbone
    peak = measuredPeak() / 1e9
    let uses = try benchmark.network(families).backbone.uses
    for images in [benchmark.ways * benchmark.shots, benchmark.ways * benchmark.queries] {
      var seen: Set<[Int]> = []
      for use in uses {
        var g = use.geometry
        g.batch = images
        let (c, o) = (use.convolution.site.inputs, use.convolution.site.outputs)
        guard seen.insert([g.height, g.kernel, g.stride, c, o]).inserted else { continue }
        rows += measure(use.convolution.site.path, g, from: c, to: o)
      }
    }
  }

  private func measure(_ layer: String, _ g: ConvGeometry, from c: Int, to o: Int) -> [Row] {
    var stream = RandomStream(seed: 0, purpose: "layers")
    func numbers(_ count: Int) -> [Scalar] { (0..<count).map { _ in Scalar(stream.uniform()) - 0.5 } }
    let (x, w, y) = (numbers(g.plane * c), numbers(o * c * g.taps), numbers(g.outPlane * o))
    let dense = PassForm.direct.multiplyAdds(g, from: c, to: o)
    let passes: [(String, PassForm, (Target) -> Void)] = [
      (
        "forward", PassForm(g, from: c, to: o),
        { out in Convolve.forward(x, w, g, from: c, to: o, into: out) }
      ),
      ("input", PassForm(g, from: o, to: c), { out in Convolve.input(y, w, g, from: c, to: o, into: out) }),
      ("kernel", PassForm(g, from: c, to: o), { out in Convolve.kernel(x, y, g, from: c, to: o, into: out) }),
    ]
    return passes.map { pass, form, body in
      // Memory as tensors have it.
      let seconds = withScratch(max(x.count, w.count, y.count)) { out in best { body(out) } }
      return Row(
        layer: layer, geometry: g, inputs: c, outputs: o, pass: pass, form: form,
        milliseconds: 1000 * seconds,
        gflops: 2 * dense / seconds / 1e9,
        shareOfPeak: 2 * form.multiplyAdds(g, from: c, to: o) / seconds / 1e9 / peak)
    }
  }

  /// Seconds of the fastest of at least three calls, over a tenth of a second or more.
  private func best(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    body()
    var (times, total): ([Double], Double) = ([], 0)
    while times.count < 3 || total < 0.1 {
      times.append(clock.measure(body) / .seconds(1))
      total += times.last ?? 0
    }
    return times.min() ?? 0
  }
}

extension LayerTimes {
  /// A table for people.
  package var summaryText: String {
    let table = TextTable(
      [
        "layer", "images", "side", "channels", "kernel", "pass", "form", "ms", "dense GFLOP/s", "of the peak",
      ],
      rows.map { row in
        let g = row.geometry
        return [
          row.layer, "\(g.batch)", "\(g.height)", "\(row.inputs) → \(row.outputs)",
          "\(g.kernel)×\(g.kernel)" + (g.stride > 1 ? " /\(g.stride)" : ""), row.pass, row.form.rawValue,
          TextTable.fixed(row.milliseconds, 3), TextTable.fixed(row.gflops, 0),
          TextTable.fixed(100 * row.shareOfPeak, 0) + " %",
        ]
      })
    return "\(backbone) on one core, whose peak is \(TextTable.fixed(peak, 0)) GFLOP/s\n" + table.text
      + "\nOf the peak: the multiply-adds of the form's products. Transforms and packing take their time and are not counted."
  }

  /// The same as one document.
  package var document: JSONValue {
    .members([
      "backbone": .text(backbone), "peak_gflops": .number(peak),
      "rows": .list(
        rows.map { row in
          let g = row.geometry
          return .members([
            "layer": .text(row.layer), "side": .integer(g.height), "inputs": .integer(row.inputs),
            "outputs": .integer(row.outputs), "kernel": .integer(g.kernel), "stride": .integer(g.stride),
            "images": .integer(g.batch), "pass": .text(row.pass), "form": .text(row.form.rawValue),
            "milliseconds": .number(row.milliseconds), "gflops": .number(row.gflops),
            "of_peak": .number(row.shareOfPeak),
          ])
        }),
    ])
  }
}
