import ArgumentParser
import ConvFamilies
import Diagnostics
import Files
import Formats
import Foundation
import Networks
import Settings

/// The command `families`.
struct FamiliesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "families",
    abstract: "List the convolution families, their roles and options.",
    discussion: "Example: fewshot families --json")

  @OptionGroup var output: OutputOptions

  func run() throws {
    let families = try FamilyRegistry.families.map { try FamilyDescription($0) }
    try output.console.finish(
      .list(families.map(\.document)),
      families.map { $0.text(width: Terminal.width(of: STDOUT_FILENO)) }.joined(separator: "\n\n"))
  }
}

/// What is listed of one family.
private struct FamilyDescription {
  let family: any ConvFamily.Type
  let roles: [String]

  /// Builds a small body to see which roles it has.
  init(_ family: any ConvFamily.Type) throws {
    var plan = Plan()
    plan.family = family.name
    plan.filters = 4
    plan.imageSize = 16
    self.family = family
    roles = try Inspection(plan: plan, families: [family]).roles.map(\.role)
  }

  var document: JSONValue {
    let options = family.options.map { option in
      JSONValue.members([
        "name": .text(option.name), "default": .text(option.defaultValue), "help": .text(option.help),
      ])
    }
    return .members([
      "name": .text(family.name), "summary": .text(family.summary), "roles": .list(roles.map { .text($0) }),
      "default_adapt": .text(family.defaultAdaptation), "options": .list(options),
    ])
  }

  /// The same for readers, in so many columns.
  func text(width: Int?) -> String {
    let options = family.options.map { ["  \($0.name)", $0.defaultValue, $0.help] }
    let table =
      options.isEmpty
      ? "  no options" : TextTable(["  option", "default", "meaning"], options).text(width: width)
    return """
      \(WordWrap.text("\(family.name): \(family.summary)", width: width, indent: 2))
        \(WordWrap.text("roles: \(roles.joined(separator: ", "))", width: width, indent: 4))
        adapts by default: \(family.defaultAdaptation)
      \(table)
      """
  }
}
