internal import Formats
internal import Networks
internal import Results
package import Settings

/// What `config.json` in the folder of a run, or of a converted network, says of its training.
package struct RecordedRun: Sendable {
  /// The folder.
  package let folder: String
  /// What was set; the rest follows from it.
  package let plan: Plan
  /// Every setting as the training had it.
  package let resolved: Plan
  /// Its images.
  package let data: DataIdentity
  /// All that its numbers depend on.
  package let identity: RunIdentity

  /// SHA-256 of the checkpoint it started from; nil for a drawn start.
  package let initialHash: String?

  /// Reads the file.
  ///
  /// - Parameters:
  ///   - folder: The run's folder.
  ///   - place: Where its images are now, if it is said.
  /// - Throws: ``ConfigurationError`` if the folder holds something else, ``ConfigurationFileError`` if the file is
  ///   missing or cannot be read.
  package init(_ folder: String, imagesAt place: DataPlace = DataPlace()) throws {
    if let other = Self.otherContent(of: folder) {
      throw ConfigurationError(field: "run", value: folder, reason: other.reason, remedy: other.remedy)
    }
    let file = try ConfigurationFile(contentsOf: folder + "/config.json")
    self.folder = folder
    if let named = place.data, let there = try file.resolved().data, named.all.count != there.all.count {
      let count = there.all.count
      throw ConfigurationError(
        field: "data", value: named.words,
        reason:
          "\(folder) was trained on \(count == 1 ? "one folder" : "the union of \(count) folders"), \(there.words)",
        remedy:
          count == 1
          ? "Name that folder where it is now, or leave --data out"
          : "Name all of them in this order where they are now, or leave --data out"
      )
    }
    plan = place.applied(to: try file.applied(to: Plan()))
    resolved = place.applied(to: try file.resolved())
    data = DataIdentity(file)
    initialHash = file.environment[RunIdentity.initial]
    identity = RunIdentity(try file.resolved(), file)
  }

  /// What a folder holds instead of a run.
  private static func otherContent(of folder: String) -> (reason: String, remedy: String)? {
    switch RunFolder.content(of: folder) {
    case .evaluation: ("it holds an evaluation and not a run", "Name the folders of the runs it evaluated")
    case .ablation:
      ("it holds an ablation and not a run", "Name some of its cells, the folders below \(folder)/cells")
    case .run, .conversion, .imported, .files, nil: nil
    }
  }
}
