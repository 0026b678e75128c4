import ConvFamilies
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("T-Net")
struct TuckerTests {
  private func build(_ sites: [ConvSite], _ options: [String: String] = [:]) throws
    -> (ParameterLayout, [any Convolution])
  {
    var layout = ParameterLayout()
    let family = try FamilyRegistry.families.family(named: "tnet", options: options)
    let made = try family.made(at: sites, in: &layout)
    return (layout, made.convolutions)
  }

  /// Two stages of two blocks of two convolutions; widths 4 and 6.
  private static let residual: [ConvSite] = (0..<8).map { i in
    let (stage, block, position) = (i / 4 + 1, i / 2 % 2 + 1, i % 2 + 1)
    let width = stage == 1 ? 4 : 6
    return ConvSite(
      path: "conv\(i)", layer: i + 1, stage: stage, block: block, position: position,
      inputs: i == 4 ? 4 : width, outputs: width, stride: i == 4 ? 2 : 1)
  }

  private func shapes(_ layout: ParameterLayout) -> [String: [Int]] {
    Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.path, $0.shape.extents) })
  }

  @Test(
    "one tensor per stage has a vector per layer and shares everything else; the width change is standard")
  func stages() throws {
    let (layout, _) = try build(Self.residual, ["rank-out": "3", "rank-in": "2", "rank-height": "2"])
    let expected: [String: [Int]] = [
      "shared.stage1.core": [4, 3, 2, 2, 3], "shared.stage1.out-factor": [4, 3],
      "shared.stage1.in-factor": [4, 2], "shared.stage1.height-factor": [3, 2],
      "shared.stage1.width-factor": [3, 3],
      "shared.stage2.core": [3, 3, 2, 2, 3], "shared.stage2.out-factor": [6, 3],
      "shared.stage2.in-factor": [6, 2], "shared.stage2.height-factor": [3, 2],
      "shared.stage2.width-factor": [3, 3], "conv4.kernel": [6, 4, 3, 3],
    ]
    let vectors = (0..<8).filter { $0 != 4 }.map { ("conv\($0).layer-factor", [$0 < 4 ? 4 : 3]) }
    #expect(shapes(layout) == expected.merging(vectors) { $1 })
  }

  @Test("structural modes are stage, block and convolution, where there is a choice")
  func structure() throws {
    let net = try build(
      Self.residual, ["share": "net", "modes": "structure", "rank-stage": "1", "rank-convolution": "1"]
    ).0
    #expect(
      shapes(net) == [
        "shared.core": [1, 2, 1, 3, 3, 3, 3], "shared.out-factor": [6, 3], "shared.in-factor": [6, 3],
        "shared.height-factor": [3, 3], "shared.width-factor": [3, 3], "shared.stage-factor": [2, 1],
        "shared.block-factor": [2, 2], "shared.convolution-factor": [2, 1],
      ])
    let stage = try build(Array(Self.residual.prefix(4)), ["modes": "structure"]).0
    #expect(stage.roles.contains(.layerFactors))
    #expect(shapes(stage)["shared.stage1.core"] == [2, 2, 2, 2, 3, 3])
  }

  /// The definition, one entry at a time.
  @Test("kernels are entries of the reconstructed tensor", arguments: ["stage", "net"])
  func reconstruction(share: String) throws {
    let (layout, convolutions) = try build(
      Self.residual, ["share": share, "modes": "structure", "rank-out": "3", "rank-in": "2"])
    let point = layout.initialized(seed: 1)
    func tensor(_ path: String) throws -> Tensor { point[try #require(layout.ref(at: path))] }
    for convolution in convolutions {
      let site = convolution.site
      let path = share == "net" ? "shared" : "shared.stage\(site.stage)"
      guard layout.ref(at: site.path + ".kernel") == nil else { continue }
      let core = try tensor(path + ".core")
      let (o, c) = (try tensor(path + ".out-factor"), try tensor(path + ".in-factor"))
      let (h, w) = (try tensor(path + ".height-factor"), try tensor(path + ".width-factor"))
      var rows: [[Scalar]] = []
      for (name, index) in [("stage", site.stage), ("block", site.block), ("convolution", site.position)] {
        guard let ref = layout.ref(at: "\(path).\(name)-factor") else { continue }
        let r = point[ref].shape[1]
        // In stage 2 the first convolution is standard, so its blocks and positions still begin at 1.
        rows.append(Array(point[ref].scalars[((index - 1) * r)..<(index * r)]))
      }
      // All structural modes at once: the weight of each of their rank indices, row-major.
      let weights = rows.reduce([Scalar(1)]) { all, row in all.flatMap { a in row.map { a * $0 } } }
      let (rO, rC, rH, rW) = (o.shape[1], c.shape[1], h.shape[1], w.shape[1])
      let g = core.scalars
      let scale = Scalar((Double(c.shape[0]) / Double(site.inputs)).squareRoot())
      var expected: [Scalar] = []
      for oi in 0..<site.outputs {
        for ci in 0..<site.inputs {
          for y in 0..<3 {
            for x in 0..<3 {
              var sum: Scalar = 0
              for (a, weight) in weights.enumerated() {
                for b in 0..<rO {
                  for d in 0..<rC {
                    for e in 0..<rH {
                      for f in 0..<rW {
                        let entry = g[(((a * rO + b) * rC + d) * rH + e) * rW + f]
                        let channels = o.scalars[oi * rO + b] * c.scalars[ci * rC + d]
                        sum += weight * entry * channels * h.scalars[y * rH + e] * w.scalars[x * rW + f]
                      }
                    }
                  }
                }
              }
              expected.append(scale * sum)
            }
          }
        }
      }
      #expect(relativeError(convolution.kernel(point).scalars, expected) < 10 * roundingTolerance)
    }
  }

  /// Conv-4 with 64 filters at ranks 3, 32, 32, 3, 3: 27,648 + 3·3 + 2·64·32 + 2·3·3.
  @Test("parameters are Π r + Σ I·r, multiply-adds C·r_C + K·r_C·r_O + r_O·O per pixel")
  func counts() throws {
    let sites = (2...4).map {
      ConvSite(path: "layer\($0).conv", layer: $0, stage: 1, block: $0, inputs: 64, outputs: 64)
    }
    let (layout, convolutions) = try build(sites)
    #expect(layout.count() == 31_771)
    #expect(layout.count(of: .core) == 27_648)
    #expect(layout.count(of: .factors) == 4096)
    #expect(layout.count(of: .spatialFactors) == 18)
    #expect(layout.count(of: .layerFactors) == 9)
    let geometry = sites[0].geometry(batch: 1, height: 10, width: 10)
    let work = convolutions[0].multiplyAdds(geometry)
    #expect(work.dense == 100 * 36_864)
    #expect(work.factored == 100 * (64 * 32 + 9 * 32 * 32 + 32 * 64))
    // The first stage runs before a stride, the others behind it.
    let strided = try build([
      ConvSite(path: "a", layer: 1, stage: 1, inputs: 64, outputs: 64, stride: 2)
    ]).1[0]
    let halved = strided.site.geometry(batch: 1, height: 10, width: 10)
    #expect(strided.multiplyAdds(halved).factored == 100 * 64 * 32 + 25 * (9 * 32 * 32 + 32 * 64))
  }

  @Test("a narrower layer of one tensor for the net has the He variance too")
  func slices() throws {
    let (layout, convolutions) = try build(
      Self.residual, ["share": "net", "rank-out": "full", "rank-in": "full"])
    let narrow = convolutions[0]
    #expect(narrow.constants["conv0.coefficient_scale"].map { abs($0 * $0 - 1.5) < 1e-6 } == true)
    let draws = 3000
    let mean = (0..<draws).reduce(0.0) { sum, seed in
      let kernel = narrow.kernel(layout.initialized(seed: UInt64(seed)))
      return sum + kernel.scalars.reduce(0) { $0 + Double($1 * $1) } / Double(kernel.count * draws)
    }
    // The spread between draws is about that of the mean, so 10 % is more than four standard errors.
    #expect(abs(mean * 36 / 2 - 1) < 0.1, "\(mean * 18)")
  }

  @Test(
    "a tensor is found again from its kernels; where places of it have none, nearly",
    arguments: [
      ("stage", "layer", 0), ("stage", "structure", 0.1), ("net", "layer", 0.1), ("net", "structure", 0.1),
    ])
  func foundAgain(share: String, modes: String, tolerance: Double) throws {
    let options = ["share": share, "modes": modes, "rank-out": "2", "rank-in": "2", "rank-height": "2"]
    var layout = ParameterLayout()
    let family = try FamilyRegistry.families.family(named: "tnet", options: options)
    let made = try family.made(at: Self.residual, in: &layout)
    let convolutions = made.convolutions
    let point = layout.initialized(seed: 2)
    let kernels = convolutions.map { $0.kernel(point) }
    // What the family leaves standard is not its to fit.
    let start = Parameters(
      layout: layout,
      values: layout.entries.enumerated().map { i, entry in
        entry.role == .kernels ? point.values[i] : 0 * point.values[i]
      })
    let fitted = try #require(try made.fitting(to: kernels, from: start))
    let rest = zip(convolutions, kernels).map { $0.kernel(fitted) - $1 }
    func norm(_ tensors: [Tensor]) -> Double {
      tensors.reduce(0) { $0 + Double($1.dot($1).item) }.squareRoot()
    }
    let error = norm(rest) / norm(kernels)
    #expect(error < max(tolerance, 20 * Double(roundingTolerance)), "\(error)")
  }

  @Test("networks without equal widths and ranks that are none are refused by name")
  func refusals() throws {
    let widening = [ConvSite(path: "a", layer: 1, stage: 1, inputs: 4, outputs: 6)]
    let error = #expect(throws: ConfigurationError.self) { try build(widening) }
    #expect(error?.description.contains("share=net") == true)
    for (options, word) in [
      (["rank-out": "0"], "rank-out"), (["rank-in": "1.5"], "rank-in"), (["modes": "all"], "modes"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try build(Self.residual, options) }
      #expect(error?.description.contains(word) == true, "\(options)")
    }
  }
}
