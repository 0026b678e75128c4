internal import Formats

/// What is odd about the names of a data set's classes, those of every folder looked at by themselves, and then together.
struct ClassNames {
  /// Names of classes that stand in several splits, as they stand in the data set; those that do so in different folders
  /// without the names of the folders.
  let repeated: [String]

  /// A sentence for each kind that was found.
  let warnings: [String]

  /// Looks at the names.
  ///
  /// - Parameters:
  ///   - classes: All classes.
  ///   - roots: The folders they lie in.
  init(of classes: [DividedClass], in roots: DataRoots) {
    func names(_ some: [DividedClass]) -> AlikeNames {
      AlikeNames(some.map { (name: $0.name, split: $0.item.split) })
    }
    guard roots.isUnion else {
      let all = names(classes)
      (repeated, warnings) = (all.repeated, all.warnings)
      return
    }
    let groups = Dictionary(grouping: classes) { roots.position(of: $0.item.name) }
    var (repeated, warnings): ([String], [String]) = ([], [])
    for position in roots.all.indices {
      let own = names(groups[position] ?? [])
      repeated += own.repeated.map { roots.outside($0, of: position) }
      warnings += own.warnings.map { roots.sentence($0, of: position) }
    }
    let across = Self.across(classes, roots)
    if let first = across.first {
      repeated += across.map(\.name)
      warnings.append(
        "\(across.count) class \(across.count == 1 ? "name stands" : "names stand") in several data sets and in different "
          + "splits, such as \(first.shown): if they are the same classes, they are not new where they are tested; a list for "
          + "--split can put them into one split")
    }
    (self.repeated, self.warnings) = (repeated, warnings)
  }

  /// Names that one folder has in a split and another folder in another, sorted; each with two of its classes.
  private static func across(_ classes: [DividedClass], _ roots: DataRoots) -> [(name: String, shown: String)]
  {
    let groups = Dictionary(grouping: classes.filter { $0.item.split != nil }, by: \.name.folded)
    func root(_ item: DividedClass) -> Int { roots.position(of: item.item.name) }
    return groups.values.compactMap { group -> (name: String, shown: String)? in
      for (i, first) in group.enumerated() {
        let other = group[..<i].first { $0.item.split != first.item.split && root($0) != root(first) }
        guard let other else { continue }
        let shown = [other, first].map { "\(printable($0.item.name)) in \($0.item.split?.rawValue ?? "")" }
        return (other.name, shown.joined(separator: " and "))
      }
      return nil
    }.sorted { bytewise($0.name, $1.name) }
  }
}
