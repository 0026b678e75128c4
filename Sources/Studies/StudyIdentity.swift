internal import Episodes
internal import Files
internal import Formats
package import Foundation
internal import Images
internal import Results
internal import Settings
internal import Training

/// What the result of an evaluation depends on, as it stands in `evaluation.json` of its folder.
package struct StudyIdentity: Hashable, Sendable {
  /// A file that is not an `evaluation.json`.
  package struct Broken: Error, CustomStringConvertible {
    /// What is wrong, as a sentence.
    package var description: String {
      "\(RunFolder.evaluationFile): it does not hold the facts and the command of an evaluation"
    }
  }

  /// Every fact by its name.
  private(set) var facts: [String: String]
  /// The command that repeats it.
  let command: String

  /// The identity of a study on some data.
  init(_ study: Study, _ data: RunData, shifts: [ShiftData], command: String) {
    facts = RunIdentity.environment(data)
    for field in StudySettings.fields where field.scope != .nothing {
      facts[field.key] = field.write(study.settings)?.plainText
    }
    for (key, value) in study.plan.episodeSettings { facts[key] = value }
    for shift in shifts { facts["\(shift.setting) \(shift.name)"] = shift.store.dataHash }
    facts["shift-data"] = nil
    facts["test-data"] = nil
    if shifts.isEmpty { facts["skip-unreadable"] = nil }
    facts["until"] = study.seedPlan?.fact
    // What the first training decides where the settings do not.
    facts["episodes"] = "\(study.plan.episodes)"
    facts["steps"] = "\(study.plan.evaluationSteps)"
    facts["training-episodes"] = "\(study.plan.trainingShape.words), seed \(study.plan.seed)"
    // The arm that others are compared with may be the last.
    facts["order"] = study.arms.map(\.label).joined(separator: ", ")
    for arm in study.arms {
      for run in arm.runs {
        // What a report says of a training beside its numbers is part of the result too.
        facts["training \(arm.label) seed \(run.plan.seed)"] =
          "\(run.fingerprint.prefix(16)) of \(absolutePath(run.folder))"
      }
    }
    for training in study.failed {
      let seed = training.seed.map { " seed \($0)" } ?? ""
      facts["training \(training.arm)\(seed) in \(training.folder)"] = "not there: \(training.reason)"
    }
    self.command = command
  }

  /// The identity in a folder's file; nil if there is none that can be read.
  init?(in folder: String) {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(RunFolder.evaluationFile)") else {
      return nil
    }
    try? self.init(data)
  }

  /// The identity in a file.
  ///
  /// - Throws: ``Broken`` if it is not such a file.
  package init(_ data: Data) throws(Broken) {
    guard let content = try? JSONReader.read([UInt8](data)[...], limits: .init(allowsNUL: true)),
      let facts = content["facts"]?.stringsByName,
      let command = content["made_by"]?["command"]?.string
    else { throw Broken() }
    (self.facts, self.command) = (facts, command)
  }

  /// The content of the file.
  package var text: String {
    JSONValue.members(["facts": document, "made_by": .members(["command": .text(command)])]).withSchema.text
      + "\n"
  }

  /// All facts in the order of their names.
  private var document: JSONValue {
    .object(facts.sorted { $0.key < $1.key }.map { .init($0.key, .text($0.value)) })
  }

  /// Kept in the result, so that the result of another evaluation is not taken for this one's.
  var hash: String { ContentHash.sha256(Array(document.line.utf8)) }

  /// How this evaluation differs from the one that a folder was begun with; none if no file can be read.
  func differences(in folder: String) -> [String] {
    StudyIdentity(in: folder).map { differences(from: $0) } ?? []
  }

  /// How this evaluation differs from a recorded one.
  package func differences(from recorded: StudyIdentity) -> [String] {
    Set(facts.keys).union(recorded.facts.keys).sorted().compactMap { key in
      let (now, then) = (facts[key], recorded.facts[key])
      guard now != then else { return nil }
      let (before, after) = Self.parts(then, now)
      // The file is not trusted, and this is shown on a terminal.
      return withoutControls("\(key) was \(before) and is \(after)")
    }
  }

  /// Two values, shortened as far as the difference can still be seen.
  private static func parts(_ then: String?, _ now: String?) -> (String, String) {
    guard let then, let now else { return (then.map(short) ?? "not there", now.map(short) ?? "not there") }
    let (before, after) = (short(then), short(now))
    guard before == after else { return (before, after) }
    // Long values with the same beginning: what follows it tells them apart.
    let shared = zip(then, now).prefix { $0 == $1 }.count
    return (short("…" + then.dropFirst(shared)), short("…" + now.dropFirst(shared)))
  }

  /// 12 characters of every hash, and at most 40 in all.
  private static func short(_ text: String) -> String {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let isHash = word.count > 12 && word.allSatisfy(\.isHexDigit)
      return isHash ? "\(word.prefix(12))…" : String(word)
    }
    let all = words.joined(separator: " ")
    return all.count > 40 ? "\(all.prefix(39))…" : all
  }
}

extension Study {
  /// Whether a folder is free for an evaluation: nothing is there, or an evaluation.
  package static func mayUse(_ folder: String) -> Bool {
    FileIdentity(folder) == nil || isUntouched(folder) || RunFolder.content(of: folder) == .evaluation
  }

  /// Whether a process was killed here between the lock and the end of the first file, or nothing was begun at all.
  static func isUntouched(_ folder: String) -> Bool {
    guard let content = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return false }
    return content.allSatisfy { FolderLock.isOwn($0) || $0.hasSuffix(DurableFile.draftSuffix) }
  }
}
