import ConvFamilies
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("Deeply shared filter bases")
struct SharedBasisTests {
  private func family(_ options: [String: String] = [:]) throws -> any ConvFamily {
    try FamilyRegistry.families.family(named: "dsb", options: options)
  }

  /// A stage of blocks of two convolutions of equal width, the first of which starts from fewer channels.
  private func stage(width: Int, blocks: Int = 3) -> [ConvSite] {
    (1...blocks).flatMap { block in
      (1...2).map { position in
        ConvSite(
          path: "block\(block).conv\(position)", layer: 2 * block + position - 2, stage: 1, block: block,
          position: position, inputs: block == 1 && position == 1 ? width / 2 : width, outputs: width)
      }
    }
  }

  private func build(_ sites: [ConvSite], _ options: [String: String] = [:]) throws
    -> (any MadeConvolutions, ParameterLayout, [any Convolution])
  {
    var layout = ParameterLayout()
    let family = try family(options)
    let made = try family.made(at: sites, in: &layout)
    return (made, layout, made.convolutions)
  }

  @Test("the first block of a stage is standard, as published, unless it is the only one or shares by option")
  func firstBlock() throws {
    func standard(_ sites: [ConvSite], _ first: String) throws -> [String] {
      try build(sites, ["first": first]).1.entries.filter { $0.role == .kernels }.map(\.path)
    }
    let three = stage(width: 8)
    for first in ["standard", "auto"] {
      #expect(try standard(three, first) == ["block1.conv1.kernel", "block1.conv2.kernel"])
    }
    #expect(try standard(three, "shared") == [])
    let one = stage(width: 8, blocks: 1)
    #expect(try standard(one, "auto") == [])
    let error = #expect(throws: ConfigurationError.self) { try standard(one, "standard") }
    #expect(error?.description.contains("first=shared") == true)
  }

  @Test("double sharing gives one basis to all first and one to all second convolutions of the blocks")
  func turns() throws {
    let (_, layout, convolutions) = try build(stage(width: 4), ["bases": "double", "unique": "0"])
    let bases = try #require(layout.ref(at: "shared.stage1.bases"))
    #expect(layout[bases].shape == [4, 4, 3, 3])
    let leaves = layout.initialized(seed: 1).leaves
    var stream = RandomStream(seed: 1, purpose: "turns")
    for convolution in convolutions where convolution.site.block > 1 {
      let y = convolution(.normal([2, 5, 5, 4], &stream), leaves)
      let slope = gradients(of: (y * y).sum, wrt: [leaves[bases]])[0].scalars
      let used = [slope[..<72], slope[72...]].map { $0.contains { $0 != 0 } }
      #expect(used == (convolution.site.position == 1 ? [true, false] : [false, true]))
    }
  }

