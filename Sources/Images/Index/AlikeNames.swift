internal import Formats

/// Names of classes that are probably one class: the same in two splits, or the same but for case and white space.
struct AlikeNames {
  /// Names that stand in several splits, sorted.
  private(set) var repeated: [String] = []

  /// Groups of names that differ only in case or white space, sorted.
  private(set) var alike: [[String]] = []

  /// What is wrong with names in several splits; nil if there are none.
  private(set) var repeatedWarning: String?

  /// A sentence for each kind that was found.
  var warnings: [String] { [repeatedWarning, alikeWarning { "\"\(printable($0))\"" }].compactMap { $0 } }

  /// What is wrong with names that differ only in case or white space; nil if there are none.
  ///
  /// - Parameter shown: A name as the sentence shows it.
  /// - Returns: A sentence.
  func alikeWarning(_ shown: (String) -> String) -> String? {
    guard let first = alike.first else { return nil }
    let all = alike.reduce(0) { $0 + $1.count }
    return "\(all) class names differ from others only in case or white space, such as "
      + first.map(shown).joined(separator: " and ") + ": they count as different classes"
  }

  /// Compares names of classes.
  ///
  /// - Parameter classes: Each name, without the folders that say the split, with its split.
  init(_ classes: [(name: String, split: Split?)]) {
    var groups: [String: [(name: String, split: Split?)]] = [:]
    for item in classes where item.split != nil { groups[item.name.folded, default: []].append(item) }
    for (_, group) in groups where group.count > 1 {
      let names = Set(group.map(\.name)).sorted(by: bytewise)
      if Set(group.map(\.split)).count > 1 { repeated.append(names[0]) }
      if names.count > 1 { alike.append(names) }
    }
    repeated.sort(by: bytewise)
    alike.sort { bytewise($0[0], $1[0]) }
    if let first = repeated.first, let group = groups[first.folded] {
      let found = Set(group.compactMap(\.split))
      let splits = Split.allCases.filter(found.contains).map(\.rawValue).joined(separator: " and ")
      repeatedWarning =
        "\(repeated.count) class \(repeated.count == 1 ? "name stands" : "names stand") in several splits, such as "
        + "\(printable(first)) in \(splits): if they are the same classes, this does not test few-shot learning, since "
        + "training sees the classes of the test"
    }
  }
}
