import ConvFamilies
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

/// A family with settings, as every test of this file is given it.
struct FamilyCase: Sendable, CustomStringConvertible {
  let name: String
  let options: [String: String]

  var description: String {
    name + options.sorted { $0.key < $1.key }.map { " \($0)=\($1)" }.joined()
  }

  func family(_ more: [String: String] = [:]) throws -> any ConvFamily {
    try Self.families.family(named: name, options: options.merging(more) { $1 })
  }

  /// The registered families and that of the README's exercise.
  private static let families = FamilyRegistry.families + [GatedFamily.self]

  /// Every registered family at its defaults, and the settings that change what a family computes.
  static let all: [FamilyCase] =
    families.map { FamilyCase(name: $0.name, options: [:]) } + [
      FamilyCase(name: "acdc", options: ["stem": "atoms"]),
      FamilyCase(name: "acdc", options: ["atoms": "12", "stem": "atoms"]),
      FamilyCase(name: "acdc", options: ["share": "stage"]),
      FamilyCase(name: "acdc", options: ["share": "net", "stem": "atoms"]),
      FamilyCase(name: "acdc", options: ["groups": "2"]),
      FamilyCase(name: "acdc", options: ["groups": "2", "share": "net"]),
      FamilyCase(name: "dsb", options: ["norm": "none"]),
      FamilyCase(name: "dsb", options: ["bases": "double", "first": "shared", "start": "fan-in"]),
      FamilyCase(name: "dsb", options: ["unique": "0", "norm": "none", "bases": "double"]),
      FamilyCase(name: "tnet", options: ["modes": "structure"]),
      FamilyCase(name: "tnet", options: ["share": "net"]),
      FamilyCase(name: "tnet", options: ["share": "net", "modes": "structure", "rank-height": "2"]),
      FamilyCase(name: "svd", options: ["rank": "3", "stem": "svd"]),
      FamilyCase(name: "fsnet", options: ["stem": "summary", "compression": "2.5"]),
      FamilyCase(name: "fsnet", options: ["align": "channels"]),
      FamilyCase(name: "fsnet", options: ["align": "channels", "evaluation": "prefix"]),
      FamilyCase(name: "fsnet", options: ["locations": "learned"]),
      FamilyCase(name: "acdc", options: ["share": "block", "init": "fourier-bessel"]),
      FamilyCase(name: "acdc", options: ["delta": "on"]),
      FamilyCase(name: "acdc", options: ["delta": "on", "groups": "2", "share": "layer"]),
      FamilyCase(name: "lora", options: ["rank": "3", "scale": "2", "stem": "lora"]),
      FamilyCase(name: "adapter", options: ["stem": "adapter", "alignment": "off"]),
      FamilyCase(name: "cavia", options: ["context": "7", "layer": "3"]),
    ]

  private static let evaluations = ["dense", "factored", "prefix", "auto"]

  /// The ways to compute the same, which `auto` chooses between.
  var forms: [String] { evaluations.filter { $0 != "auto" } }

  /// The values of the option `evaluation` that the family accepts, or none if it has no such option.
  var evaluations: [String] {
    Self.evaluations.filter { (try? family(["evaluation": $0])) != nil }
  }

  /// One setting per evaluation to be tested, or the only one there is.
  func settings(_ wanted: [String] = Self.evaluations) -> [[String: String]] {
    let accepted = evaluations.filter(wanted.contains)
    return accepted.isEmpty ? [[:]] : accepted.map { ["evaluation": $0] }
  }
}

/// Unequal and equal widths, a stride, a stem, and a block of two convolutions.
private let sites = [
  ConvSite(path: "layer1.conv", layer: 1, stage: 1, block: 1, inputs: 3, outputs: 4, isStem: true),
  ConvSite(path: "layer2.conv", layer: 2, stage: 1, block: 2, inputs: 4, outputs: 6, stride: 2),
  ConvSite(path: "layer3.conv", layer: 3, stage: 2, block: 1, inputs: 6, outputs: 4),
  ConvSite(path: "layer4.conv", layer: 4, stage: 2, block: 2, position: 1, inputs: 4, outputs: 4),
  ConvSite(path: "layer5.conv", layer: 5, stage: 2, block: 2, position: 2, inputs: 4, outputs: 4),
]

@Suite("Convolution families")
struct FamilyTests {
  private func build(_ family: any ConvFamily) throws -> (ParameterLayout, [any Convolution]) {
    var layout = ParameterLayout()
    let made = try family.made(at: sites, in: &layout)
    return (layout, made.convolutions)
  }

  private func input(_ site: ConvSite, _ stream: inout RandomStream) -> Tensor {
    .normal([2, 5, 7, site.inputs], &stream)
  }

