import ConvFamilies
import Foundation
import MetaLearning
import Networks
import SafeTensors
import Tensors

/// One case of Tests/Goldens: a small problem and its answers by PyTorch in 64 bits.
struct GoldenCase: Sendable, CustomStringConvertible {
  let file: SafeTensorsFile
  let description: String

  static let all: [GoldenCase] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Goldens/cases")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".safetensors") }.sorted().compactMap { name in
      (try? SafeTensorsFile(contentsOf: folder.appendingPathComponent(name))).map {
        GoldenCase(file: $0, description: name)
      }
    }
  }()

  func text(_ key: String) -> String { file.metadata[key] ?? "" }
  func number(_ key: String) -> Int { Int(text(key)) ?? 0 }

  func tensor(_ name: String) throws -> Tensor {
    let values = try file.doubles(name)
    return Tensor(values.map { Scalar($0) }, shape: Shape(file[name]?.shape ?? []))
  }

  var hasHead: Bool { text("learner") == "maml" }

  func network() throws -> Network {
    var options = text("family") == "acdc" ? ["atoms": text("atoms"), "share": text("share")] : [:]
    let residual = BackboneRegistry.backbones.kind(named: text("backbone"))
    if options["share"] == "none", residual == nil { options["stem"] = "atoms" }
    if options["share"] != nil, text("delta") == "on" { options["delta"] = "on" }
    for pair in text("options").split(separator: ",") {
      let parts = pair.split(separator: "=").map(String.init)
      options[parts[0]] = parts[1]
    }
    let family = try FamilyRegistry.families.family(named: text("family"), options: options)
    let form: Conv4.Form = text("form") == "pool" ? .pooled : .strided
    let image = ImageShape(channels: number("channels"), side: number("image-size"))
    let filters = number("filters")
    var network = try Network(ways: hasHead ? number("ways") : nil) { layout throws(ConfigurationError) in
      guard let residual else {
        return try Conv4(form, filters: filters, image: image, family: family, in: &layout)
      }
      return try residual.backbone(filters: filters, image: image, family: family, in: &layout)
    }
    if hasStepNorms { _ = network.declareStepNorms(steps: number("inner-steps")) }
    return network
  }

  private var hasStepNorms: Bool { text("step-norms") == "on" }

  func learner(_ network: Network) throws -> MetaLearner {
    let selector = try AdaptSelector(text("adapt"))
    let steps = number("inner-steps")
    let layout = network.layout
    let adapted = try selector.adapted(in: layout, withHead: false, seed: 0)
    let stepwise = layout.refs.compactMap { slot -> StepwiseParameter? in
      let versions = (1...max(1, steps)).compactMap { layout.ref(at: "\(layout[slot].path).step\($0)") }
      return versions.isEmpty ? nil : StepwiseParameter(slot: slot, versions: versions)
    }
    let loop = InnerLoop(
      steps: steps, adapted: hasStepNorms ? adapted.filter { layout[$0.ref].role != .norm } : adapted,
      order: text("order") == "first" ? .first : .second,
      rates: text("tie-rates") == "on" ? .tied : text("elementwise-rates") == "on" ? .elementwise : .perStep,
      stepwise: stepwise)
    let start = HeadStart(rawValue: text("head-start")) ?? .parameters
    let objective: any TaskObjective =
      hasHead ? LinearHeadObjective(network, headStart: start) : FeatureObjective(network)
    return MetaLearner(layout: network.layout, objective: objective, innerLoop: loop)
  }

  /// The weights of the steps by the rule that the case names, and as it writes them; nil for the last step alone.
  func stepWeights() -> (rule: StepWeights, written: [Double])? {
    let rule = text("step-weights").split(whereSeparator: { ":/".contains($0) }).map(String.init)
    guard let name = rule.first else { return nil }
    let steps = number("inner-steps")
    let written = text("weights").split(separator: ",").compactMap { Double($0) }
    guard name == "annealed" else { return (StepWeights(equal: steps), written) }
    let updates = rule.dropFirst().compactMap { Int($0) }
    return (StepWeights(annealed: steps, after: updates[0], of: updates[1]), written)
  }

  func point(_ learner: MetaLearner) throws -> MetaParameters {
    let layout = learner.layout
    return MetaParameters(
      initial: Parameters(
        layout: layout, values: try layout.entries.map { try tensor("parameters/" + $0.path) }),
      rates: try learner.innerLoop.refs.map { try tensor("rates/" + layout[$0].path) })
  }

  func task() throws -> MetaTask {
    func side(_ name: String) throws -> Batch {
      Batch(
        images: try tensor(name + ".images").permuted([0, 2, 3, 1]),
        labels: try file.int64s(name + ".labels").map { Int($0) }, ways: number("ways"))
    }
    return MetaTask(support: try side("support"), query: try side("query"))
  }
}
