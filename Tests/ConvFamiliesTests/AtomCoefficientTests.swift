import ConvFamilies
import Foundation
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("ACDC")
struct AtomCoefficientTests {
  private let image = ImageShape(channels: 1, side: 16)

  private func network(_ family: String, _ options: [String: String] = [:]) throws -> Network {
    let made = try FamilyRegistry.families.family(named: family, options: options)
    return try Network(ways: 3) { layout throws(ConfigurationError) in
      try Conv4(.pooled, filters: 4, image: image, family: made, in: &layout)
    }
  }

  @Test(
    "with the nine unit kernels as atoms it is the standard convolution, to the second derivative",
    arguments: [
      "dense", "factored",
    ])
  func identity(evaluation: String) throws {
    let standard = try network("standard")
    let acdc = try network("acdc", ["atoms": "9", "stem": "atoms", "evaluation": evaluation])
    let theirs = standard.layout.initialized(seed: 1)
    let unit = Tensor((0..<81).map { $0 / 9 == $0 % 9 ? 1 : 0 }, shape: [9, 3, 3])
    // The coefficients are the kernel itself: A[o, c, j] = W[o, c, j / 3, j mod 3].
    let ours = Parameters(
      layout: acdc.layout,
      values: try acdc.layout.entries.map { entry in
        if entry.role == .atoms { return unit }
        let path = entry.path.replacingOccurrences(of: "coefficients", with: "kernel")
        return theirs[try #require(standard.layout.ref(at: path))].reshaped(entry.shape)
      })
    var stream = RandomStream(seed: 1, purpose: "identity")
    let images = Tensor.normal([6, 16, 16, 1], &stream)
    let labels = [0, 1, 2, 0, 1, 2]

    func derivatives(_ network: Network, _ parameters: Parameters, _ role: ParameterRole) -> [Tensor] {
      let leaves = parameters.leaves
      let refs = network.layout.refs.filter { network.layout[$0].role == role }
      let loss = crossEntropy(network.logits(images, leaves), labels)
      let first = gradients(of: loss, wrt: refs.map { leaves[$0] }, differentiable: true)
      let norm = first.reduce(Tensor(0)) { $0 + $1.dot($1) }
      return [loss] + first + gradients(of: norm, wrt: refs.map { leaves[$0] })
    }
    let expected = derivatives(standard, theirs, .kernels)
    for (a, b) in zip(derivatives(acdc, ours, .coefficients), expected) {
      #expect(relativeError(a.scalars, b.scalars) < 50 * roundingTolerance)
    }
  }

  @Test("sharing declares coefficients once, as wide as the widest layer")
  func sharing() throws {
    let none = try network("acdc", ["share": "none"]).layout
    let net = try network("acdc", ["share": "net"]).layout
    #expect(none.entries.count { $0.role == .coefficients } == 3)
    #expect(net.entries.filter { $0.role == .coefficients }.map(\.shape) == [[4, 4, 6]])
    let withStem = try network("acdc", ["share": "net", "stem": "atoms"]).layout
    #expect(withStem.entries.filter { $0.role == .coefficients }.map(\.shape) == [[4, 4, 6]])
    #expect(withStem.entries.count { $0.role == .atoms } == 4)
  }

  @Test(
    "sharing declares one set of coefficients per layer, block, stage or net, as wide as its widest user",
    arguments: [
      ("none", 11, 40), ("layer", 11, 40), ("block", 4, 40), ("stage", 4, 40), ("net", 1, 40),
    ])
  func sharingInBlocks(share: String, sets: Int, widest: Int) throws {
    let layout = try residual("resnet12", ["share": share]).layout
    let shapes = layout.entries.filter { $0.role == .coefficients }.map(\.shape)
    #expect(shapes.count == sets)
    #expect(shapes.last?.extents == [widest, widest, 6])
    // Two blocks a stage: blocks share apart from stages.
    let counts = ["block": 8, "stage": 4]
    if let expected = counts[share] {
      let deeper = try residual("resnet18", ["share": share]).layout
      #expect(deeper.entries.count { $0.role == .coefficients } == expected)
    }
  }

  private func residual(_ name: String, _ options: [String: String]) throws -> Network {
    let made = try FamilyRegistry.families.family(named: "acdc", options: options)
    let kind = try #require(BackboneRegistry.backbones.kind(named: name))
    return try Network(ways: nil) { layout throws(ConfigurationError) in
      try kind.backbone(filters: 4, image: ImageShape(channels: 3, side: 16), family: made, in: &layout)
    }
  }

  // With m = 9 unit kernels as atoms, coefficients can be any kernel; more atoms than taps must give the same one
  // if the further coefficients are zero.
  @Test("more atoms than taps are a valid, redundant form")
  func overcomplete() throws {
    let (nine, twelve) = (
      try network("acdc", ["atoms": "9"]).layout, try network("acdc", ["atoms": "12"]).layout
    )
    #expect(nine.entries.count == twelve.entries.count)
    let start = nine.initialized(seed: 4)
    let padded = Parameters(
      layout: twelve,
      values: zip(start.values, twelve.entries).map { value, entry in
        guard value.shape != entry.shape else { return value }
        let rows = entry.role == .atoms ? 9 : value.count / 9
        let columns = value.count / rows
        let shape: Shape = entry.role == .atoms ? [12, columns] : [rows, 12]
        return value.reshaped([rows, columns]).padded(to: shape, row: 0, column: 0).reshaped(entry.shape)
      })
    var stream = RandomStream(seed: 4, purpose: "overcomplete")
    let images = Tensor.normal([3, 16, 16, 1], &stream)
    let (a, b) = (
      try network("acdc", ["atoms": "9"]).logits(images, start),
      try network("acdc", ["atoms": "12"]).logits(images, padded)
    )
    #expect(relativeError(b.scalars, a.scalars) < 50 * roundingTolerance)
  }

  @Test("Fourier-Bessel atoms are those of the formula, smooth first, independent, of mean squared length 1")
  func fourierBessel() throws {
    let layout = try network("acdc", ["atoms": "8", "init": "fourier-bessel"]).layout
    let ref = try #require(layout.ref(at: "layer2.conv.atoms"))
    let atoms = layout.initialized(seed: 0)[ref].scalars.map { Double($0) }
    let rows = (0..<8).map { Array(atoms[($0 * 9)..<($0 * 9 + 9)]) }
    #expect(layout.initialized(seed: 1)[ref].scalars == layout.initialized(seed: 0)[ref].scalars)
    #expect(abs(atoms.reduce(0) { $0 + $1 * $1 } - 8) < 1e-4)
    // The first is J0(2.404826·r) on a disk of radius 1.5, and the next two J1(3.831706·r) times cos θ and sin θ.
    let centre = rows[0][4]
    #expect(abs(rows[0][5] / centre - j0(2.404826 / 1.5)) < 1e-5)
    #expect(abs(rows[0][8] / centre - j0(2.404826 * 2.0.squareRoot() / 1.5)) < 1e-5)
    let ratio = 2.0.squareRoot() * j1(3.831706 / 1.5) / abs(jn(2, 3.831706)) * abs(j1(2.404826))
    #expect(abs(rows[1][5] / centre - ratio) < 1e-5)
    #expect(abs(rows[1][3] + rows[1][5]) < 1e-6 && abs(rows[1][1]) < 1e-6)
    for i in 0..<9 { #expect(abs(rows[2][i] - rows[1][i % 3 * 3 + i / 3]) < 1e-6) }
    // What is left of each after projecting the earlier ones out.
    var basis: [[Double]] = []
    for row in rows {
      var rest = row
      for other in basis {
        let along = zip(rest, other).reduce(0) { $0 + $1.0 * $1.1 }
        rest = zip(rest, other).map { $0 - along * $1 }
      }
      let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(length > 0.1)
      basis.append(rest.map { $0 / length })
    }
  }

  @Test(
    "adapting the difference from zero moves the kernel as adapting the atoms does, and stays out of them")
  func delta() throws {
    let plain = try network("acdc")
    let split = try network("acdc", ["delta": "on"])
    let start = plain.layout.initialized(seed: 6)
    let point = Parameters(
      layout: split.layout,
      values: try split.layout.entries.map { entry in
        entry.role == .atomsDelta
          ? Tensor(repeating: 0, shape: entry.shape) : start[try #require(plain.layout.ref(at: entry.path))]
      })
    #expect(split.layout.count(of: .atomsDelta) == split.layout.count(of: .atoms))
    #expect(split.layout.entries.allSatisfy { $0.isMetaTrained == ($0.role != .atomsDelta) })
    var stream = RandomStream(seed: 6, purpose: "delta")
    let images = Tensor.normal([3, 16, 16, 1], &stream)
    func slopes(_ network: Network, _ parameters: Parameters, _ role: ParameterRole) throws -> [Tensor] {
      let leaves = parameters.leaves
      let refs = try AdaptSelector(role.rawValue).adapted(in: network.layout, withHead: false, seed: 0)
      return gradients(
        of: crossEntropy(network.logits(images, leaves), [0, 1, 2]), wrt: refs.map { leaves[$0.ref] })
    }
    let expected = try slopes(plain, start, .atoms)
    #expect(expected.count == 3)
    for role in [ParameterRole.atoms, .atomsDelta] {
      for (a, b) in zip(try slopes(split, point, role), expected) {
        #expect(relativeError(a.scalars, b.scalars) < 10 * roundingTolerance)
      }
    }
  }

  @Test("the gradient of shared coefficients is the sum over their uses")
  func sharedGradient() throws {
    let shared = try network("acdc", ["share": "net"])
    let apart = try network("acdc", ["share": "none"])
    let point = shared.layout.initialized(seed: 2)
    let copy = Parameters(
      layout: apart.layout,
      values: try apart.layout.entries.map { entry in
        let path = entry.role == .coefficients ? "shared.coefficients" : entry.path
        return point[try #require(shared.layout.ref(at: path))]
      })
    var stream = RandomStream(seed: 2, purpose: "shared")
    let images = Tensor.normal([3, 16, 16, 1], &stream)
    func gradient(_ network: Network, _ parameters: Parameters) -> [Tensor] {
      let leaves = parameters.leaves
      let refs = network.layout.refs.filter { network.layout[$0].role == .coefficients }
      return gradients(
        of: crossEntropy(network.logits(images, leaves), [0, 1, 2]), wrt: refs.map { leaves[$0] })
    }
    let sum = gradient(apart, copy).reduce(Tensor(repeating: 0, shape: [4, 4, 6])) { $0 + $1 }
    #expect(relativeError(gradient(shared, point)[0].scalars, sum.scalars) < 10 * roundingTolerance)
  }

  @Test("group sizes that do not divide a layer, unknown options and words are refused by name")
  func refusals() throws {
    for (options, word) in [
      (["groups": "3"], "groups"), (["atoms": "0"], "atoms"), (["share": "all"], "share"),
      (["atmos": "6"], "atmos"), (["init": "fourier-bessel", "atoms": "9"], "atoms"),
      (["init": "fourier-bessel", "groups": "2"], "init"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try network("acdc", options) }
      #expect(error?.description.contains(word) == true)
    }
  }

  @Test("every file of the families' folder is in the registry, but for parts of a family")
  func registered() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/ConvFamilies")
    let registry = try String(contentsOf: folder.appendingPathComponent("Registry.swift"), encoding: .utf8)
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      for match in text.matches(of: /struct (\w+): ConvFamily/) {
        #expect(registry.contains("\(match.1).self"), "\(file): \(match.1) is not registered")
      }
    }
  }
}
