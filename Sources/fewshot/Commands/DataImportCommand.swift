import ArgumentParser
import Formats
import Images
import Settings
import Synchronization

/// The command `data import`.
struct DataImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make class folders from images and a list of their labels, or from arrays of NumPy.",
    discussion: """
      The list is CSV with the columns filename,label and optionally split, or a JSON array of objects with these \
      fields; white space at the ends of fields does not count. Paths are relative to --images and must stay in it. Every file is decoded first. Files are copied, or linked, never moved, to <output>/<split>/<label>/, which \
      run reads with --data. Nothing is left behind if it fails.

      --arrays takes .npz files instead: uint8 images [N, height, width, 3], as images, data or x, and N labels, numbers or \
      texts, as labels, targets or y; class_names gives numbers their names. Each file may be for a split.

      Example: fewshot data import --list labels.csv --images pictures --output images
      Example: fewshot data import --arrays train=a.npz --arrays val=b.npz --arrays test=c.npz --output images
      """)

  @Option(help: ArgumentHelp("The list: CSV or JSON.", valueName: "file"), completion: .file())
  var list: String?
  @Option(help: ArgumentHelp("The folder of images.", valueName: "folder"), completion: .directory)
  var images: String?
  @Option(
    help: ArgumentHelp(
      "Images and labels in an .npz file; train=, val= or test= before it.", valueName: "file"),
    completion: .file(extensions: ["npz"]))
  var arrays: [String] = []
  @Option(help: ArgumentHelp("The folder to make.", valueName: "folder"), completion: .directory)
  var output: String
  @Flag(help: "Make hard links, which take no space and change with the source, instead of copies.")
  var link = false
  @Flag(help: "Leave images that cannot be decoded out and count them.") var skipUnreadable = false
  @Option(help: .field("threads")) var threads: String?
  @OptionGroup var result: OutputOptions

  func validate() throws {
    guard arrays.isEmpty ? list != nil && images != nil : list == nil && images == nil && !link else {
      throw ValidationError("give either --list and --images, or --arrays.")
    }
  }

  /// What is imported, ready to be written to a folder.
  private var work: @Sendable (String, Int, @escaping @Sendable () -> Bool) throws -> ImageImport.Summary {
    get throws {
      if let list, let images {
        let folder = try existing(images)
        let work = try ImageImport(LabelList(contentsOf: existing(list)), from: folder)
        let (links, skips) = (link, skipUnreadable)
        return { path, threads, isStopped in
          try work.write(
            to: path, linking: links, skipUnreadable: skips, threads: threads, isStopped: isStopped)
        }
      }
      let work = try ArrayImport(
        arrays.map { text in
          let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
          let split = parts.count == 2 ? Split(named: parts[0]) : nil
          return try .init(
            split: split, arrays: LabelledArrays(contentsOf: existing(split == nil ? text : parts[1])))
        })
      return { path, threads, isStopped in
        try work.write(to: path, threads: threads, isStopped: isStopped)
      }
    }
  }

  func run() async throws {
    var plan = Plan()
    try plan.apply(DataOptions.given(["threads": threads]))
    let path = try unoccupied(output)
    let work = try work
    let console = result.console
    let workers = plan.workers
    let summary = try await interruptible(console.progress) {
      let stop = StopFlag()
      return try await withTaskCancellationHandler {
        try work(path, workers) { stop.isSet }
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
