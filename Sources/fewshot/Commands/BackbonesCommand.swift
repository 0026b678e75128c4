import ArgumentParser
import ConvFamilies
import Diagnostics
import Files
import Formats
import Foundation
import Networks
import Settings

/// The command `backbones`.
struct BackbonesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backbones",
    abstract: "List the backbones, their default widths and their sizes with standard convolutions.",
    discussion: """
      Parameters and multiply-adds are those of the body, for one colour image of side 84, at the default width.

      Example: fewshot backbones --json
      """)

  @OptionGroup var output: OutputOptions

  func run() throws {
    let sizes = try BackboneRegistry.backbones.map(Size.init)
    try output.console.finish(
      .list(sizes.map(\.document)),
      TextTable(["backbone", "filters", "parameters", "multiply-adds", "what it is"], sizes.map(\.cells))
        .text(width: Terminal.width(of: STDOUT_FILENO)))
  }

  /// A backbone and what its body holds.
  private struct Size {
    let kind: BackboneKind
    let body: Inspection.Row

    init(_ kind: BackboneKind) throws {
      var plan = Plan()
      plan.backbone = kind.name
      plan.family = StandardFamily.name
      plan.channels = 3
      plan.imageSize = 84
      // Nothing adapts but the head, so there is nothing to measure.
      plan.adapt = "head"
      self.kind = kind
      body = try Inspection(plan: plan, families: FamilyRegistry.families).body
    }

    var cells: [String] {
      [
        kind.name, "\(kind.defaultFilters)", TextTable.grouped(body.parameters),
        TextTable.grouped(body.forward.dense), kind.summary,
      ]
    }

    var document: JSONValue {
      .members([
        "name": .text(kind.name), "summary": .text(kind.summary),
        "default_filters": .integer(kind.defaultFilters), "parameters": .integer(body.parameters),
        "multiply_adds": .integer(body.forward.dense),
      ])
    }
  }
}
