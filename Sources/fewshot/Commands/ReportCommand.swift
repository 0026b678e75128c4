import ArgumentParser
import Formats
import Reports
import Results

/// The command `report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Render the report of a run, an evaluation or an ablation again.",
    discussion: """
      Reads results.json, config.json, eval/curves.csv and the episode lists of a folder and writes report.md, \
      report.html, report.tex, tables/* and figures/*.svg and *.png there. The same files always give the \
      same pages.

      Example: fewshot report runs/acdc-atoms-5w1s-seed0
      """)

  @Argument(
    help: ArgumentHelp("The folder of a finished run, evaluation or ablation.", valueName: "folder"),
    completion: .directory)
  var folder: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let report = try Report(folder: folder)
    let names = try report.write()
    // Where it is now, and not where it was made.
    var result = report.result
    result.folder = folder
    try output.console.finish(
      .members([
        "folder": .text(folder), "verdict": .text(result.verdict),
        "files": .list(names.map { .text($0) }),
      ]),
      (output.quiet ? "" : "Wrote \(names.count) files in \(folder).\n")
        + (output.verbose ? names.map { "  \($0)\n" }.joined() : "")
        + result.summaryText(isFull: output.verbose))
  }
}
