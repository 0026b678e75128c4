internal import Formats

/// Pictures that two sets of images have in common, by content: the size and the values of all pixels.
///
/// Names, the way of storing and what is done to the pictures before a model sees them do not matter.
public struct SharedPictures: Hashable, Sendable {
  /// A picture of the first set and the same picture of the second.
  public struct Pair: Hashable, Sendable {
    /// The path in the first set.
    public let first: String
    /// The path in the second set.
    public let second: String
  }

  /// How many images of the first set are in the second too.
  public let count: Int

  /// The first few of them, in the order of the first set.
  public let examples: [Pair]

  /// Compares images of two sets, which may be the same set.
  ///
  /// - Parameters:
  ///   - first: Images that are looked for, by their paths.
  ///   - store: Where they are.
  ///   - second: Images they are looked for among, by their paths.
  ///   - other: Where those are.
  public init(of first: [String], in store: ImageStore, among second: [String], of other: ImageStore) {
    var known: [UInt64: String] = [:]
    for path in second {
      guard let key = other.contentKey(of: path), known[key] == nil else { continue }
      known[key] = path
    }
    var (count, examples) = (0, [Pair]())
    for path in first {
      guard let key = store.contentKey(of: path), let twin = known[key] else { continue }
      count += 1
      if examples.count < 3 { examples.append(Pair(first: path, second: twin)) }
    }
    self.count = count
    self.examples = examples
  }

  /// The first pair, for a message: `a/1.png = b/2.png`.
  package var example: String {
    examples.first.map { "\(printable($0.first)) = \(printable($0.second))" } ?? ""
  }
}

extension ImageStore {
  /// Paths of all images of some splits.
  ///
  /// - Parameter splits: The splits.
  /// - Returns: The paths, in the order of the classes.
  public func paths(in splits: Set<Split>) -> [String] {
    classes.filter { item in item.split.map(splits.contains) ?? false }.flatMap(\.images)
  }

  /// What a user should know of the images and their division, a sentence each.
  ///
  /// - Parameter index: The data set that they were read from.
  /// - Returns: The sentences.
  package func warnings(with index: DatasetIndex) -> [String] { index.warnings + warnings + leakWarnings }

  /// What ``picturesInSeveralSplits`` says.
  func countSharedBySplits() -> Int {
    let earlier: [(Split, Set<Split>)] = [(.validation, [.train]), (.test, [.train, .validation])]
    return earlier.reduce(0) { sum, pair in
      sum + SharedPictures(of: paths(in: [pair.0]), in: self, among: paths(in: pair.1), of: self).count
    }
  }

  /// What ``leakWarnings`` says.
  func describeSharedBySplits() -> [String] {
    leaks.map { leak in
      "\(leak.shared.count) \(leak.shared.count == 1 ? "picture" : "pictures") of \(leak.later.rawValue) classes "
        + "\(leak.shared.count == 1 ? "is a picture" : "are pictures") of \(leak.earlier.rawValue) classes too, such as "
        + "\(leak.shared.example): those classes are not new"
    }
  }

  private var leaks: [(earlier: Split, later: Split, shared: SharedPictures)] {
    let paths = Dictionary(uniqueKeysWithValues: Split.allCases.map { ($0, self.paths(in: [$0])) })
    let pairs: [(Split, Split)] = [(.train, .validation), (.train, .test), (.validation, .test)]
    return pairs.compactMap { earlier, later in
      let shared = SharedPictures(of: paths[later] ?? [], in: self, among: paths[earlier] ?? [], of: self)
      return shared.count > 0 ? (earlier, later, shared) : nil
    }
  }
}
