internal import Formats
import Randomness

/// The content of a data set: its classes, their images and their splits, without any pixel.
///
/// A class is a folder that directly holds `.png` files, at any depth. All orders are those of the bytes of
/// the names, never of the file system.
public struct DatasetIndex: Sendable {
  /// The folder everything is relative to.
  public let root: String

  /// All classes, sorted by the bytes of their names, those of no split included.
  public private(set) var classes: [ImageClass]

  /// How the classes were divided into splits, in a few words.
  public let division: String

  /// Files that do not belong to the data set because they are not named `.png`.
  public let passedOver: PassedOver

  /// Images and folders that cannot be used whatever their content: links out of the root, unusable names.
  public let refused: [BadImage]

  /// How many links out of the root were followed; 0 unless that was asked for.
  public let linksOut: Int

  /// Lists a data set and divides its classes.
  ///
  /// - Parameters:
  ///   - root: A folder.
  ///   - split: How the classes are divided.
  ///   - seed: The seed of a drawn division; unused if files or folders define it.
  ///   - followsLinksOut: Whether links out of the root are followed rather than refused. Split files and episode
  ///     lists can name only what is found here, so they never lead further.
  /// - Throws: `DatasetError` if there are no classes or the split file does not fit them.
  public init(
    root: String, split: SplitSource = .automatic, seed: UInt64 = 0, followsLinksOut: Bool = false
  ) throws(DatasetError) {
    self.root = root
    let walk = try FolderWalk(root: root, followsLinksOut: followsLinksOut)
    linksOut = walk.linksOut
    passedOver = walk.passedOver
    refused = walk.refused
    let folders = walk.folders.filter { !$0.path.isEmpty }
    if case .file(let path) = split {
      let file = try SplitFile(contentsOf: path)
      classes = try file.images.isEmpty ? file.divide(folders) : file.collect(walk.folders)
      division = "split file \(path)"
    } else if case .whole(let split) = split {
      classes = folders.map { $0.asClass(split) }
      division = "all classes are \(split.rawValue)"
    } else {
      let names = folders.map(\.path)
      let named = split == .automatic ? Self.namedFolders(names) ?? Self.omniglot(names, seed: seed) : nil
      division = named?.how ?? "64/16/20 % of the classes, drawn with seed \(seed)"
      let splits = named?.splits ?? Self.seeded(names, seed: seed)
      classes = zip(folders, splits).map { folder, split in folder.asClass(split) }
    }
    guard !classes.isEmpty else {
      // Otherwise a folder that holds only links would be reported as empty.
      guard refused.isEmpty else {
        throw .badImages(refused.sorted { bytewise($0.path, $1.path) }, total: refused.count)
      }
      throw .noImages(root: root, others: passedOver.pictures)
    }
  }

  /// The same data set with only some of its images, for a look at few of many.
  ///
  /// - Parameter classes: Classes of this data set with some of their images.
  /// - Returns: The data set with these classes.
  package func keeping(_ classes: [ImageClass]) -> DatasetIndex {
    var part = self
    part.classes = classes
    return part
  }

  /// The classes of a split, sorted by the bytes of their names.
  public func classes(in split: Split) -> [ImageClass] { classes.filter { $0.split == split } }

  /// Classes and images of each split.
  public var report: [SplitReport] { Split.allCases.map { SplitReport($0, of: classes(in: $0)) } }

  /// Folders `train`, `val`, `test` at the top and nothing else, at least two of them.
  private static func namedFolders(_ names: [String]) -> (splits: [Split?], how: String)? {
    let tops = names.map { $0.prefix { $0 != "/" } }
    let splits = tops.map { Split(named: $0) }
    guard splits.allSatisfy({ $0 != nil }), Set(splits).count > 1 else { return nil }
    return (splits, "folders \(Set(tops).sorted().joined(separator: ", "))")
  }

  /// Omniglot as published: 15 % of the background classes, drawn, are validation; evaluation is test.
  private static func omniglot(_ names: [String], seed: UInt64) -> (splits: [Split?], how: String)? {
    let background = names.indices.filter { names[$0].hasPrefix("images_background/") }
    let evaluation = names.indices.filter { names[$0].hasPrefix("images_evaluation/") }
    guard !background.isEmpty, background.count + evaluation.count == names.count else { return nil }
    var splits = [Split?](repeating: .test, count: names.count)
    var stream = RandomStream(seed: seed, purpose: "split/omniglot")
    let drawn = stream.distinct(background.count, below: background.count)
    let validation = (background.count * 15 + 50) / 100
    for (rank, i) in drawn.enumerated() { splits[background[i]] = rank < validation ? .validation : .train }
    return (splits, "Omniglot's parts, 15 % of the background for validation, drawn with seed \(seed)")
  }

