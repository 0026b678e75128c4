internal import Files
internal import Images
internal import Networks
internal import Settings
internal import Training

extension ShiftData {
  /// A share of training pictures up to which a warning is enough: blank pictures and the like are everywhere.
  private static let tolerated = 0.01

  /// Refuses images that the runs have been trained on, or that chose among their states.
  ///
  /// - Parameters:
  ///   - data: The data of the runs.
  ///   - progress: Is warned of a few.
  /// - Throws: ``ConfigurationError`` if more than a hundredth of the pictures are.
  func refuseTrainingPictures(of data: RunData, _ progress: any ProgressReporter) throws(ConfigurationError) {
    func shared(_ splits: Set<Split>) -> SharedPictures {
      SharedPictures(of: store.paths, in: store, among: data.store.paths(in: splits), of: data.store)
    }
    let (trained, chosen) = (shared([.train]), shared([.validation]))
    let count = shared([.train, .validation]).count
    let tested = shared([.test]).count
    if tested > 0 {
      progress.note(
        "warning: \(store.roots.words): \(tested) of its \(store.paths.count) pictures are test pictures of the runs: of those it "
          + "shows nothing new")
    }
    guard count > 0 else { return }
    let kinds = [(trained.count, "training"), (chosen.count, "validation")].filter { $0.0 > 0 }
    let reason =
      "of its \(store.paths.count) pictures "
      + kinds.map { "\($0.0) are \($0.1) pictures of the runs" }.joined(separator: " and ") + ", such as "
      + (trained.count > 0 ? trained : chosen).example
    guard Double(count) <= Self.tolerated * Double(store.paths.count) else {
      throw ConfigurationError(
        field: setting, value: store.roots.words, reason: reason,
        remedy: "Name a folder of other images: what training saw says nothing of other data")
    }
    progress.note("warning: \(store.roots.words): \(reason)")
  }
}

extension StudySettings {
  /// The folders of `shift-data`.
  var shiftFolders: [String] { (shiftData ?? "").split(separator: ",").map(String.init) }

  /// The folders of `test-data`.
  var testFolders: [String] { (testData ?? "").split(separator: ",").map(String.init) }
}
