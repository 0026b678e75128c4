internal import Episodes
internal import Evaluation
internal import Files
internal import Foundation
internal import Images
internal import Networks
internal import Settings
internal import Training

/// Other images to test on, opened before anything is measured, so that a folder that cannot be used is noticed at once and not
/// after hours.
package struct ShiftData: Sendable {
  /// The setting that names its folder.
  let setting: String
  /// Its name in results: the last parts of its path, as many as distinguish it from the others.
  let name: String
  /// Its images, prepared like those of the runs.
  let store: ImageStore
  /// Its episodes; every class is a test class.
  let episodes: [EpisodeDescription]

  /// Opens the folders that some settings name.
  ///
  /// - Parameters:
  ///   - settings: Folders, and how many episodes.
  ///   - plan: Preparation and shape of the episodes.
  ///   - progress: Receives reports on the work.
  /// - Returns: One per folder, in order.
  /// - Throws: ``ConfigurationError`` if a folder is named twice, ``ShiftDataError`` if one cannot be used.
  static func open(
    _ settings: StudySettings, _ plan: Plan, _ progress: any ProgressReporter
  ) throws -> [ShiftData] {
    guard settings.suite != .speed else { return [] }
    let folders = settings.shiftFolders
    let names = try names(of: folders)
    return try zip(folders, names).map { folder, name in
      do {
        return try ShiftData("data " + name, in: folder, settings, plan, progress)
      } catch let error as DatasetError {
        throw ShiftDataError(folder: folder, error: error)
      }
    }
  }

  /// Opens one folder.
  private init(
    _ name: String, in folder: String, _ settings: StudySettings, _ plan: Plan,
    _ progress: any ProgressReporter
  ) throws {
    let store = try Self.images(in: folder, settings, plan, progress)
    let sampler = try plan.evaluationSampler(of: store, .test, plan.testShape)
    let count = min(settings.robustnessEpisodes, plan.episodes)
    self.init(name: name, store: store, episodes: try (0..<count).map { try sampler.episode($0) })
  }

  init(name: String, store: ImageStore, episodes: [EpisodeDescription], setting: String = "shift-data") {
    (self.name, self.store, self.episodes, self.setting) = (name, store, episodes, setting)
  }

  /// The images of a folder, prepared like those of the runs, every class a test class.
  static func images(
    in folder: String, _ settings: StudySettings, _ plan: Plan, _ progress: any ProgressReporter
  ) throws -> ImageStore {
    let index = try DatasetIndex(root: folder, split: .whole(.test), followsLinksOut: plan.followLinks)
    let store = try ImageStore(
      index, preparation: plan.preparation, threads: plan.workers,
      skipUnreadable: settings.skipUnreadable)
    progress.note("\(folder): \(store.paths.count) images to test on")
    noteOddities(of: index, store, to: progress)
    try store.refuseBlank()
    return store
  }

  /// Different names for different folders, as short as possible.
  ///
  /// - Parameters:
  ///   - folders: Paths.
  ///   - setting: The setting that has them.
  /// - Returns: One name each.
  /// - Throws: ``ConfigurationError`` if two paths are the same folder.
  static func names(
    of folders: [String], in setting: String = "shift-data"
  ) throws(ConfigurationError) -> [String] {
    let parts = folders.map {
      URL(fileURLWithPath: $0).resolvingSymlinksInPath().standardized.pathComponents.filter { $0 != "/" }
    }
    for (i, path) in parts.enumerated() where parts[..<i].contains(path) {
      throw ConfigurationError(
        field: setting, value: folders[i], reason: "this folder is named twice",
        remedy: "Name each folder once")
    }
    return DataRoots.names(of: parts)
  }
}
