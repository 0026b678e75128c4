import ArgumentParser
import Formats
import Foundation
import Images
import Reports

/// The command `curves`.
struct CurvesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves",
    abstract: "Adaptation curves of one or more runs as csv, json, svg or png.",
    discussion: """
      Reads the folders of finished runs, evaluations or ablations. Text goes to standard output, or to the \
      file of --output, which is replaced; a PNG needs one. --x chooses the horizontal axis of a picture: inner \
      steps, milliseconds (ms) or multiply-adds (macs); csv and json have all three. Without --format the ending of \
      the file says what is written.

      Example: fewshot curves runs/first runs/second --format svg --x ms --output curves.svg
      """)

  @Argument(help: ArgumentHelp("Folders of finished runs.", valueName: "run"), completion: .directory)
  var runs: [String]
  @Option(help: "What is written; if unset, what the ending of the file says, else csv.")
  var format: CurveFormat?
  @Option(help: "What a picture shows the curves against.") var x = CurveExport.Axis.steps
  @Option(
    name: .customLong("output"), help: ArgumentHelp("Where to write it.", valueName: "file"),
    completion: .file()) var file: String?
  @OptionGroup var output: OutputOptions

  /// What the ending of the file says; nil without a file, or with another ending.
  private var ending: CurveFormat? {
    file.flatMap { CurveFormat(rawValue: URL(fileURLWithPath: $0).pathExtension.lowercased()) }
  }

  /// What is written.
  private var written: CurveFormat { output.json ? .json : format ?? ending ?? .csv }

  func validate() throws {
    if written == .png, file == nil {
      throw ValidationError("--format png writes a picture, which needs a file: add --output curves.png.")
    }
    if output.json, let format, format != .csv, format != .json {
      throw ValidationError(
        "--json prints a document, and --format \(format.rawValue) a picture. Leave one of them out.")
    }
    if let file, let ending, ending != written {
      let flag = output.json ? "--json" : "--format \(written.rawValue)"
      throw ValidationError(
        "\(flag) does not fit --output \(file), which ends as \(ending.rawValue) does. Leave \(flag) out, or name a file "
          + "that ends in .\(written.rawValue).")
    }
  }

  func run() throws {
    let curves = try CurveExport(folders: runs)
    let data =
      switch written {
      case .csv: Data(curves.csv.utf8)
      case .json: Data((curves.document.withSchema.text + "\n").utf8)
      case .svg: Data(try curves.svg(x).utf8)
      case .png: try curves.png(x)
      }
    guard let file else { return try output.console.finish(data) }
    try refuseOutput(file, in: curves.dataFolders)
    try replace(file, with: data, flag: "output")
    output.console.note("Wrote \(file).")
  }
}

/// What `curves` writes.
enum CurveFormat: String, CaseIterable, ExpressibleByArgument {
  case csv, json, svg, png
}
