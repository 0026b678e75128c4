internal import Formats
internal import Foundation

extension RunFolder {
  /// Where the arms of a run keep their checkpoints, the chosen arm first.
  package static let checkpointFolders = ["checkpoints", "checkpoints/baseline"]

  /// What a conversion found; a folder that has it was not trained.
  package static let conversionFile = "conversion.json"

  /// Where an imported network comes from; a folder that has it was not trained here.
  package static let importFile = "import.json"

  /// What an evaluation depends on.
  package static let evaluationFile = "evaluation.json"

  /// Where an evaluation keeps finished tasks until it ends.
  package static let parts = "parts"

  /// The pictures of one test episode.
  package static let episodeSheet = "figures/episode.png"

  /// The command that continues the run in a folder.
  package static func resumption(of folder: String) -> String {
    "fewshot run --resume \(shellQuoted(folder))"
  }

  /// The command that evaluates what is in a folder.
  package static func evaluation(of folder: String) -> String { "fewshot evaluate \(shellQuoted(folder))" }

  /// The command that goes on with the evaluation in a folder; nil if its file does not say.
  package static func commandOfEvaluation(in folder: String) -> String? {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(evaluationFile)"),
      let content = try? JSONReader.read([UInt8](data)[...], limits: .init(allowsNUL: true)),
      let command = content["made_by"]?["command"]?.string
    else { return nil }
    // One of an ablation names its folder; the file is not trusted, and this is shown on a terminal.
    let isWhole = !command.hasPrefix("fewshot evaluate ") || command.contains(" --output ")
    return withoutControls(command + (isWhole ? "" : " --output \(shellQuoted(folder))"))
  }
}
