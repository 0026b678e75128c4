internal import Formats

extension RunFolder {
  /// Where the arms of a run keep their checkpoints, the chosen arm first.
  package static let checkpointFolders = ["checkpoints", "checkpoints/baseline"]

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
}