  @Test(
    "the output is that of the dense kernel, at the batch's statistics where there is an inner norm, at every site",
    arguments: FamilyCase.all)
  func denseKernel(item: FamilyCase) throws {
    for setting in item.settings() {
      let family = try item.family(setting)
      let (layout, convolutions) = try build(family)
      let parameters = layout.awayFromStart(seed: 1)
      var stream = RandomStream(seed: 1, purpose: "dense")
      for convolution in convolutions {
        let x = input(convolution.site, &stream)
        let form = convolution.affineForm(on: x, parameters)
        if form.bias == nil { #expect(form.kernel.scalars == convolution.kernel(parameters).scalars) }
        let expected = form(x, convolution.geometry(for: x))
        let error = relativeError(convolution(x, parameters).scalars, expected.scalars)
        #expect(error < roundingTolerance, "\(item) \(setting) \(convolution.site.path)")
      }
    }
  }

  @Test(
    "gradients by every parameter and the input agree with differences to second order",
    arguments: FamilyCase.all)
  func gradients(item: FamilyCase) throws {
    for setting in item.settings(["dense", "factored", "prefix"]) {
      let family = try item.family(setting)
      let (layout, convolutions) = try build(family)
      let start = layout.awayFromStart(seed: 2)
      var stream = RandomStream(seed: 2, purpose: "gradients \(item)")
      for convolution in convolutions {
        let checker = GradientChecker()
        // Enough positions behind a stride that the statistics of an inner norm are smooth over a difference's step.
        let x = Tensor.normal([3, 4, 5, convolution.site.inputs], &stream)
        let error = checker.error(
          of: { convolution($0[0], Parameters(layout: layout, values: Array($0.dropFirst()))) },
          at: [x] + start.values, order: 2, &stream)
        #expect(error < checker.tolerance, "\(item) \(setting) \(convolution.site.path): \(error)")
      }
    }
  }

  @Test(
    "the dense and the other evaluation agree in value, gradient and second derivative",
    arguments: FamilyCase.all.filter { $0.forms.count == 2 })
  func evaluationsAgree(item: FamilyCase) throws {
    var results: [[Tensor]] = []
    for evaluation in item.forms {
      let (layout, convolutions) = try build(try item.family(["evaluation": evaluation]))
      var stream = RandomStream(seed: 3, purpose: "evaluations")
      var found: [Tensor] = []
      for convolution in convolutions {
        let leaves = layout.awayFromStart(seed: 3).leaves
        let x = input(convolution.site, &stream).leaf
        let y = convolution(x, leaves)
        let targets = [x] + leaves.values
        let first = Tensors.gradients(of: (y * y).sum, wrt: targets, differentiable: true)
        let norm = first.reduce(Tensor(0)) { $0 + $1.dot($1) }
        found += [y] + first + Tensors.gradients(of: norm, wrt: targets)
      }
      results.append(found)
    }
    for (a, b) in zip(results[0], results[1]) {
      #expect(relativeError(a.scalars, b.scalars) < 10 * roundingTolerance, "\(item)")
    }
  }

  @Test("a fresh kernel has the He variance 2 / (C·k²)", arguments: FamilyCase.all)
  func variance(item: FamilyCase) throws {
    let wide = [
      ConvSite(path: "a", layer: 1, stage: 1, inputs: 12, outputs: 16),
      ConvSite(path: "b", layer: 2, stage: 1, inputs: 16, outputs: 16),
    ]
    var layout = ParameterLayout()
    // Shared bases start as published unless told otherwise: another test says how.
    let more = ["acdc": ["stem": "atoms"], "dsb": ["start": "fan-in"]][item.name] ?? [:]
    let convolutions = try item.family(more).made(at: wide, in: &layout).convolutions
    for convolution in convolutions {
      // Products of few numbers vary much, so average over draws until 10 % is four standard errors.
      var (count, sum, squares) = (0.0, 0.0, 0.0)
      repeat {
        let kernel = convolution.kernel(layout.initialized(seed: UInt64(count)))
        let power = kernel.scalars.reduce(0) { $0 + Double($1 * $1) } / Double(kernel.count)
        (count, sum, squares) = (count + 1, sum + power, squares + power * power)
      } while count < 20
        || (squares / count - sum * sum / count / count) / count > 0.025 * 0.025 * sum * sum / count / count
      let expected = 2 / Double(9 * convolution.site.inputs)
      #expect(
        abs(sum / count - expected) < 0.1 * expected,
        "\(item) \(convolution.site.path): \(sum / count / expected) of it in \(count) draws")
    }
  }

  @Test("every parameter that is declared moves some output", arguments: FamilyCase.all)
  func noneIdle(item: FamilyCase) throws {
    let (layout, convolutions) = try build(try item.family())
    let leaves = layout.awayFromStart(seed: 4).leaves
    var stream = RandomStream(seed: 4, purpose: "idle")
    let total = convolutions.reduce(Tensor(0)) { sum, convolution in
      let y = convolution(input(convolution.site, &stream), leaves)
      return sum + y.dot(y)
    }
    for (entry, gradient) in zip(layout.entries, Tensors.gradients(of: total, wrt: leaves.values)) {
      #expect(gradient.scalars.contains { $0 != 0 }, "\(item) \(entry.path)")
    }
  }
}
