internal import Foundation

/// Why a stored result cannot be used.
public enum StoredResultError: Error, Hashable, CustomStringConvertible {
  /// The folder, or the file in it, is not there.
  case missing(path: String)
  /// A file of trained parameters is not there.
  case noCheckpoint(path: String)
  /// A file of trained parameters was cut short or altered.
  case damaged(path: String, reason: String)
  /// The file is there but cannot be read.
  case unreadable(path: String, reason: String)
  /// It is no result, or one of a version whose results are made up otherwise.
  case malformed(path: String, version: String?, reason: String)

  /// What, where, why and what to do.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): there is no such file, so there is no result to show.\n" + Self.advice(on: path)
    case .noCheckpoint(let path):
      "\(path): there are no trained parameters.\nName the folder of a run that has finished."
    case .damaged(let path, let reason):
      "\(path): \(reason), so it may not hold the parameters that were trained.\n"
        + "Put back a copy of the file, or repeat the run."
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)."
    case .malformed(let path, let version, let reason):
      "\(path) is not a result this program can read: \(reason).\n"
        + (version.map {
          "fewshot \($0) wrote it, this is \(Runner.version). Repeat the run with this version."
        }
          ?? "It does not say which version wrote it. Repeat the run.")
    }
  }
}

extension StoredResultError {
  /// What to do where there is no result.
  private static func advice(on path: String) -> String {
    let folder = String(path.dropLast("/results.json".count))
    return RunFolder.holdsRun(folder)
      ? "Finish the run with fewshot run --resume \(shellQuoted(folder))"
      : "Name the folder of a finished run, evaluation or ablation."
  }
}

/// A result read from its folder.
public struct StoredResult: Sendable {
  /// The result.
  public let result: RunResult
  /// What the file lacks because an earlier version wrote it, in words; empty for a file of this version.
  public let gaps: [String]

  /// Reads `results.json` of a folder, and `config.json` where there is one.
  ///
  /// - Throws: ``StoredResultError``.
  public init(folder: String) throws(StoredResultError) {
    let path = folder + "/results.json"
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadable(path: path, reason: systemReason(error))
    }
    guard let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else {
      throw .malformed(path: path, version: nil, reason: "it is no JSON object")
    }
    let version = object["version"] as? String
    do {
      if object["kind"] != nil {
        (result, gaps) = (try RunResult(json: data), [])
      } else {
        let filled = try Self.completed(object, Self.settings(folder))
        result = try RunResult(json: JSONSerialization.data(withJSONObject: filled))
        gaps = [
          "the options of each arm", "p values before correction and of the sign-flip test",
          "the spread of differences",
        ]
      }
    } catch {
      throw .malformed(path: path, version: version, reason: Self.reason(error))
    }
  }

  /// A result of the first version with what the same run's configuration says, and NaN for what nobody knows.
  private static func completed(_ old: [String: Any], _ settings: [String: String]) throws -> [String: Any] {
    var new = old
    new["kind"] = RunResult.Kind.run.rawValue
    for key in ["ways", "shots", "queries"] {
      guard let number = settings[key].flatMap({ Int($0) }) else {
        throw Gap("neither it nor config.json beside it says the number of \(key)")
      }
      new[key] = number
    }
    let seed = settings["seed"].flatMap { UInt64($0) } ?? 0
    new["arms"] = (old["arms"] as? [[String: Any]])?.map { arm in
      var arm = arm
      let (test, train) = (arm["test"] as? [String: Any], arm["train"] as? [String: Any])
      arm["options"] = [String: String]()
      arm["command"] = old["command"]
      arm["robustness"] = [Any]()
      arm["seeds"] = [
        [
          "seed": seed, "folder": old["folder"] ?? "", "accuracy": test?["accuracy"] ?? "",
          "train_seconds": train?["seconds"] ?? "",
        ]
      ]
      return arm
    }
    new["comparisons"] = (old["comparisons"] as? [[String: Any]])?.map { comparison in
      comparison.merging(
        ["p_uncorrected": "NaN", "p_sign_flip": "NaN", "episode_deviation": "NaN", "seeds": 1]
      ) { given, _ in given }
    }
    return new
  }

  private struct Gap: Error {
    let text: String
    init(_ text: String) { self.text = text }
  }

  private static func reason(_ error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty
        ? "" : " in " + path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    return switch error {
    case let gap as Gap: gap.text
    case DecodingError.keyNotFound(let key, let context):
      "\(key.stringValue) is missing\(place(context.codingPath))"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "a value is of the wrong kind\(place(context.codingPath))"
    case DecodingError.dataCorrupted(let context): "a value makes no sense\(place(context.codingPath))"
    default: error.localizedDescription
    }
  }

  /// The settings of `config.json` as text, by key; empty where the folder has none.
  private static func settings(_ folder: String) -> [String: String] {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: folder + "/config.json")),
      let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    else { return [:] }
    return object.compactMapValues { value in
      value is [Any] || value is [String: Any] || value is NSNull ? nil : "\(value)"
    }
  }
}
