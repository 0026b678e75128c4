internal import Formats
import Randomness

/// Which split each class folder belongs to, and how that was found.
struct ClassDivision {
  /// In the order of the folders; nil for what belongs to none.
  var splits: [Split?]

  /// In a few words, for the report.
  var how: String

  /// What a user should know of it, a sentence each.
  var notes: [String] = []

  /// Names of the classes without the folders that say the split: one name in two splits is probably one class.
  var names: [String]

  /// Whether the classes were drawn, since nothing says their parts.
  var isDrawn = false

  /// Positions of folders that are no classes, although they hold pictures.
  var loose: Set<Int> = []

  /// Divides folders by what their paths say, or draws.
  ///
  /// A folder named as a part (see ``PartName``) with class folders below it is one, at any depth. If there are two
  /// parts or more, they are the division, and other folders belong to none. A part is never drawn from.
  ///
  /// - Parameters:
  ///   - folders: Folders that directly hold pictures, sorted.
  ///   - root: The data folder, for errors.
  ///   - seed: The seed of what is drawn.
  /// - Throws: `DatasetError.unclearDivision` if there are parts, but not which class is in which.
  init(byPath folders: [ImageFolder], root: String, seed: UInt64) throws(DatasetError) {
    let paths = try PartPath.all(folders.map(\.path), root: root)
    // Pictures beside the class folders of a part, and a part without class folders, are no class.
    let parts = Set(paths.compactMap(\.part))
    let parents = Set(paths.filter { $0.split != nil }.map(\.parent))
    var loose: Set<Int> = []
    for (i, path) in paths.enumerated() {
      let isBeside = path.ownSplit != nil && parents.contains(path.above)
      if parts.contains(folders[i].path) || isBeside { loose.insert(i) }
    }
    let classes = folders.indices.filter { !loose.contains($0) }
    let splits = Set(classes.compactMap { paths[$0].split })
    guard !splits.isEmpty else {
      try Self.refuseFlatParts(paths, root)
      self.init(drawing: folders, seed: seed)
      return
    }
    let others = classes.filter { paths[$0].split == nil }
    if splits.count == 1, let split = splits.first, let some = others.first {
      throw .unclearDivision(
        root: root,
        reason:
          "the folder \(parts.sorted(by: bytewise).map(printable)[0]) names a part of the data, \(split.rawValue), but "
          + "\(others.count) classes, such as \(printable(folders[some].path)), are in no part")
    }
    self.init(
      splits: folders.indices.map { loose.contains($0) ? nil : paths[$0].split },
      how: "folders " + parts.sorted(by: bytewise).prefix(12).map(printable).joined(separator: ", "),
      names: paths.map(\.name), loose: loose)
    notes += Self.notes(onOthers: others.map { folders[$0] }, paths: others.map { paths[$0] }, parents)
    for i in loose.sorted() where !parts.contains(folders[i].path) {
      notes.append(
        "left out the folder \(printable(folders[i].path)): its \(folders[i].files.count) pictures lie in no class folder"
      )
    }
    drawValidation(seed)
  }

  private init(splits: [Split?], how: String, names: [String], loose: Set<Int>) {
    (self.splits, self.how, self.names, self.loose) = (splits, how, names, loose)
  }

