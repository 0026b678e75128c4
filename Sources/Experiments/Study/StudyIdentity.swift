internal import Episodes
internal import Foundation

/// What the result of an evaluation depends on, as it stands in `evaluation.json` of its folder.
struct StudyIdentity: Hashable, Sendable {
  /// The file's name.
  static let file = "evaluation.json"

  /// Every fact by its name.
  private(set) var facts: [String: String]
  /// What repeats it.
  let command: String

  /// The identity of a study on some data.
  init(_ study: Study, _ data: RunData, shifts: [ShiftData], command: String) {
    facts = Self.environment(data)
    for field in StudySettings.fields where !StudySettings.free.contains(field.key) {
      facts[field.key] = field.write(study.settings)?.plainText
    }
    for (key, value) in study.plan.episodeSettings where !Self.hashed.contains(key) { facts[key] = value }
    for shift in shifts { facts["shift-data \(shift.name)"] = shift.store.dataHash }
    facts["shift-data"] = nil
    for arm in study.arms {
      for run in arm.runs {
        // What a report says of a training beside its numbers is part of the result too.
        facts["training \(arm.label) seed \(run.plan.seed)"] =
          "\(run.fingerprint.prefix(16)) of \(run.folder)"
      }
    }
    for training in study.failed { facts["training \(training.arm)"] = "not there: \(training.reason)" }
    self.command = command
  }

  /// Settings whose content is told by a hash.
  static let hashed: Set = ["data", "split", "split-seed"]

  /// What every number depends on beside the trainings.
  static func environment(_ data: RunData) -> [String: String] {
    [
      "data_hash": data.store.dataHash, "split_hash": data.splitHash, "version": Runner.version,
      "precision": RunIdentity.precision, RunIdentity.core: RunIdentity.coreName,
    ]
  }

  /// What a folder's file says; nil without one that can be read.
  init?(in folder: String) {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(Self.file)"),
      let content = try? JSONDecoder().decode([String: [String: String]].self, from: data),
      let facts = content["facts"], let command = content["made_by"]?["command"]
    else { return nil }
    (self.facts, self.command) = (facts, command)
  }

  /// The content of the file.
  var text: String {
    JSONValue.members([
      "facts": .object(facts.sorted { $0.key < $1.key }.map { .init($0.key, .text($0.value)) }),
      "made_by": .members(["command": .text(command)]),
    ]).text + "\n"
  }

  /// Where this evaluation differs from a recorded one.
  func differences(from recorded: StudyIdentity) -> [String] {
    Set(facts.keys).union(recorded.facts.keys).sorted().compactMap { key in
      let (now, then) = (facts[key], recorded.facts[key])
      return now == then ? nil : "\(key) was \(then ?? "not there") and is \(now ?? "not there")"
    }
  }
}

extension Study {
  /// Where an evaluation goes that names no folder: the first free one, or that of the same command where it was
  /// interrupted.
  ///
  /// - Parameters:
  ///   - stem: The folder; further ones are this with -2, -3, ….
  ///   - command: What asks for it.
  /// - Returns: A path.
  public static func folder(_ stem: String, for command: String) -> String {
    let places = [stem] + (2...10_000).map { "\(stem)-\($0)" }
    return places.first { place in
      let files = FileManager.default
      guard files.fileExists(atPath: place) else { return true }
      return StudyIdentity(in: place)?.command == command
        && !files.fileExists(atPath: place + "/results.json")
    } ?? stem
  }

  /// Whether a folder is free for an evaluation: nothing is there, or an evaluation.
  public static func mayUse(_ folder: String) -> Bool {
    let files = FileManager.default
    guard let content = try? files.contentsOfDirectory(atPath: folder) else {
      return !files.fileExists(atPath: folder)
    }
    // A kill may have come between the lock and the first file.
    return content.allSatisfy { $0 == FolderLock.name } || content.contains(StudyIdentity.file)
  }
}
