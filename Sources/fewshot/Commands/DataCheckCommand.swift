import ArgumentParser
import Files
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
      name has the ending of a picture format; other files are counted and ignored.

      --fewest leaves small classes out before the classes are divided; --write-split keeps the division as a list for \
      --split.

      Example: fewshot data check --data images --split splits.csv
      """)

  @OptionGroup var source: ConfigOption
  @OptionGroup(title: "Data") var data: DataOptions
  @Option(help: .field("threads")) var threads: String?
  @Flag(help: "Name every image that cannot be used, not only the first twenty.") var all = false
  @Option(
    help: ArgumentHelp("Leave out classes with fewer different images than this.", valueName: "number"))
  var fewest = 1
  @Option(
    help: ArgumentHelp("A new file for the division, as a list for --split.", valueName: "file"),
    completion: .file())
  var writeSplit: String?
  @OptionGroup var result: OutputOptions

  func validate() throws {
    guard (1...1_000_000).contains(fewest) else {
      throw ValidationError("fewest is \(fewest), but a class can have 1...1000000 images.")
    }
  }

  func run() throws {
    let console = result.console
    let list = try writeSplit.map(unoccupied)
    var plan = try source.plan(data.settings + DataOptions.given(["threads": threads]))
    let mayBeBad = plan.skipUnreadable
    plan.skipUnreadable = true
    let (index, store) = try images(of: plan, console)
    let isFine = mayBeBad || store.skipped.isEmpty
    if let list, isFine { try writeDataFile(Array(index.splitFile.utf8), to: list) }
    if isFine || result.json { try console.finish(document(plan, store, index), text(store, index)) }
    guard isFine else {
      if all && !result.json { try console.finish(store.skipped.map(\.description).joined(separator: "\n")) }
      throw DatasetError.unusable(
        store.skipped, of: index.classes, in: index.roots, total: store.paths.count + store.skipped.count)
    }
  }

  /// The data set without small classes.
  private func images(of plan: Plan, _ console: Console) throws -> (DatasetIndex, ImageStore) {
    guard fewest > 1 else { return try plan.images(progress: console.progress) }
    let all = try plan.images(progress: SilentProgress())
    let small = Set(all.1.smallClasses(fewest: fewest))
    if !small.isEmpty {
      console.note("left out \(small.count) classes with fewer than \(fewest) different images")
    }
    return try plan.images(leavingOut: small, progress: console.progress)
  }

  private func document(_ plan: Plan, _ store: ImageStore, _ index: DatasetIndex) -> JSONValue {
    .members([
      "path": plan.data?.document ?? .null, "hash": .text(store.dataHash), "division": .text(index.division),
      "classes": .integer(store.classes.count), "images": .integer(store.paths.count),
      "splits": .list(store.report.map(document)),
      "sets": .list(sets(store, index)),
      "duplicates": .list(store.duplicates.map { .list($0.map { .text($0) }) }),
      "passed_over": .members([
        "files": .integer(index.passedOver.count), "originals": .integer(index.passedOver.originals),
        "examples": .list(index.passedOver.examples.map { .text($0) }),
      ]),
      "skipped": .badImages(store.skipped),
      "warnings": .list(store.warnings(with: index).map { .text($0) }),
    ])
  }

  /// The data sets of a union; none for one folder.
  private func sets(_ store: ImageStore, _ index: DatasetIndex) -> [JSONValue] {
    guard store.roots.isUnion else { return [] }
    return zip(store.roots.all, zip(store.rootHashes, index.divisions)).enumerated().map { position, set in
      .members([
        "name": .text(set.0.name), "path": .text(set.0.folder), "hash": .text(set.1.0),
        "division": .text(set.1.1), "splits": .list(store.report(ofRoot: position).map(document)),
      ])
    }
  }

  private func document(_ report: SplitReport) -> JSONValue {
    .members([
      "split": .text(report.split.rawValue), "classes": .integer(report.classes),
      "images": .integer(report.images), "fewest_images": .integer(report.fewestImages),
      "most_images": .integer(report.mostImages),
    ])
  }

  /// A row of a table for each split.
  private func rows(_ reports: [SplitReport], of name: String?) -> [[String]] {
    reports.map { report in
      (name.map { [printable($0)] } ?? []) + [report.split.rawValue]
        + [report.classes, report.images, report.fewestImages, report.mostImages].map(TextTable.grouped)
    }
  }

  private func text(_ store: ImageStore, _ index: DatasetIndex) -> String {
    let header = ["split", "classes", "images", "fewest", "most in a class"]
    var lines = [TextTable(header, rows(store.report, of: nil)).text, ""]
    if store.roots.isUnion {
      let all = store.roots.all.enumerated().flatMap { rows(store.report(ofRoot: $0), of: $1.name) }
      lines += [TextTable(["data set"] + header, all).text, ""]
    }
    lines.append("hash \(store.dataHash)")
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
