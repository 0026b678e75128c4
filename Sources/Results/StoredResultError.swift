internal import Files
internal import Formats

/// Why a stored result cannot be used.
package enum StoredResultError: Error, Hashable, CustomStringConvertible {
  /// The folder, or the file in it, is not there.
  case missing(path: String)
  /// A file of trained parameters is not there.
  case noCheckpoint(path: String)
  /// A file of trained parameters was cut short or altered.
  case damaged(path: String, reason: String)
  /// A file that should hold tensors is none of safetensors, or damaged.
  case notTensors(path: String, reason: String)
  /// The file is there but cannot be read.
  case unreadable(path: String, reason: String)
  /// It is a result of another shape than this version writes.
  case otherSchema(path: String, schema: Double, version: String?)
  /// It is not a result, or one of a version whose results are made up otherwise.
  case malformed(path: String, version: String?, reason: String)

  /// What, where, why and what to do.
  package var description: String {
    switch self {
    case .missing(let path):
      "\(path): there is no such file, so there are no results to show.\n" + Self.advice(on: path)
    case .noCheckpoint(let path):
      "\(path): this file of trained parameters does not exist.\n"
        + "Name the folder of a run that has finished."
    case .damaged(let path, let reason):
      "\(path): \(reason), so its parameters may not be the trained ones.\n"
        + "Put back a copy of the file, or repeat the run."
    case .notTensors(let path, let reason): "\(path): \(reason)"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)."
    case .otherSchema(let path, let schema, let version):
      "\(path) is a result of schema \(JSONValue.number(schema).text); this program reads schema "
        + "\(DocumentSchema.current) only.\n"
        + (version.map { "Read it with fewshot \($0), which wrote it" }
          ?? "Read it with the version that wrote it")
        + ", or repeat the run with this version."
    case .malformed(let path, let version, let reason):
      "\(path) is not a result this program can read: \(reason).\n"
        + (version.map {
          "fewshot \($0) wrote it, this is \(Version.current). Repeat the run with this version."
        }
          ?? "It does not say which version wrote it. Repeat the run.")
    }
  }
}

extension StoredResultError {
  /// What to do where there is no result.
  private static func advice(on path: String) -> String {
    let folder = String(path.dropLast("/results.json".count))
    switch RunFolder.content(of: folder) {
    case .run: return "Finish the run with \(RunFolder.resumption(of: folder))"
    case .some(let content) where content.isUntrained:
      return "\(folder) holds \(content.rawValue); evaluate it with \(RunFolder.evaluation(of: folder))"
    case .evaluation:
      return "Finish the evaluation"
        + (RunFolder.commandOfEvaluation(in: folder).map { " with \($0)" } ?? ": give its command again.")
    case .ablation: return "Finish the ablation: give its command again."
    case .conversion, .imported, .files, nil:
      return "Name the folder of a finished run, evaluation or ablation."
    }
  }
}
