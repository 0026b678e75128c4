internal import Formats
internal import Foundation
internal import Kernels
internal import MetaLearning
internal import Networks
internal import Results
internal import SafeTensors
internal import Settings
internal import Tensors
internal import Training

/// Everything that another program needs to recompute one meta-gradient, and the expected result.
struct Export {
  let arm: Arm
  let plan: Plan
  let point: MetaParameters
  let task: MetaTask

  /// Writes `plan.json` and the safetensors files.
  func write(to path: String) throws {
    let folder = try RunFolder(making: path)
    let gradient = arm.learner.metaGradient(at: point, on: task)
    let adapted = arm.learner.fit(point, to: task.support)
    let layout = arm.network.layout
    let paths = layout.entries.map(\.path)
    try folder.write(planText, to: "plan.json")
    try folder.write(paths, point.initial.values, to: "parameters.safetensors")
    try folder.write(
      ["support.images", "query.images"],
      [task.support, task.query].map { $0.images.permuted([0, 3, 1, 2]) },
      labels: ["support.labels": task.support.labels, "query.labels": task.query.labels],
      to: "episode.safetensors")
    let rates = plan.steps > 0
    try folder.write(rates ? arm.adaptedPaths : [], rates ? point.rates : [], to: "rates.safetensors")
    try folder.write(
      paths + (rates ? arm.adaptedPaths.map { "rate:" + $0 } : []) + ["loss"],
      gradient.parameters + (rates ? gradient.rates : []) + [Tensor(Scalar(gradient.loss))],
      to: "gradient.safetensors")
    // Where only some numbers of a tensor adapt (random:K): ones there, zeros elsewhere.
    let masks = zip(arm.adaptedPaths, arm.learner.innerLoop.adapted).filter { $0.1.mask != nil }
    if !masks.isEmpty {
      try folder.write(masks.map(\.0), masks.compactMap(\.1.mask), to: "masks.safetensors")
    }
    try folder.write(
      arm.adaptedPaths, arm.learner.innerLoop.refs.map { adapted[$0] }, to: "adapted.safetensors")
  }

  /// The plan with everything resolved, and which tensors adapt.
  private var planText: String {
    let resolved = plan.resolved(as: arm).resolvedConfiguration
    var members = resolved.filter { !["option", "adapt", "inner-steps"].contains($0.key) }
    members.append(
      .init("options", .object(arm.options.sorted { $0.key < $1.key }.map { .init($0, .text($1)) })))
    members.append(.init("adapt", .text(arm.selector.description)))
    members.append(.init("inner-steps", .integer(plan.steps)))
    members.append(.init("adapted", .list(arm.adaptedPaths.map { .text($0) })))
    let constants = arm.network.backbone.convolutions.flatMap { $0.convolution.constants }
    if !constants.isEmpty {
      members.append(
        .init(
          "constants",
          .object(constants.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })))
    }
    return JSONValue.object(members).withSchema.text + "\n"
  }
}

extension RunFolder {
  /// Writes tensors and integer labels by name.
  fileprivate func write(
    _ names: [String], _ tensors: [Tensor], labels: [String: [Int]] = [:], to name: String
  ) throws(RunFolderError) {
    var file = SafeTensorsFile(metadata: ["format": "fewshot-export"])
    for (name, tensor) in zip(names, tensors) { file[name] = tensor.entry }
    for (name, values) in labels {
      file[name] = .init(int64s: values.map(Int64.init), shape: [values.count])
    }
    try write(Data(file.encoded()), to: name)
  }
}
