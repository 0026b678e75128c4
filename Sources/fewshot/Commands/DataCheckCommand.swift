import ArgumentParser
import Episodes
import Experiments

/// The command `data check`.
struct DataCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Decode every image of a data set; show its splits, its hash and identical images.",
    discussion: """
      Images that cannot be decoded end it with status 65, unless --skip-unreadable leaves them out.

      Example: fewshot data check --data images --split splits.csv
      """)

  @OptionGroup var source: ConfigOption
  @OptionGroup(title: "Data") var data: DataOptions
  @Option(help: .field("threads")) var threads: String?
  @OptionGroup var result: OutputOptions

  func run() throws {
    let console = result.console
    let plan = try source.plan(data.settings + DataOptions.given(["threads": threads]))
    let (index, store) = try plan.images(progress: console.progress)
    console.finish(document(plan, store, index), text(store, index))
  }

  private func document(_ plan: Plan, _ store: ImageStore, _ index: DatasetIndex) -> JSONValue {
    .members([
      "path": .optional(plan.data), "hash": .text(store.dataHash), "division": .text(index.division),
      "classes": .integer(store.classes.count), "images": .integer(store.paths.count),
      "splits": .list(
        index.report.map {
          .members([
            "split": .text($0.split.rawValue), "classes": .integer($0.classes), "images": .integer($0.images),
            "fewest_images": .integer($0.fewestImages), "most_images": .integer($0.mostImages),
          ])
        }),
      "duplicates": .list(store.duplicates.map { .list($0.map { .text($0) }) }),
      "skipped": .list(
        store.skipped.map { .members(["path": .text($0.path), "reason": .text("\($0.error)")]) }),
    ])
  }

  private func text(_ store: ImageStore, _ index: DatasetIndex) -> String {
    let splits = TextTable(
      ["split", "classes", "images", "fewest", "most in a class"],
      index.report.map { report in
        [report.split.rawValue]
          + [report.classes, report.images, report.fewestImages, report.mostImages].map(TextTable.grouped)
      })
    var lines = [splits.text, "", "hash \(store.dataHash)"]
    let groups = store.duplicates
    if !groups.isEmpty {
      lines.append(
        "\(groups.count) groups of identical images, for example \(groups[0].joined(separator: " = "))")
    }
    lines += store.skipped.map { "left out: \($0.path): \($0.error)" }
    return lines.joined(separator: "\n")
  }
}