  /// 64 / 16 / 20 %, rounded to whole classes; the first drawn are train.
  private static func seeded(_ names: [String], seed: UInt64) -> [Split?] {
    var stream = RandomStream(seed: seed, purpose: "split/seeded")
    let train = (names.count * 64 + 50) / 100
    let validation = (names.count * 80 + 50) / 100
    var splits = [Split?](repeating: nil, count: names.count)
    for (rank, i) in stream.distinct(names.count, below: names.count).enumerated() {
      splits[i] = rank < train ? .train : rank < validation ? .validation : .test
    }
    return splits
  }
}

extension ImageFolder {
  fileprivate func asClass(_ split: Split?) -> ImageClass {
    ImageClass(name: path, split: split, images: files.map(image))
  }

  fileprivate func image(_ file: String) -> String { path.isEmpty ? file : "\(path)/\(file)" }
}

extension SplitFile {
  /// Gives each folder the split of the entry whose path it ends with.
  fileprivate func divide(_ folders: [ImageFolder]) throws(DatasetError) -> [ImageClass] {
    var ending: [String: [Int]] = [:]
    for (i, folder) in folders.enumerated() {
      let parts = folder.path.split(separator: "/")
      for start in parts.indices { ending[parts[start...].joined(separator: "/"), default: []].append(i) }
    }
    var splits = [Split?](repeating: nil, count: folders.count)
    var missing: [String] = []
    for entry in classes {
      // A column above the class, such as a superclass, need not be a folder: try without the outer ones.
      let tails = entry.path.indices.lazy.map { entry.path[$0...].joined(separator: "/") }
      guard let found = tails.compactMap({ ending[$0] }).first else {
        missing.append(entry.path.joined(separator: "/"))
        continue
      }
      guard found.count == 1, splits[found[0]] == nil else {
        let names = found.prefix(2).map { folders[$0].path }.joined(separator: " and ")
        let name = printable(entry.path.joined(separator: "/"))
        throw .splitFile(
          path: path, line: 0,
          reason: found.count > 1
            ? "class \(name) fits \(names). Write more of its path."
            : "class \(name) is folder \(names), which another line names. List it once.")
      }
      splits[found[0]] = entry.split
    }
    guard missing.isEmpty else {
      throw .splitFile(
        path: path, line: 0,
        reason: "\(missing.count) of \(classes.count) classes are not in the data, for example "
          + missing.prefix(3).map(printable).joined(separator: ", ")
          + ".\nUse the data the file is for, or remove the lines.")
    }
    return zip(folders, splits).map { folder, split in folder.asClass(split) }
  }

  /// Gathers the listed images, by file name without its ending, from wherever they lie.
  fileprivate func collect(_ folders: [ImageFolder]) throws(DatasetError) -> [ImageClass] {
    var byStem: [String: [String]] = [:]
    for folder in folders {
      for file in folder.files { byStem[stem(file), default: []].append(folder.image(file)) }
    }
    var found: [String: (split: Split, images: Set<String>)] = [:]
    var missing: [String] = []
    // A picture in two classes has no right label, and in two splits it leaks.
    var owners: [String: String] = [:]
    for entry in Set(images) {
      let name = entry.file.split(separator: "/").last.map(String.init) ?? entry.file
      let candidates = byStem[stem(name)] ?? []
      let inClass = candidates.filter { $0.split(separator: "/").dropLast().last == entry.label[...] }
      guard let image = inClass.first ?? (candidates.count == 1 ? candidates.first : nil) else {
        missing.append(candidates.isEmpty ? entry.file : "\(entry.file) (in \(candidates.count) folders)")
        continue
      }
      let owner = owners.updateValue(entry.label, forKey: image) ?? entry.label
      guard owner == entry.label else {
        let labels = [owner, entry.label].sorted(by: bytewise).map(printable).joined(separator: " and ")
        throw .splitFile(
          path: path, line: 0, reason: "lists image \(printable(image)) under \(labels). Give it one label.")
      }
      found[entry.label, default: (entry.split, [])].images.insert(image)
    }
    guard missing.isEmpty else {
      throw .splitFile(
        path: path, line: 0,
        reason: "\(missing.count) of \(images.count) images are not in the data as .png, for example "
          + missing.sorted(by: bytewise).prefix(3).map(printable).joined(separator: ", ")
          + ".\nUse the data the lists are for, converted to PNG.")
    }
    return found.map { name, value in
      ImageClass(name: name, split: value.split, images: value.images.sorted(by: bytewise))
    }.sorted { bytewise($0.name, $1.name) }
  }

  private func stem(_ file: String) -> String {
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 ? parts.dropLast().joined(separator: ".") : file
  }
}
