import ArgumentParser
import ConvFamilies
import Experiments

/// The command `inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show layers, parameters by role and multiply-adds of any backbone with any family.",
    discussion: """
      Multiply-adds are those of one image, forward: once with every kernel dense, once with the family's \
      factors. The head is counted in a row of its own.

      Example: fewshot inspect --backbone conv4 --image-size 84 --channels 3 --family acdc --option atoms=9
      """)

  @OptionGroup var source: ConfigOption
  @OptionGroup var model: ModelOptions
  @Option(help: .field("ways")) var ways: String?
  @Option(help: .field("image-size")) var imageSize: String?
  @Option(help: .field("channels")) var channels: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    let own = ModelOptions.given(["ways": ways, "image-size": imageSize, "channels": channels])
    let plan = try source.plan(model.settings + own)
    try plan.validate(families: FamilyRegistry.families)
    let inspection = try Inspection(plan: plan, families: FamilyRegistry.families)
    output.console.finish(inspection.document(of: plan), inspection.text(of: plan))
  }
}

extension Inspection {
  func document(of plan: Plan) -> JSONValue {
    .members([
      "backbone": .text(plan.backbone), "family": .text(plan.family),
      "layers": .list(rows.map(\.document)), "body": body.document, "total": total.document,
      "roles": .list(
        roles.map {
          .members([
            "role": .text($0.role), "tensors": .integer($0.tensors), "parameters": .integer($0.parameters),
            "adapted_tensors": .integer($0.adaptedTensors), "adapted": .integer($0.adapted),
          ])
        }),
      "adapted": .integer(adapted),
    ])
  }

  func text(of plan: Plan) -> String {
    let layers = TextTable(
      ["layer", "in", "out", "side", "parameters", "dense multiply-adds", "factored"],
      (rows + [body, total]).map { row in
        [row.name] + [row.size?.inputs, row.size?.outputs, row.size?.side].map { $0.map(String.init) ?? "" }
          + [row.parameters, row.dense, row.factored].map(TextTable.grouped)
      })
    let roles = TextTable(
      ["role", "tensors", "parameters", "adapted", "share of the model"],
      roles.map { role in
        let share = 100 * Double(role.adapted) / Double(max(1, total.parameters))
        return [role.role] + [role.tensors, role.parameters, role.adapted].map(TextTable.grouped)
          + ["\((share * 100).rounded() / 100) %"]
      })
    return
      "\(plan.backbone), \(plan.filters) filters, family \(plan.family)\n\n\(layers.text)\n\n\(roles.text)\n\n"
      + "The inner loop changes \(TextTable.grouped(adapted)) of \(TextTable.grouped(total.parameters)) numbers."
  }
}

extension Inspection.Row {
  fileprivate var document: JSONValue {
    .members([
      "name": .text(name), "inputs": .optional(size?.inputs), "outputs": .optional(size?.outputs),
      "side": .optional(size?.side), "parameters": .integer(parameters),
      "multiply_adds": .members(["dense": .integer(dense), "factored": .integer(factored)]),
    ])
  }
}
