internal import Episodes
internal import Evaluation
internal import Files
internal import Images
internal import MetaLearning
internal import Networks
internal import Results
internal import Settings
internal import Training

/// Further test data: a folder of images, and frozen episodes of it for each number of shots.
///
/// Trained here and tested there, as in Guo et al. 2020 (BSCD-FSL), who test at 5, 20 and 50 shots.
struct TestSet: Sendable {
  /// The images, with a name.
  let images: ShiftData
  /// The episodes of each number of shots.
  let lists: [EpisodeList]

  /// Opens the folders that some settings name, each once, and draws all episodes before anything is measured.
  ///
  /// - Throws: ``ConfigurationError`` if a folder is named twice, or shots without a folder; ``ShiftDataError`` if one cannot
  ///   be used.
  static func open(
    _ settings: StudySettings, _ plan: Plan, _ progress: any ProgressReporter
  ) throws -> [TestSet] {
    let folders = settings.testFolders
    if folders.isEmpty, let shots = settings.testShots {
      throw ConfigurationError(
        field: "test-shots", value: shots.map(String.init).joined(separator: ","),
        reason: "there is no further test data to test at so many shots",
        remedy: "Name folders with test-data, or leave it out")
    }
    let shapes = settings.testShots.map { $0.map(plan.testShape(shots:)) } ?? [plan.testShape]
    return try zip(folders, ShiftData.names(of: folders, in: "test-data")).map { folder, name in
      do {
        let store = try ShiftData.images(in: folder, settings, plan, progress)
        let lists = try shapes.map { shape in
          try EpisodeList(
            plan.episodes, from: plan.evaluationSampler(of: store, .test, shape), of: store)
        }
        return TestSet(
          images: ShiftData(name: name, store: store, episodes: [], setting: "test-data"),
          lists: lists)
      } catch let error as DatasetError {
        throw ShiftDataError(setting: "test-data", folder: folder, error: error)
      }
    }
  }

  /// Where a list is kept, below the folder of an evaluation: `episodes/<name>-<shots>-shots.jsonl`.
  func file(of list: EpisodeList) -> String {
    let name = images.name.replacing("/", with: "-")
    let shots = list.header.shape.sizes == .variable ? "variable" : "\(list.header.shape.shots)"
    return "episodes/\(name)-\(shots)-shots.jsonl"
  }
}

/// What was measured on further test data.
struct TestSetFindings: Sendable {
  /// The data sets.
  var sets: [TestSet] = []
  /// `[arm][seed][row][episode]`, a row for each data set and number of shots.
  var scores: [[[[TaskScore]]]] = []

  /// Each data set with one of its lists.
  var rows: [(set: TestSet, list: EpisodeList)] {
    sets.flatMap { set in set.lists.map { (set, $0) } }
  }

  /// The rows of an arm; none where there is no such data.
  func results(of arm: Int) -> [DataSetResult] {
    rows.enumerated().map { k, row in
      let shape = row.list.header.shape
      let found = ArmAccuracy(scores[arm].map { $0[k] })
      return DataSetResult(
        name: row.set.images.name, hash: row.set.images.store.dataHash,
        classes: row.set.images.store.classes(in: .test).count,
        images: row.set.images.store.paths.count,
        ways: shape.ways, shots: shape.sizes == .variable ? nil : shape.shots,
        queries: shape.queries,
        sizes: shape.isPlain ? nil : RunResult.EpisodeSizes(of: row.list.episodes, shape),
        episodes: row.list.episodes.count, accuracy: found.accuracy, nonfinite: found.nonfinite)
    }
  }

  /// The condition that stands for a row in comparisons.
  func condition(_ row: Int) -> Condition {
    let (set, list) = rows[row]
    let shape = list.header.shape
    let shots = shape.sizes == .variable ? "variable" : "\(shape.shots)"
    return Condition(
      group: .shift, name: "data \(set.images.name), \(shots) \(shots == "1" ? "shot" : "shots")",
      side: .both)
  }

  /// `[seed][episode]`: accuracies of an arm in a row.
  func accuracies(_ arm: Int, _ row: Int) -> [[Double]] {
    scores[arm].map { $0[row].map(\.accuracy) }
  }
}

extension Study {
  /// Measures all arms on further test data.
  ///
  /// A training whose numbers are not finite in an episode counts as wholly wrong there.
  func further(_ sets: [TestSet], _ parts: EvaluationParts) async throws -> TestSetFindings {
    var found = TestSetFindings(sets: sets)
    guard !sets.isEmpty else { return found }
    found.scores = arms.map { arm in arm.runs.map { _ in [] } }
    for (set, list) in found.rows {
      let tasks = TaskSource(list.episodes, of: set.images.store)
      let work = "test data \(set.images.store.dataHash), \(list.header.shape.words)"
      let caches = arms.map { arm in arm.runs.map { parts.cache(work, of: [$0]) } }
      parts.reportFound(set.images.name)
      let meter = progress.counter(
        stage: "\(set.images.name), \(list.header.shape.words)",
        total: tasks.count * trainings.count,
        known: caches.joined().map { $0.known(of: tasks.count) }.reduce(0, +))
      for (i, arm) in arms.enumerated() {
        let scores = try await arm.candidates.scores(
          on: tasks, workers: plan.workers, keeping: caches[i], advance: meter.advance)
        for (k, row) in scores.enumerated() { found.scores[i][k].append(row) }
      }
    }
    return found
  }
}
