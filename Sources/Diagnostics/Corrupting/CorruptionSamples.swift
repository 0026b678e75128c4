internal import Corruptions
internal import Evaluation
internal import Formats
package import Images
internal import Networks
internal import Randomness
package import Settings

/// Some images under some corruptions at some severities, to be written as a network sees them.
package struct CorruptionSamples: Sendable {
  /// The images, all of them in the store.
  let images: [Image]
  let corruptions: [any Corruption]
  /// In ascending order.
  let severities: [Int]
  let store: ImageStore
  let place: CorruptionPlace
  let seed: UInt64

  /// One image and its class.
  struct Image: Sendable {
    let path: String
    let className: String
  }

  /// One corruption at one severity.
  package struct Measured: Sendable {
    /// The name of the corruption.
    package let corruption: String
    /// 1 to 5.
    package let severity: Int
    /// The root mean square of what it changes in the input values, 0...1, over all images.
    package let rmsChange: Double
  }

  /// Which samples are made.
  package struct Choice: Sendable {
    /// The classes that images are taken from.
    package var part = Split.test
    /// The most images.
    package var images = 4
    /// Names joined by commas; nil for all corruptions.
    package var corruptions: String?
    /// Numbers joined by commas.
    package var severities = "1,2,3,4,5"

    /// Four images of the test classes under everything.
    package init() {}
  }

  /// Chooses samples of a data set and reads them; no other image is read.
  ///
  /// - Parameters:
  ///   - index: The data set.
  ///   - choice: Which of its images, and what is done to them.
  ///   - plan: How images are prepared, where they are corrupted, and the seed of what is random in that.
  /// - Throws: ``ConfigurationError`` if a name or severity is none, or there is no image; `DatasetError` if one of those
  ///   that were chosen cannot be used.
  package init(of index: DatasetIndex, _ choice: Choice, _ plan: Plan) throws {
    corruptions = try Self.corruptions(choice.corruptions)
    severities = try Self.severities(choice.severities)
    let chosen = Self.images(of: index.classes(in: choice.part), upTo: choice.images)
    guard !chosen.isEmpty else {
      throw ConfigurationError(
        field: "part", value: choice.part.rawValue, reason: "there is no image in this part of the data",
        remedy: "Name another part, or divide the classes otherwise with --split")
    }
    let store = try ImageStore(
      index.keeping(Set(chosen.map(\.path))), preparation: plan.preparation, threads: plan.workers,
      skipUnreadable: plan.skipUnreadable)
    images = chosen.filter { store.contains($0.path) }
    (self.store, place, seed) = (store, plan.corruptAt, plan.seed)
  }

  /// How many images there are.
  package var count: Int { images.count }

  /// Where they are corrupted, as the setting `corrupt-at` names it.
  package var placeName: String { place.rawValue }

  /// The corruptions of a list of names, each once.
  private static func corruptions(_ list: String?) throws(ConfigurationError) -> [any Corruption] {
    let all = CorruptionRegistry.corruptions
    guard let list else { return all }
    let names = all.map(\.name)
    var wanted: Set<String> = []
    for name in list.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard names.contains(name) else {
        throw ConfigurationError(
          field: "corruptions", value: name, reason: "there is no corruption with this name",
          remedy: NearestName.of(name, among: names).map { "The nearest is \($0)" }
            ?? "They are \(names.joined(separator: ", "))")
      }
      wanted.insert(name)
    }
    return all.filter { wanted.contains($0.name) }
  }

  private static func severities(_ list: String) throws(ConfigurationError) -> [Int] {
    var found: Set<Int> = []
    for text in list.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let severity = Int(text), (1...5).contains(severity) else {
        throw ConfigurationError(
          field: "severities", value: text, reason: "a severity is a whole number from 1 to 5",
          remedy: "Join them by commas, as in 1,3,5")
      }
      found.insert(severity)
    }
    return found.sorted()
  }

  /// Images of as many classes as possible: of few images, the first of classes that are evenly spread over the list; of
  /// more, one of each class by turns.
  private static func images(of classes: [ImageClass], upTo count: Int) -> [Image] {
    let classes = classes.filter { !$0.images.isEmpty }
    guard count > classes.count else {
      return (0..<count).map { i in
        let chosen = classes[i * classes.count / count]
        return Image(path: chosen.images[0], className: chosen.name)
      }
    }
    let most = classes.map(\.images.count).max() ?? 0
    let turns = (0..<most).lazy.flatMap { turn in
      classes.lazy.filter { turn < $0.images.count }.map { Image(path: $0.images[turn], className: $0.name) }
    }
    return Array(turns.prefix(count))
  }

  /// What the random numbers of one image under one corruption come from; as in evaluations, the severity is no part of
  /// it.
  func stream(_ corruption: any Corruption, image: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: "sample/\(corruption.name)", index: UInt64(image))
  }
}
