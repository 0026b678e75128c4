package import Formats
internal import Foundation

extension Inspection {
  /// The layers as a table, with sums of the body and of all.
  package var layersText: String {
    TextTable(
      [
        "layer", "convolution", "in", "out", "side", "parameters", "forward, dense", "factored",
        "step, dense",
        "factored",
      ],
      (rows + [body, total]).map { row in
        [row.name, row.path ?? ""]
          + [row.size?.inputs, row.size?.outputs, row.size?.side].map { $0.map(String.init) ?? "" }
          + [row.parameters, row.forward.dense, row.forward.factored, row.step.dense, row.step.factored]
          .map(TextTable.grouped)
      }
    ).text
  }

  /// The roles as a table and, in a sentence, how much of the model adapts.
  package var rolesText: String {
    let table = TextTable(
      ["role", "tensors", "parameters", "adapted tensors", "adapted", "share of the model", "amplification"],
      roles.map { role in
        let share = 100 * Double(role.adapted) / Double(max(1, total.parameters))
        return [role.role]
          + [role.tensors, role.parameters, role.adaptedTensors, role.adapted].map(TextTable.grouped)
          + ["\((share * 100).rounded() / 100) %", role.amplification?.text ?? ""]
      })
    return table.text + "\n\nThe inner loop changes \(TextTable.grouped(adapted)) of "
      + "\(TextTable.grouped(total.parameters)) numbers."
  }

  /// All counts as a document.
  ///
  /// - Parameters:
  ///   - backbone: Name of the backbone.
  ///   - family: Name of the convolution family.
  /// - Returns: An object with layers, sums and roles.
  package func document(backbone: String, family: String) -> JSONValue {
    .members([
      "backbone": .text(backbone), "family": .text(family), "layers": .list(rows.map(\.document)),
      "body": body.document, "total": total.document, "roles": .list(roles.map(\.document)),
      "ranks": ranksDocument,
      "adapted": .integer(adapted),
    ])
  }
}

extension Inspection.Row {
  fileprivate var document: JSONValue {
    .members([
      "name": .text(name), "inputs": .optional(size?.inputs), "outputs": .optional(size?.outputs),
      "side": .optional(size?.side), "parameters": .integer(parameters), "path": .optional(path),
      "multiply_adds": forward.document, "inner_step": step.document,
    ])
  }
}

extension Inspection.Work {
  fileprivate var document: JSONValue {
    .members(["dense": .integer(dense), "factored": .integer(factored)])
  }
}

extension Amplification {
  /// The mean, and the range if the convolutions differ.
  fileprivate var text: String {
    func short(_ value: Double) -> String { String(format: "%.3g", value) }
    return short(lowest) == short(highest)
      ? short(mean) : "\(short(mean)) (\(short(lowest)) to \(short(highest)))"
  }

  fileprivate var document: JSONValue {
    .members(["mean": .number(mean), "lowest": .number(lowest), "highest": .number(highest)])
  }
}

extension Inspection.Role {
  fileprivate var document: JSONValue {
    .members([
      "role": .text(role), "tensors": .integer(tensors), "parameters": .integer(parameters),
      "adapted_tensors": .integer(adaptedTensors), "adapted": .integer(adapted),
      "amplification": amplification?.document ?? .null,
    ])
  }
}
