import ArgumentParser
import Formats
import Images
import Settings
import Training

/// The command `data check`.
struct DataCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Decode every image of a data set; show its splits, its hash and identical images.",
    discussion: """
      Images that cannot be decoded end the command with status 65, unless --skip-unreadable leaves them out. The first \
      twenty are named; --all names each, and --json has all of them under "skipped". A file is an image if its \
      name ends in .png; files with other endings are counted and ignored.

      Example: fewshot data check --data images --split splits.csv
      """)

  @OptionGroup var source: ConfigOption
  @OptionGroup(title: "Data") var data: DataOptions
  @Option(help: .field("threads")) var threads: String?
  @Flag(help: "Name every image that cannot be used, not only the first twenty.") var all = false
  @OptionGroup var result: OutputOptions

  func run() throws {
    let console = result.console
    var plan = try source.plan(data.settings + DataOptions.given(["threads": threads]))
    let mayBeBad = plan.skipUnreadable
    plan.skipUnreadable = true
    let (index, store) = try plan.images(progress: console.progress)
    let isFine = mayBeBad || store.skipped.isEmpty
    if isFine || result.json { try console.finish(document(plan, store, index), text(store, index)) }
    guard isFine else {
      if all && !result.json { try console.finish(store.skipped.map(\.description).joined(separator: "\n")) }
      throw DatasetError.badImages(store.skipped, total: store.paths.count + store.skipped.count)
    }
  }

  private func document(_ plan: Plan, _ store: ImageStore, _ index: DatasetIndex) -> JSONValue {
    .members([
      "path": .optional(plan.data), "hash": .text(store.dataHash), "division": .text(index.division),
      "classes": .integer(store.classes.count), "images": .integer(store.paths.count),
      "splits": .list(
        store.report.map {
          .members([
            "split": .text($0.split.rawValue), "classes": .integer($0.classes), "images": .integer($0.images),
            "fewest_images": .integer($0.fewestImages), "most_images": .integer($0.mostImages),
          ])
        }),
      "duplicates": .list(store.duplicates.map { .list($0.map { .text($0) }) }),
      "passed_over": .members([
        "files": .integer(index.passedOver.count), "pictures": .integer(index.passedOver.pictures),
        "examples": .list(index.passedOver.examples.map { .text($0) }),
      ]),
      "skipped": .badImages(store.skipped),
    ])
  }

  private func text(_ store: ImageStore, _ index: DatasetIndex) -> String {
    let splits = TextTable(
      ["split", "classes", "images", "fewest", "most in a class"],
      store.report.map { report in
        [report.split.rawValue]
          + [report.classes, report.images, report.fewestImages, report.mostImages].map(TextTable.grouped)
      })
    var lines = [splits.text, "", "hash \(store.dataHash)"]
    let groups = store.duplicates
    if !groups.isEmpty {
      lines.append(
        "\(groups.count) groups of identical images, for example \(groups[0].joined(separator: " = "))")
    }
    lines += store.skipped.prefix(all ? .max : 20).map { "left out: \($0)" }
    if !all && store.skipped.count > 20 {
      lines.append("and \(store.skipped.count - 20) more; --all lists them")
    }
    return lines.joined(separator: "\n")
  }
}