  /// 64 / 16 / 20 %, rounded to whole classes; the first drawn are train.
  init(drawing folders: [ImageFolder], seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "split/seeded")
    let count = folders.count
    let train = (count * 64 + 50) / 100
    let validation = (count * 80 + 50) / 100
    splits = Array(repeating: nil, count: count)
    for (rank, i) in stream.distinct(count, below: count).enumerated() {
      splits[i] = rank < train ? .train : rank < validation ? .validation : .test
    }
    isDrawn = true
    how = "64/16/20 % of the classes, drawn with seed \(seed)"
    names = folders.map(\.path)
  }

  /// All classes in one split.
  init(whole split: Split, _ folders: [ImageFolder]) {
    splits = folders.map { _ in split }
    how = "all classes are \(split.rawValue)"
    names = folders.map(\.path)
  }

  /// Where there are train and test but no validation, 15 % of the train classes, drawn, become validation: the usual
  /// division of Omniglot as published.
  private mutating func drawValidation(_ seed: UInt64) {
    let train = splits.indices.filter { splits[$0] == .train }
    guard !train.isEmpty, splits.contains(.test), !splits.contains(.validation) else { return }
    var stream = RandomStream(seed: seed, purpose: "split/omniglot")
    let count = (train.count * 15 + 50) / 100
    for i in stream.distinct(train.count, below: train.count).prefix(count) { splits[train[i]] = .validation }
    how += "; 15 % of the train classes are validation, drawn with seed \(seed)"
  }

  private static func notes(
    onOthers folders: [ImageFolder], paths: [PartPath], _ parents: Set<String>
  ) -> [String] {
    var counts: [String: (classes: Int, pictures: Int)] = [:]
    for (folder, path) in zip(folders, paths) {
      let found = counts[path.beside(parents), default: (0, 0)]
      counts[path.beside(parents)] = (found.classes + 1, found.pictures + folder.files.count)
    }
    return counts.sorted { bytewise($0.key, $1.key) }.prefix(10).map { name, found in
      "left out the folder \(printable(name)) (\(found.classes) classes, \(found.pictures) pictures): it is none of train, val "
        + "and test"
    }
  }

  /// Refuses folders such as `test` that directly hold pictures and are no classes by their names.
  private static func refuseFlatParts(_ paths: [PartPath], _ root: String) throws(DatasetError) {
    let flat = paths.filter { $0.ownSplit != nil }
    let isDivided = Set(flat.map(\.ownSplit)).count > 1 && flat.count == paths.count
    guard let first = isDivided ? flat.first : flat.first(where: \.isPlainlyHeldOut) else { return }
    throw .unclearDivision(
      root: root,
      reason:
        "the folder \(printable(first.path)) names a part of the data, but its pictures lie in no class folder"
    )
  }
}

/// A folder's path and the part that a folder above it names.
private struct PartPath {
  let path: String

  /// The split of the part it is in; nil if in none.
  let split: Split?

  /// The path of that part.
  let part: String?

  /// Its own path below the part, or the whole.
  let name: String

  private let components: [String]
  private let depth: Int?

  /// The paths of all folders.
  ///
  /// What stands above all of them is the data set's name, unless it is the only part.
  static func all(_ paths: [String], root: String) throws(DatasetError) -> [PartPath] {
    let parts = paths.map { $0.split(separator: "/").map(String.init) }
    var shared = parts.map { $0.count - 1 }.min() ?? 0
    for path in parts.dropFirst() { shared = min(shared, zip(path, parts[0]).prefix { $0 == $1 }.count) }
    let families = families(parts)
    let below = try parts.map { path throws(DatasetError) in try PartPath(path, below: shared, families, root)
    }
    if shared == 0 || below.contains(where: { $0.split != nil }) { return below }
    return try parts.map { path throws(DatasetError) in try PartPath(path, below: 0, families, root) }
  }

  /// What the names of folders say together with those beside them, by the path above and the name.
  private static func families(_ paths: [[String]]) -> [[String]: [String: Split]] {
    var beside: [[String]: Set<String>] = [:]
    for path in paths {
      // The last component is the class.
      for i in path.indices.dropLast() { beside[Array(path[..<i]), default: []].insert(path[i]) }
    }
    return beside.mapValues { PartName.family($0) }
  }

  private init(
    _ components: [String], below shared: Int, _ families: [[String]: [String: Split]], _ root: String
  ) throws(DatasetError) {
    path = components.joined(separator: "/")
    self.components = components
    let above = components.indices.dropFirst(shared).dropLast()
    let splits = components.indices.map {
      Split(named: components[$0]) ?? families[Array(components[..<$0])]?[components[$0]]
    }
    depth = above.first { splits[$0] != nil }
    guard let depth else {
      (split, part, name) = (nil, nil, path)
      return
    }
    let found = Set(above.compactMap { splits[$0] })
    guard found.count == 1 else {
      throw .unclearDivision(
        root: root, reason: "the path \(printable(path)) names several parts of the data")
    }
    split = splits[depth]
    part = components[...depth].joined(separator: "/")
    name = components[(depth + 1)...].joined(separator: "/")
  }

  /// The folder that the part is in; empty for the root.
  var parent: String { components[..<(depth ?? 0)].joined(separator: "/") }

  /// The folder that it is in itself.
  var above: String { components.dropLast().joined(separator: "/") }

  /// What its own name says, as if it were a part.
  var ownSplit: Split? { components.last.flatMap { Split(named: $0) } }

  var isPlainlyHeldOut: Bool { components.last.map { PartName($0).isPlainlyHeldOut } ?? false }

  /// The folder beside the parts that it is in.
  func beside(_ parents: Set<String>) -> String {
    let shared = components.indices.dropLast().last {
      parents.contains(components[...$0].joined(separator: "/"))
    }
    return components[...min((shared ?? -1) + 1, components.count - 1)].joined(separator: "/")
  }
}
