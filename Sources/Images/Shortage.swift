internal import Formats

/// Classes that are too few in some split for the episodes that are wanted of each.
public struct UnfitDivision: Hashable, Sendable, CustomStringConvertible {
  /// Classes of train, validation and test, turned ones counted where rotations make classes.
  public let found: [Int]

  /// Classes that an episode of each needs.
  public let ways: [Int]

  /// How the classes were divided, in a few words.
  public let division: String

  /// The only class there is, if so.
  public let onlyClass: String?

  /// The data set of a union that is too small, by its name; nil where there is one data set, or all are.
  public let dataSet: String?

  /// From its parts.
  public init(
    found: [Int], ways: [Int], division: String, onlyClass: String? = nil, dataSet: String? = nil
  ) {
    self.dataSet = dataSet
    self.found = found
    self.ways = ways
    self.division = division
    self.onlyClass = onlyClass
  }

  /// What is missing where, and what to do.
  public var description: String {
    let names = ["train", "val", "test"]
    let missing = short.map {
      "\(names[$0]) has \(found[$0] == 0 ? "no class" : found[$0] == 1 ? "1 class" : "\(found[$0]) classes") and needs "
        + "\(ways[$0]) (\(flag($0)))"
    }
    let what =
      dataSet.map {
        "The data set \(printable($0)) has too few classes, and an episode takes all of its classes from one data set"
      } ?? "There are too few classes"
    return
      "\(what): \(missing.joined(separator: ", ")). They are divided by: \(division).\n" + advice(names)
  }

  /// The splits with too few classes; a data set of a union may have none in a split, and then takes no part in it.
  private var short: [Int] {
    found.indices.filter { found[$0] < ways[$0] && (dataSet == nil || found[$0] > 0) }
  }

  /// The setting that says how many classes an episode of a split has.
  private func flag(_ split: Int) -> String { split == 0 && ways[0] != ways[2] ? "--train-ways" : "--ways" }

  private func advice(_ names: [String]) -> String {
    let (total, least) = (found.reduce(0, +), found.min() ?? 0)
    if let onlyClass {
      return
        "All images lie in one folder, \(printable(onlyClass)). If you have a list of their classes, make class folders of "
        + "them: fewshot data import --list LIST --images FOLDER --output FOLDER"
    }
    // An episode has two ways at least, and no class may be in two splits.
    if dataSet != nil {
      let splits = short.map { names[$0] }.joined(separator: " and ")
      return
        "Use fewer ways (\(Set(short.map(flag)).sorted().joined(separator: ", "))), or give it more classes in \(splits), or none "
        + "at all there, in a list for --split; fewshot data check --write-split FILE writes one to begin with."
    }
    if total < 6 {
      return
        "\(total) \(total == 1 ? "class" : "classes") cannot be divided in three parts of 2 or more. Add classes."
        + Self.otherUse
    }
    if least >= 2 {
      // One number for each setting: the least of the splits that it is for.
      let most = Dictionary(short.map { (flag($0), found[$0]) }, uniquingKeysWith: min)
      let words = most.sorted { $0.key < $1.key }.map { flag, number in
        "\(number) \(flag == "--ways" ? "ways" : "training ways") (\(flag))"
      }.joined(separator: " and ")
      return "Use at most \(words), or divide the classes another way (--split, --split-seed)."
    }
    let empty = names.indices.filter { found[$0] < 2 }.map { names[$0] }.joined(separator: " and ")
    return
      "Give \(empty) more classes: in the list for --split, or as class folders in a folder of that name; with \(total / 3) in "
      + "each part, \(total) classes are enough for \(total / 3) ways." + Self.otherUse
  }

  /// What few classes are enough for.
  private static let otherUse =
    "\nOr train on other images, such as the built-in ones, and name pictures of these classes: "
    + "fewshot predict RUN --support FOLDER --images PICTURES"
}

