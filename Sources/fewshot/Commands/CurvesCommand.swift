import ArgumentParser
import Formats
import Foundation
import Reports

/// The command `curves`.
struct CurvesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves",
    abstract: "Adaptation curves of one or more runs as csv, json, svg or png.",
    discussion: """
      Reads the folders of finished runs, evaluations or ablations. Text goes to standard output, or to the \
      file of --output, which is replaced; a PNG needs one. --x chooses the horizontal axis of a picture: inner \
      steps, milliseconds (ms) or multiply-adds (macs); csv and json have all three.

      Example: fewshot curves runs/first runs/second --format svg --x ms --output curves.svg
      """)

  @Argument(help: ArgumentHelp("Folders of finished runs.", valueName: "run")) var runs: [String]
  @Option(help: "What is written.") var format = CurveFormat.csv
  @Option(help: "What a picture shows the curves against.") var x = CurveExport.Axis.steps
  @Option(name: .customLong("output"), help: ArgumentHelp("Where to write it.", valueName: "file")) var file:
    String?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if format == .png, file == nil, !output.json {
      throw ValidationError("--format png writes a picture, which needs a file: add --output curves.png.")
    }
    if output.json, format != .csv, format != .json {
      throw ValidationError("--json prints a document, --format \(format.rawValue) a picture: leave one out.")
    }
  }

  func run() throws {
    let curves = try CurveExport(folders: runs)
    let data =
      switch output.json ? .json : format {
      case .csv: Data(curves.csv.utf8)
      case .json: Data((curves.document.withSchema.text + "\n").utf8)
      case .svg: Data(try curves.svg(x).utf8)
      case .png: try curves.png(x)
      }
    guard let file else { return try Console(json: output.json).finish(data) }
    guard isReplaceable(file) else {
      throw Failure(
        .cannotCreate, "\(file): it is no file that could be replaced. Name another with --output.")
    }
    do {
      try data.write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch {
      throw Failure(
        .cannotCreate, "cannot write \(file): \(error.localizedDescription)\nName another file with --output."
      )
    }
    Console(json: output.json).note("Wrote \(file).")
  }
}

/// Whether nothing or an ordinary file is there; a device or a pipe would be lost.
private func isReplaceable(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
}

/// What `curves` writes.
enum CurveFormat: String, CaseIterable, ExpressibleByArgument {
  case csv, json, svg, png
}
