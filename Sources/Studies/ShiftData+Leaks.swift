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
    let known = data.store.paths(in: [.train, .validation])
    let shared = SharedPictures(of: store.paths, in: store, among: known, of: data.store)
    guard shared.count > 0 else { return }
    let reason =
      "\(shared.count) of its \(store.paths.count) pictures are training or validation pictures of the runs, such as "
      + shared.example
    guard Double(shared.count) <= Self.tolerated * Double(store.paths.count) else {
      throw ConfigurationError(
        field: "shift-data", value: store.root, reason: reason,
        remedy: "Name a folder of other images: what training saw says nothing of other data")
    }
    progress.note("warning: \(store.root): \(reason)")
  }
}

extension StudySettings {
  /// The folders of `shift-data`.
  var shiftFolders: [String] { (shiftData ?? "").split(separator: ",").map(String.init) }
}
