package import Episodes
package import Files
internal import Formats
internal import Foundation
package import Images
package import MetaLearning
internal import Networks
package import Results
package import Settings

/// The images of a run and the episodes drawn from them.
package struct RunData: Sendable {
  /// All images, decoded.
  package let store: ImageStore
  /// Its folders in words.
  package let place: String
  /// What a report says of the images.
  package let facts: RunResult.DataFacts
  /// Training episodes; a pure function of the run's seed and the index.
  package let training: EpisodeSampler
  /// Validation episodes; a pure function of the plan's episode seed.
  package let validation: EpisodeList
  /// Test episodes; likewise, so runs with different seeds meet the same ones.
  package let test: EpisodeList

  /// Reads the images a plan asks for and draws its evaluation episodes.
  ///
  /// - Parameters:
  ///   - plan: What is asked for.
  ///   - progress: Receives reports on the work.
  /// - Throws: `DatasetError` with every bad file, or if classes or images are too few.
  package init(_ plan: Plan, progress: any ProgressReporter) throws {
    let (index, store) = try plan.images(progress: progress)
    self.store = store
    place = plan.dataWords
    facts = RunResult.DataFacts(index, store, path: place)
    try store.refuseBlank()
    let light = plan.validationShape
    try EpisodeSampler.refuseShortage(
      of: store, for: [plan.trainingShape, light, plan.testShape], rotations: plan.rotations,
      divisions: index.divisions)
    training = try plan.trainingSampler(of: store)
    validation = try EpisodeList(
      plan.validationEpisodes, from: plan.evaluationSampler(of: store, .validation, light), of: store)
    testSampler = try plan.evaluationSampler(of: store, .test, plan.testShape)
    test = try EpisodeList(plan.episodes, from: testSampler, of: store)
    let samplers = [training, try plan.evaluationSampler(of: store, .validation, light), testSampler]
    for sampler in samplers where !sampler.shortClasses.isEmpty {
      progress.note(sampler.shortageNote)
    }
    for sampler in samplers {
      if let note = sampler.absenceNote(in: store.roots) { progress.note(note) }
    }
  }

  /// What the test episodes are drawn from.
  package let testSampler: EpisodeSampler

  /// The test episode with most images, the first of equals: what memory is measured on.
  package var largestTest: EpisodeDescription { Self.largest(of: test.episodes) }

  /// The largest of the first training episodes; where all are alike, the first.
  package func largestTraining() throws(DatasetError) -> EpisodeDescription {
    var some = [try training.episode(0)]
    guard !training.shape.isPlain else { return some[0] }
    for i in 1..<64 { some.append(try training.episode(i)) }
    return Self.largest(of: some)
  }

  private static func largest(of episodes: [EpisodeDescription]) -> EpisodeDescription {
    func images(_ episode: EpisodeDescription) -> Int {
      (episode.support + episode.query).reduce(0) { $0 + $1.count }
    }
    let most = episodes.map(images).max() ?? 0
    return episodes.first { images($0) == most } ?? episodes[0]
  }

  /// The task of one description.
  package func task(_ description: EpisodeDescription) throws -> MetaTask {
    MetaTask(try store.episode(description))
  }
}

extension EpisodeSampler {
  /// How many classes give fewer images than others, with the first of them.
  fileprivate var shortageNote: String {
    let names = shortClasses
    return
      "\(names.count) classes of the \(split.rawValue) split have fewer images than \(shape.shots) shots and "
      + "\(shape.queries) queries take, and give what they have: \(names.prefix(3).joined(separator: ", "))"
      + (names.count > 3 ? " and others" : "")
  }

  /// Which data sets of a union have no class in the split; nil if all have.
  fileprivate func absenceNote(in roots: DataRoots) -> String? {
    let absent = roots.all.indices.filter { root in !sets.contains { $0.root == root } }
    guard !absent.isEmpty else { return nil }
    func names(_ positions: [Int]) -> String {
      positions.map { printable(roots.all[$0].name) }.joined(separator: ", ")
    }
    return
      "\(names(absent)) \(absent.count == 1 ? "has" : "have") no class in the \(split.rawValue) split: its episodes come from "
      + names(sets.map(\.root))
  }
}

extension Plan {
  /// What a run draws its training episodes from.
  package func trainingSampler(of store: ImageStore) throws(DatasetError) -> EpisodeSampler {
    try EpisodeSampler(store, split: .train, shape: trainingShape, rotations: rotations, seed: seed)
  }

  /// What episodes that are the same for all seeds come from.
  ///
  /// - Parameters:
  ///   - store: The images.
  ///   - split: Which classes.
  ///   - shape: Ways, shots and queries.
  /// - Returns: The sampler.
  /// - Throws: `DatasetError` if classes or images are too few.
  package func evaluationSampler(
    of store: ImageStore, _ split: Split, _ shape: EpisodeShape
  ) throws(DatasetError) -> EpisodeSampler {
    try EpisodeSampler(store, split: split, shape: shape, rotations: rotations, seed: episodeSeed)
  }

  /// The data set of the plan, no image read yet.
  ///
  /// - Parameters:
  ///   - leftOut: Names of classes that are left out before the division.
  ///   - progress: Receives reports on the work.
  /// - Returns: Classes and images by name.
  /// - Throws: `DatasetError` if there are no classes or the split file does not fit them.
  package func index(
    leavingOut leftOut: Set<String> = [], progress: any ProgressReporter
  ) throws -> DatasetIndex {
    let folders = try data?.all ?? [GlyphCache().folder(progress)]
    let source: SplitSource = split == "auto" ? .automatic : .file(split)
    return try DatasetIndex(
      DataRoots(folders), split: source, seed: splitSeed, leavingOut: leftOut, followsLinksOut: followLinks)
  }

  /// The data set of the plan and its images, decoded; what is odd about them is noted.
  ///
  /// - Parameters:
  ///   - leftOut: Names of classes that are left out before the division.
  ///   - progress: Receives reports on the work.
  /// - Returns: Classes and images by name, and their pixels.
  /// - Throws: `DatasetError` with every bad file.
  package func images(
    leavingOut leftOut: Set<String> = [], progress: any ProgressReporter
  ) throws -> (DatasetIndex, ImageStore) {
    let index = try index(leavingOut: leftOut, progress: progress)
    let store = try ImageStore(
      index, preparation: preparation, threads: workers, skipUnreadable: skipUnreadable)
    if data == nil && store.dataHash != GlyphSet.defaultHash {
      throw SelfCheckError(
        check: "built-in images", found: "\(index.roots.words) with hash \(store.dataHash.prefix(12))…",
        expected: "\(GlyphSet.defaultHash.prefix(12))…",
        advice: "The folder was changed; remove it to have it made again")
    }
    try refuseMixedColours(store)
    progress.note(
      "\(dataWords): \(index.division), \(store.paths.count) images, made \(preparation.words)"
    )
    noteOddities(of: index, store, to: progress)
    return (index, store)
  }
}

/// Notes what a user should know of some images: what was left out of them, and what is odd about them.
package func noteOddities(of index: DatasetIndex, _ store: ImageStore, to progress: any ProgressReporter) {
  if index.linksOut > 0 { progress.note("followed \(index.linksOut) links out of the folder of images") }
  if let passedOver = index.passedOver.summary { progress.note(passedOver) }
  if !store.skipped.isEmpty { progress.note("skipped \(store.skipped.count) images that cannot be used") }
  for warning in store.warnings(with: index) {
    progress.note("warning: \(warning)")
  }
}
