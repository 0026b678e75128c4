import ArgumentParser
import Formats
import Images
import Settings
import Synchronization

/// The command `data import`.
struct DataImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make class folders from a folder of images and a list of labels.",
    discussion: """
      The list is CSV with the columns filename,label and optionally split, or a JSON array of objects with these \
      fields; white space at the ends of fields does not count. Paths are relative to --images and must stay in it. Every file is decoded first; PNG files \
      get the ending .png. Files are copied, or linked, never moved, to <output>/<split>/<label>/, which \
      run reads with --data. Nothing is left behind if it fails.

      Example: fewshot data import --list labels.csv --images pictures --output images
      """)

  @Option(help: ArgumentHelp("The list: CSV or JSON.", valueName: "file"), completion: .file()) var list:
    String
  @Option(help: ArgumentHelp("The folder of images.", valueName: "folder"), completion: .directory)
  var images: String
  @Option(help: ArgumentHelp("The folder to make.", valueName: "folder"), completion: .directory) var output:
    String
  @Flag(help: "Make hard links, which take no space and change with the source, instead of copies.")
  var link = false
  @Flag(help: "Leave images that cannot be decoded out and count them.") var skipUnreadable = false
  @Option(help: .field("threads")) var threads: String?
  @OptionGroup var result: OutputOptions

  func run() async throws {
    var plan = Plan()
    try plan.apply(DataOptions.given(["threads": threads]))
    let path = try unoccupied(output)
    let folder = try existing(images)
    let work = try ImageImport(LabelList(contentsOf: existing(list)), from: folder)
    let console = result.console
    let (links, skips, workers) = (link, skipUnreadable, plan.workers)
    let summary = try await interruptible(console.progress) {
      let stop = StopFlag()
      return try await withTaskCancellationHandler {
        try work.write(
          to: path, linking: links, skipUnreadable: skips, threads: workers, isStopped: { stop.isSet })
      } onCancel: {
        stop.set()
      }
    }
    for note in summary.notes { console.note("warning: \(note)") }
    try console.finish(document(path, summary), text(path, summary))
  }

  private func document(_ path: String, _ summary: ImageImport.Summary) -> JSONValue {
    .members([
      "folder": .text(path),
      "splits": .list(
        summary.parts.map {
          .members([
            "split": .optional($0.split?.rawValue), "classes": .integer($0.classes),
            "images": .integer($0.images),
          ])
        }),
      "rows_without_split": .integer(summary.leftOut), "shared_between_splits": .integer(summary.shared),
      "copied_instead_of_linked": .integer(summary.copied), "skipped": .badImages(summary.skipped),
      "warnings": .list(summary.notes.map { .text($0) }),
    ])
  }

  private func text(_ path: String, _ summary: ImageImport.Summary) -> String {
    let table = TextTable(
      ["split", "classes", "images"],
      summary.parts.map {
        [$0.split?.rawValue ?? "-", TextTable.grouped($0.classes), TextTable.grouped($0.images)]
      })
    var lines = [table.text, "", "made \(path); use it with --data \(path)"]
    if summary.leftOut > 0 { lines.append("\(summary.leftOut) rows without a split were left out") }
    if summary.shared > 0 {
      lines.append(
        "\(summary.shared) pictures are in more than one split, so results on this data are not valid")
    }
    if summary.copied > 0 {
      lines.append("\(summary.copied) images were copied, since they cannot be linked")
    }
    lines += summary.skipped.map { "left out: \($0)" }
    return lines.joined(separator: "\n")
  }
}

/// What one thread sets and others ask for.
private final class StopFlag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}

extension JSONValue {
  /// Bad images by path and reason.
  static func badImages(_ images: [BadImage]) -> JSONValue {
    .list(images.map { .members(["path": .text($0.path), "reason": .text("\($0.error)")]) })
  }
}