  @Test("the gradient of a shared basis is the sum over its uses, each with statistics of its own")
  func sharedGradient() throws {
    let (_, layout, convolutions) = try build(stage(width: 4))
    let leaves = layout.initialized(seed: 2).leaves
    let bases = leaves[try #require(layout.ref(at: "shared.stage1.bases"))]
    var stream = RandomStream(seed: 2, purpose: "uses")
    // Inputs of very different size: an inner norm with common statistics would let the large ones drown the small.
    let outputs = convolutions.filter { $0.site.block > 1 }.enumerated().map { i, convolution in
      convolution(Scalar(1 + 50 * i) * Tensor.normal([2, 5, 5, 4], &stream), leaves)
    }
    let each = outputs.map { gradients(of: ($0 * $0 * $0).sum, wrt: [bases])[0] }
    let all = gradients(of: outputs.map { ($0 * $0 * $0).sum }.reduce(Tensor(0), +), wrt: [bases])[0]
    let sum = each.dropFirst().reduce(each[0], +)
    #expect(relativeError(all.scalars, sum.scalars) < 10 * roundingTolerance)
    // y is a mix of normalised responses, so its size does not depend on that of x.
    let sizes = outputs.map { ($0 * $0).mean.item }
    #expect((sizes.max() ?? 0) < 20 * (sizes.min() ?? 0), "\(sizes)")
  }

  @Test("a fresh basis is orthonormal, so the penalty is zero; both bases of a double model together")
  func orthogonalStart() throws {
    for bases in ["single", "double"] {
      let (made, layout, _) = try build(stage(width: 8), ["bases": bases])
      let value = try #require(made.regularizer(layout.initialized(seed: 3)))
      #expect(value.item < 100 * roundingTolerance * roundingTolerance)
    }
  }

  @Test("the penalty is λ times the squared Gram error per entry, over all groups together")
  func penalty() throws {
    let sites =
      stage(width: 4)
      + [4, 5, 6].map { layer in
        ConvSite(
          path: "late\(layer)", layer: 3 + layer, stage: 2, block: layer, inputs: layer == 4 ? 4 : 6,
          outputs: layer == 6 ? 4 : 6)
      }
    for (gram, weight) in [("shared", "10"), ("all", "2.5")] {
      let (made, layout, _) = try build(
        sites, ["gram": gram, "orthogonality": weight, "unique": "2"])
      var stream = RandomStream(seed: 4, purpose: "penalty")
      let point = layout.initialized(seed: 4).mapValues { .normal($0.shape, &stream) }
      // By hand, from the rows of every pair of filter sets.
      func rows(_ path: String) throws -> [[Scalar]] {
        let tensor = point[try #require(layout.ref(at: path))]
        let length = tensor.count / tensor.shape[0]
        return (0..<tensor.shape[0]).map { Array(tensor.scalars[($0 * length)..<(($0 + 1) * length)]) }
      }
      var (squares, entries) = (Scalar(0), 0)
      func compare(_ a: [[Scalar]], _ b: [[Scalar]], same: Bool) {
        for (i, x) in a.enumerated() {
          for (j, y) in b.enumerated() {
            let error = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } - (same && i == j ? 1 : 0)
            squares += error * error
            entries += 1
          }
        }
      }
      for stage in [1, 2] {
        let shared = try rows("shared.stage\(stage).bases")
        compare(shared, shared, same: true)
        guard gram == "all" else { continue }
        for entry in layout.entries
        where entry.role == .unique && entry.path.hasPrefix("late") == (stage == 2) {
          let own = try rows(entry.path)
          compare(own, own, same: true)
          compare(shared, own, same: false)
        }
      }
      let expected = (Scalar(weight) ?? 0) * squares / Scalar(entries)
      let found = try #require(made.regularizer(point)).item
      #expect(abs(found - expected) < 10 * roundingTolerance * expected, "\(gram)")
      let checker = GradientChecker()
      let error = checker.error(
        of: { values in
          made.regularizer(Parameters(layout: layout, values: values)) ?? Tensor(0)
        }, at: layout.initialized(seed: 5).values.map { 0.5 * $0 }, order: 2, &stream)
      #expect(error < checker.tolerance, "\(gram): \(error)")
    }
    let (none, layout, _) = try build(sites, ["orthogonality": "0"])
    #expect(none.regularizer(layout.initialized(seed: 4)) == nil)
  }

  @Test("on white noise the inner norm is what the kernel without a batch says")
  func whiteNoise() throws {
    let (_, layout, convolutions) = try build(stage(width: 4))
    var stream = RandomStream(seed: 6, purpose: "noise")
    var point = layout.initialized(seed: 6)
    let bases = try #require(layout.ref(at: "shared.stage1.bases"))
    point = point.replacing([bases], with: [3 * point[bases]])
    let convolution = try #require(convolutions.last)
    let form = convolution.affineForm(on: .normal([40, 24, 24, 4], &stream), point)
    // Zeros around the images lower the variance at the edges by up to a third, on a twelfth of the positions; the
    // noise itself leaves 1 %.
    #expect(relativeError(form.kernel.scalars, convolution.kernel(point).scalars) < 0.05)
    let offsets = try #require(form.bias).scalars
    #expect(offsets.allSatisfy { abs($0) < 0.2 })
  }

  @Test("variances at the start are those of the published code, or those that give the He variance")
  func start() throws {
    let sites = stage(width: 32)
    func variances(_ start: String) throws -> [Double] {
      let (_, layout, _) = try build(sites, ["start": start, "unique": "3"])
      let point = layout.initialized(seed: 7)
      return [ParameterRole.coefficients, .unique].map { role in
        let all = layout.refs.filter { layout[$0].role == role }.flatMap { point[$0].scalars }
        return all.reduce(0) { $0 + Double($1 * $1) } / Double(all.count)
      }
    }
    // O = 32, R = 16 + 3, U = 3, and rows of 288 numbers.
    let expectations: [(start: String, variances: [Double])] = [
      ("fan-out", [2.0 / 32.0, 2.0 / 27.0]), ("fan-in", [2.0 / 19.0, 1.0 / 288.0]),
    ]
    for (start, expected) in expectations {
      for (found, wanted) in zip(try variances(start), expected) {
        #expect(abs(found - wanted) < 0.1 * wanted, "\(start)")
      }
    }
  }

  @Test("a dense form of the inner norm, too many filters and unknown words are refused by name")
  func refusals() throws {
    for (options, word) in [
      (["evaluation": "dense"], "norm=none"), (["shared": "100"], "orthogonal"),
      (["shared": "half"], "shared"), (["shared": "9000000000000000000"], "65536"),
      (["orthogonality": "-1"], "orthogonality"), (["bases": "three"], "bases"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try build(stage(width: 8), options) }
      #expect(error?.description.contains(word) == true, "\(options)")
    }
  }
}
