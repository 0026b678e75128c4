internal import Formats
internal import Foundation
internal import Images
internal import Kernels
internal import Networks
internal import Results
package import Settings

/// What the numbers of a run depend on: settings, images, program, precision.
///
/// A run may be continued only with the same identity; otherwise the result would belong to neither.
package struct RunIdentity: Hashable, Sendable {
  /// Every fact by its name.
  private(set) var facts: [String: String]
  /// What a setting is where it is not set: an earlier version, which did not have it, recorded none.
  private var unset: [String: String] = [:]

  /// Whether all facts are the same.
  package static func == (a: RunIdentity, b: RunIdentity) -> Bool { a.facts == b.facts }

  /// Hashes the facts.
  package func hash(into hasher: inout Hasher) { hasher.combine(facts) }

  /// The facts that are not settings.
  private static let environment = [images, split, initial, "version", "precision", core]

  /// The facts that are settings.
  package var settings: RunIdentity { without(Self.environment) }

  /// The facts that are settings, and the images and their division: those that no other program changes.
  package var settingsAndData: RunIdentity { without([Self.initial, "version", "precision", Self.core]) }

  private func without(_ keys: [String]) -> RunIdentity {
    var some = self
    for key in keys { some.facts[key] = nil }
    return some
  }

  /// The fact that is only worth a warning.
  static let core = "blas_core"
  /// The hash of the images.
  package static let images = "data_hash"
  /// The hash of the division of their classes, which earlier versions did not record.
  package static let split = "split_hash"

  /// The hash of the checkpoint it starts from, if from one.
  package static let initial = "initial_hash"

  /// The identity of a run by this program.
  ///
  /// - Parameters:
  ///   - plan: Its plan, resolved.
  ///   - data: Its images.
  ///   - source: SHA-256 of the checkpoint it starts from; nil for none.
  package init(_ plan: Plan, _ data: RunData, startedFrom source: String? = nil) {
    self.init(plan)
    facts[Self.initial] = source
    facts.merge(Self.environment(data)) { $1 }
  }

  /// What every number depends on beside settings: images, their division, and the program.
  package static func environment(_ data: RunData) -> [String: String] {
    [
      images: data.store.dataHash, split: data.store.divisionHash, "version": Version.current,
      "precision": precision, core: Gemm.coreName,
    ]
  }

  /// The identity in the `config.json` of a run, whose plan is given, resolved.
  init(_ plan: Plan, _ file: ConfigurationFile) {
    self.init(plan)
    for key in Self.environment { facts[key] = file.environment[key] }
  }

  /// Only the facts that are settings, of a resolved plan.
  package init(_ plan: Plan) {
    facts = plan.settings { $0 != .nothing }
    // Images and start have hashes, wherever they are; unrolled or checkpointed, the numbers are the same; on the rule depends
    // only what has not happened yet.
    for key in ["data", "initial", "memory", "on-nonfinite"] { facts[key] = nil }
    unset = plan.unsetValues
  }

  /// The identity in ``text``; empty if it is not such a text.
  init(text: String) {
    facts =
      (try? JSONReader.read(Array(text.utf8)[...], limits: .init(allowsNUL: true)))?.stringsByName ?? [:]
  }

  /// All facts as one line of JSON.
  var text: String {
    JSONValue.object(facts.sorted { $0.key < $1.key }.map { .init($0.key, .text($0.value)) }).line
  }

  /// The precision of numbers, in words.
  package static var precision: String { "\(8 * MemoryLayout<Scalar>.size) bits" }

  /// Where this run differs from what was recorded, but for the core.
  package func differences(from recorded: RunIdentity) -> [String] {
    // Where both hashes are the same, it does not matter where the division comes from.
    let isDividedAlike = facts[Self.split] != nil && facts[Self.split] == recorded.facts[Self.split]
    let passed = Set([Self.core]).union(isDividedAlike ? Plan.toldByHash : [])
    return Set(facts.keys).union(recorded.facts.keys).subtracting(passed).sorted().compactMap { key in
      let (now, then) = (facts[key], recorded.facts[key] ?? unset[key])
      if key == Self.split && then == nil { return nil }
      return now == then ? nil : "\(key) was \(then ?? "not set") and is \(now ?? "not set")"
    }
  }

  /// A warning if OpenBLAS computes with another core's kernels than before.
  package func warning(comparedWith recorded: RunIdentity) -> String? {
    guard let then = recorded.facts[Self.core], let now = facts[Self.core], then != now else { return nil }
    return
      "this run was begun with OpenBLAS's \(then) kernels and continues with \(now): the last bits may differ from "
      + "those of a run without interruption"
  }
}

/// Why a run cannot be continued: it would become another run.
package struct ResumeRefusal: Error, Hashable, CustomStringConvertible {
  /// The run's folder.
  package let folder: String
  /// What differs.
  package let differences: [String]
  /// Whether the run is done, so that nothing can go on at all.
  package let isFinished: Bool

  package init(folder: String, differences: [String], isFinished: Bool = false) {
    self.folder = folder
    self.differences = differences
    self.isFinished = isFinished
  }

  /// What, where, why and what to do.
  package var description: String {
    if isFinished {
      return "\(folder) is finished and cannot become another run: \(differences.joined(separator: "; ")).\n"
        + "Start a new run with another --output, or leave these settings out to get its result."
    }
    return
      "\(folder) cannot be continued, since it would become another run: \(differences.joined(separator: "; ")).\n"
      + "Undo these changes, start a new run with another --output, or continue anyway with --resume-anyway."
  }
}