/// Classes with fewer different images than an episode takes of each, over all splits.
public struct SmallClasses: Hashable, Sendable, CustomStringConvertible {
  /// One of them.
  public struct Item: Hashable, Sendable {
    /// The folder of the class.
    public let name: String
    /// Its split.
    public let split: Split
    /// How many images it has.
    public let images: Int
    /// How many of them are different.
    public let different: Int

    /// From its parts.
    public init(name: String, split: Split, images: Int, different: Int) {
      self.name = name
      self.split = split
      self.images = images
      self.different = different
    }
  }

  /// What an episode of a split takes of each class, and what its classes have.
  public struct Need: Hashable, Sendable {
    /// The split.
    public let split: Split
    /// Support images of a class.
    public let shots: Int
    /// Query images of a class.
    public let queries: Int
    /// The most query images that every class has left after the shots; 0 if some class has none.
    public let mostQueries: Int
    /// The number of different images of the class that has fewest.
    public let fewestDifferent: Int
    /// The number of classes of the split.
    public let classes: Int

    /// From its parts.
    public init(
      split: Split, shots: Int, queries: Int, mostQueries: Int, fewestDifferent: Int, classes: Int
    ) {
      self.split = split
      self.shots = shots
      self.queries = queries
      self.mostQueries = mostQueries
      self.fewestDifferent = fewestDifferent
      self.classes = classes
    }

    /// What every class of the split has enough for; nil if some class has a single image.
    fileprivate var largest: String? {
      if mostQueries > 0 { return "\(mostQueries) \(split.queriesFlag)" }
      return fewestDifferent > 1 ? "\(fewestDifferent - 1) \(split.shotsFlag)" : nil
    }
  }

  /// The classes, those of one split together.
  public let items: [Item]

  /// What was asked of each split that has such classes.
  public let needs: [Need]

  /// The data folders.
  public let roots: DataRoots

  /// From its parts.
  public init(items: [Item], needs: [Need], roots: DataRoots) {
    self.items = items
    self.needs = needs
    self.roots = roots
  }

  /// Together with those of other splits.
  public func with(_ other: SmallClasses?) -> SmallClasses {
    SmallClasses(items: items + (other?.items ?? []), needs: needs + (other?.needs ?? []), roots: roots)
  }

  /// All of them with their counts, then how to leave them out.
  public var description: String {
    let asked = needs.map { need in
      "\(need.split.rawValue) needs \(need.shots + need.queries) (\(need.shots) shots + \(need.queries) queries)"
    }.joined(separator: ", ")
    let named = items.prefix(20).map { item in
      "\(printable(item.name)) has \(item.images) \(item.images == 1 ? "image" : "images")"
        + (item.different < item.images ? " (\(item.different) different)" : "")
    }.joined(separator: ", ")
    let count = items.count == 1 ? "1 class has" : "\(items.count) classes have"
    let least = needs.map { $0.shots + $0.queries }.max() ?? 1
    let largest = needs.compactMap(\.largest)
    var ways: [String] = []
    if largest.count == needs.count { ways.append("Use at most \(largest.joined(separator: ", ")).") }
    // Where all classes of a split are small, none would be left.
    if needs.allSatisfy({ need in items.count { $0.split == need.split } < need.classes }) {
      ways.append(
        "Leave such classes out: fewshot data check \(roots.flags) --fewest \(least) --write-split kept.csv\n"
          + "(with --split, if you use it); then use --split kept.csv.")
    }
    if ways.isEmpty { ways.append("Add images to these classes.") }
    return "\(count) too few images for an episode: \(asked), and \(named)"
      + (items.count > 20 ? " and \(items.count - 20) more" : "") + ".\n" + ways.joined(separator: "\nOr: ")
  }
}

extension Split {
  /// The setting that says how many query images an episode of this split has.
  fileprivate var queriesFlag: String {
    switch self {
    case .train: "training queries (--train-queries)"
    case .validation: "validation queries (--validation-queries)"
    case .test: "queries (--queries)"
    }
  }

  /// The setting that says how many support images an episode of this split has.
  fileprivate var shotsFlag: String { self == .train ? "training shots (--train-shots)" : "shots (--shots)" }
}
