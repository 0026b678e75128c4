/// The part of a data set that a class belongs to.
public enum Split: String, Codable, CaseIterable, Hashable, Sendable {
  /// The classes for meta-training.
  case train

  /// The classes for choosing among models.
  case validation

  /// The classes for the final figures.
  case test

  /// Reads a name as folders, lists and people write it: `train`, `Val `, `meta_test`, `base`, `images_evaluation`.
  ///
  /// - Parameter name: Any text; case, white space, digits, signs and words such as `images` or `set` do not matter.
  public init?(named name: some StringProtocol) {
    guard let split = PartName(String(name)).split else { return nil }
    self = split
  }

  /// The name of its folder: `train`, `val` or `test`.
  public var folderName: String { self == .validation ? "val" : rawValue }
}

/// The name of a folder or a word of a list, taken apart to see whether it names a part of a data set.
struct PartName {
  /// The name without case, digits, signs and words that say nothing of the part.
  private let core: String

  private static let words: [String: Split] = [
    "train": .train, "training": .train, "trn": .train, "trainval": .train, "base": .train, "seen": .train,
    "background": .train,
    "val": .validation, "valid": .validation, "validation": .validation, "validate": .validation,
    "dev": .validation, "devel": .validation, "development": .validation,
    "test": .test, "testing": .test, "tst": .test, "novel": .test, "unseen": .test, "evaluation": .test,
    "eval": .test, "holdout": .test, "heldout": .test,
  ]

  /// Words that hardly any class is called by.
  private static let plain: Set = [
    "val", "valid", "validation", "test", "testing", "evaluation", "eval", "holdout", "heldout",
  ]

  private static let fillers: Set = [
    "meta", "image", "images", "img", "imgs", "picture", "pictures", "set", "split", "part", "data",
    "dataset",
    "class", "classes", "folder", "png",
  ]

  /// Words that name a part only beside others of their kind.
  private static let short: [String: Split] = [
    "tr": .train, "va": .validation, "vl": .validation, "te": .test, "ts": .test,
  ]

  /// Names of parts among some that stand side by side: `mini_train` beside `mini_test`, `tr` beside `te`.
  ///
  /// One word of each names the part, and the others are the same; train and test are among them. A single such name
  /// may be any class.
  static func family(_ names: some Sequence<String>) -> [String: Split] {
    var families: [[String]: [String: Split]] = [:]
    for name in Set(names) {
      var words = words(of: name)
      let found = words.indices.filter { (Self.words[words[$0]] ?? short[words[$0]]) != nil }
      guard found.count == 1, let split = Self.words[words[found[0]]] ?? short[words[found[0]]] else {
        continue
      }
      words[found[0]] = ""
      families[words, default: [:]][name] = split
    }
    return families.values.filter { Set($0.values).isSuperset(of: [.train, .test]) }
      .reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  init(_ name: String) {
    let parts = Self.words(of: name).filter { !Self.fillers.contains($0) }
    core = Self.trimmed(parts.joined())
  }

  /// The part it names; nil for any other name.
  var split: Split? { Self.words[core] }

  /// Whether it names validation or test and hardly anything else could be meant.
  var isPlainlyHeldOut: Bool { Self.plain.contains(core) }

  /// Runs of letters in small letters; a capital after a small letter begins another.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var (word, wasSmall) = ("", false)
    for character in name {
      let isCapital = character.isUppercase
      if !character.isLetter || (isCapital && wasSmall) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if character.isLetter { word += character.lowercased() }
      wasSmall = character.isLowercase
    }
    return word.isEmpty ? words : words + [word]
  }

  /// Without fillers that are written as one word with the rest: `metatrain`, `testset`.
  private static func trimmed(_ word: String) -> String {
    guard words[word] == nil else { return word }
    var word = word[...]
    if word.hasPrefix("meta") { word = word.dropFirst(4) }
    for filler in ["images", "classes", "data", "set"]
    where word.hasSuffix(filler) && word.count > filler.count {
      word = word.dropLast(filler.count)
    }
    return String(word)
  }
}
