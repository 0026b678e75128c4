import ConvFamilies
import Foundation
import Networks
import Testing

/// A 3×3 convolution behind the stem, as much of it as a count needs.
private struct Layer {
  let stage: Int
  let inputs: Int
  let outputs: Int
  var kernel: Int { 9 * inputs * outputs }
}

/// A network at its published width, written out from its description alone.
private struct Skeleton {
  let backbone: String
  /// Features of an image of 84 pixels a side.
  let features: Int
  /// Stem, projections and normalisations: standard in every family.
  let rest: Int
  /// Scales and shifts among them.
  let norms: Int
  let layers: [Layer]

  /// 3 → 64 → 64 → 64 → 64.
  static let conv4 = Skeleton(
    backbone: "conv4", features: 64 * 5 * 5, rest: 27 * 64 + 512, norms: 4 * 2 * 64,
    layers: (2...4).map { _ in Layer(stage: 1, inputs: 64, outputs: 64) })

  /// Four blocks of three convolutions and a projection, each with a norm; the first convolution is the stem.
  static let resnet12: Skeleton = {
    let widths = [64, 160, 320, 640]
    let before = [3] + widths.dropLast()
    let norms = widths.reduce(0) { $0 + 4 * 2 * $1 }
    let projections = zip(before, widths).reduce(0) { $0 + $1.0 * $1.1 }
    let all = zip(before, widths).enumerated().flatMap { stage, width in
      [width.0, width.1, width.1].map { Layer(stage: stage + 1, inputs: $0, outputs: width.1) }
    }
    return Skeleton(
      backbone: "resnet12", features: 640, rest: all[0].kernel + projections + norms, norms: norms,
      layers: Array(all.dropFirst()))
  }()

  var kernels: Int { layers.reduce(0) { $0 + $1.kernel } }
}

/// What a family's definition says of its default settings: all numbers of the body, and those that adapt by default.
private let closedForms: [String: @Sendable (Skeleton) -> (total: Int, adapted: Int)] = [
  "standard": { net in (net.rest + net.kernels, net.rest + net.kernels) },
  // O·C·m coefficients and 9·m atoms, m = 6.
  "acdc": { net in
    let atoms = net.layers.count * 9 * 6
    return (net.rest + net.layers.reduce(atoms) { $0 + $1.outputs * $1.inputs * 6 }, atoms)
  },
  // The layers of a stage that read C channels share C/2 filters; each has C/64 of its own (halves up), R in all, with
  // R·O coefficients and an inner norm of 2·R.
  "dsb": { net in
    var (total, adapted, seen) = (net.rest, net.norms, Set<[Int]>())
    for layer in net.layers {
      let (shared, unique) = (layer.inputs / 2, (layer.inputs + 32) / 64)
      let isNew = seen.insert([layer.stage, layer.inputs]).inserted
      total += (isNew ? shared * 9 * layer.inputs : 0) + (shared + unique) * layer.outputs
      let own = unique * 9 * layer.inputs + 2 * (shared + unique)
      (total, adapted) = (total + own, adapted + own)
    }
    return (total, adapted)
  },
  // The n layers of a stage that keep its width w are a tensor of ranks (n, w/2, w/2, 3, 3); the others stay standard.
  "tnet": { net in
    let kept = Dictionary(grouping: net.layers.filter { $0.inputs == $0.outputs }) { $0.stage }
    let changing = net.layers.filter { $0.inputs != $0.outputs }.reduce(0) { $0 + $1.kernel }
    let adapted = kept.values.reduce(0) { $0 + $1.count * $1.count + 18 }
    let shared = kept.values.reduce(0) { sum, layers in
      let w = layers[0].inputs
      return sum + layers.count * (w / 2) * (w / 2) * 9 + 2 * w * (w / 2)
    }
    return (net.rest + changing + shared + adapted, adapted)
  },
  // Full rank r = min(O, 9·C): r·(O + 9·C + 1).
  "svd": { net in
    let ranks = net.layers.map { min($0.outputs, 9 * $0.inputs) }
    let factors = zip(ranks, net.layers).reduce(0) { $0 + $1.0 * ($1.1.outputs + 9 * $1.1.inputs + 1) }
    return (net.rest + factors, ranks.reduce(0, +))
  },
  // A quarter of the kernel, but no two segments alike.
  "fsnet": { net in
    let summaries = net.layers.reduce(0) { $0 + max(9 * $1.inputs + $1.outputs - 1, ($1.kernel + 3) / 4) }
    return (net.rest + summaries, summaries)
  },
  // Beside the kernels, rank 1: 9·C + O.
  "lora": { net in
    let difference = net.layers.reduce(0) { $0 + 9 * $1.inputs + $1.outputs }
    return (net.rest + net.kernels + difference, difference)
  },
  // Beside the kernels O·C, behind the features D².
  "adapter": { net in
    let matrices = net.layers.reduce(net.features * net.features) { $0 + $1.outputs * $1.inputs }
    return (net.rest + net.kernels + matrices, matrices)
  },
  "film": { net in (net.rest + net.kernels, net.norms) },
  // A vector of 100, and 100 numbers for each scale and shift.
  "cavia": { net in (net.rest + net.kernels + 100 + 100 * net.norms, 100) },
]

/// Every family at its defaults against its definition, and the page of the documentation against every family.
@Suite("Counts of every family in conv4 and resnet12")
struct FamilyCountTests {
  private func counts(_ family: any ConvFamily.Type, _ skeleton: Skeleton) throws -> (
    total: Int, adapted: Int
  ) {
    let made = try FamilyRegistry.families.family(named: family.name)
    let kind = try #require(BackboneRegistry.backbones.kind(named: skeleton.backbone))
    let layout = try Network(ways: nil) { layout throws(ConfigurationError) in
      try kind.backbone(filters: 64, image: ImageShape(channels: 3, side: 84), family: made, in: &layout)
    }.layout
    let adapted = try AdaptSelector(family.defaultAdaptation).adapted(in: layout, withHead: false, seed: 0)
    return (layout.count(), adapted.reduce(0) { $0 + $1.count(in: layout) })
  }

  @Test("are those of the closed forms", arguments: FamilyRegistry.families.map { $0.name })
  func closed(name: String) throws {
    let family = try #require(FamilyRegistry.families.first { $0.name == name })
    let form = try #require(closedForms[name])
    for skeleton in [Skeleton.conv4, .resnet12] {
      let (found, expected) = (try counts(family, skeleton), form(skeleton))
      #expect(found.total == expected.total)
      #expect(found.adapted == expected.adapted)
    }
  }

  @Test("are those of the page Families", arguments: FamilyRegistry.families.map { $0.name })
  func page(name: String) throws {
    let family = try #require(FamilyRegistry.families.first { $0.name == name })
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let root = here.deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("Sources/ConvFamilies/ConvFamilies.docc/Families.md")
    let page = try String(contentsOf: file, encoding: .utf8)
    for skeleton in [Skeleton.conv4, .resnet12] {
      let found = try counts(family, skeleton)
      let cells = [
        name, skeleton.backbone, spaced(found.total), "`\(family.defaultAdaptation)`", spaced(found.adapted),
      ]
      let row = "| " + cells.joined(separator: " | ") + " |"
      #expect(page.contains(row))
    }
  }

  /// Digits in threes, as the page writes them.
  private func spaced(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.indices.map { i in
      (i > 0 && (digits.count - i) % 3 == 0 ? "," : "") + String(digits[i])
    }.joined()
  }
}
