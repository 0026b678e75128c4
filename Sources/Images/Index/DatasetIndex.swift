internal import Formats
internal import Foundation

/// The content of a data set: its classes, their images and their splits, without any pixel.
///
/// A class is a folder that directly holds pictures, at any depth. All orders are those of the bytes of
/// the names, never of the file system.
public struct DatasetIndex: Sendable {
  /// The folders everything is relative to: one, or those of a union.
  public let roots: DataRoots

  /// All classes, sorted by the bytes of their names, those of no split included.
  public private(set) var classes: [ImageClass]

  /// How the classes of each folder were divided into splits, in a few words.
  public let divisions: [String]

  /// What a user should know of the division and of the names, a sentence each.
  public let warnings: [String]

  /// Names of classes that stand in several splits, which are then probably not divided by class.
  public let repeatedClasses: [String]

  /// Whether a list says which images a class has, and not its folder.
  private let isOfImages: Bool

  /// Files and folders that do not belong to the data set.
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
  ///   - leftOut: Names of classes that are left out before the division.
  ///   - followsLinksOut: Whether links out of the root are followed rather than refused. Split files and episode
  ///     lists can name only what is found here, so they never lead further.
  /// - Throws: `DatasetError` if there are no classes, their folders name parts in no clear way, or the split file does
  ///   not fit them.
  public init(
    root: String, split: SplitSource = .automatic, seed: UInt64 = 0, leavingOut leftOut: Set<String> = [],
    followsLinksOut: Bool = false
  ) throws(DatasetError) {
    try self.init(
      DataRoots(root), split: split, seed: seed, leavingOut: leftOut, followsLinksOut: followsLinksOut)
  }

  /// Lists the union of some folders, see ``DataRoots``.
  ///
  /// Without a split file each folder is divided by itself, as it would be alone; a split file divides all of them
  /// together, and may name a class with or without the name of its folder.
  ///
  /// - Parameters:
  ///   - roots: The folders; of one the data set is that folder's.
  ///   - split: How the classes are divided.
  ///   - seed: The seed of a drawn division; unused if files or folders define it.
  ///   - leftOut: Names of classes that are left out before the division.
  ///   - followsLinksOut: Whether links out of a folder are followed rather than refused.
  /// - Throws: As for one folder.
  public init(
    _ roots: DataRoots, split: SplitSource = .automatic, seed: UInt64 = 0,
    leavingOut leftOut: Set<String> = [], followsLinksOut: Bool = false
  ) throws(DatasetError) {
    var parts: [DatasetPart] = []
    for root in roots.all.indices {
      parts.append(try DatasetPart(roots, root, followsLinksOut: followsLinksOut))
    }
    var found: [DividedClass] = []
    var passedOver = PassedOver()
    for part in parts { passedOver.merge(part.passedOver) }
    var loose: [[String]] = parts.map { _ in [] }
    var notes: [String] = []
    if case .file(let path) = split {
      let file = try SplitFile(contentsOf: path)
      isOfImages = !file.images.isEmpty
      let listed =
        try isOfImages
        ? file.collect(parts.flatMap { $0.tops + $0.folders }, in: roots)
        : file.divide(parts.flatMap(\.folders), in: roots)
      found = listed.map {
        DividedClass(item: leftOut.contains($0.name) ? $0.undivided : $0, name: roots.inside($0.name))
      }
      let unlisted = found.count { $0.item.split == nil }
      let how = "split file \(path)" + (unlisted > 0 ? ", which leaves out \(unlisted) of the classes" : "")
      divisions = roots.all.map { _ in how }
      if !isOfImages { loose = parts.map { $0.tops.flatMap { $0.files.map($0.image) } } }
    } else {
      isOfImages = false
      var all: [DatasetPart.Division] = []
      for part in parts { all.append(try part.divided(split, seed: seed, leavingOut: leftOut)) }
      found = all.flatMap(\.classes)
      divisions = all.map(\.how)
      notes = all.flatMap(\.notes)
      loose = all.map(\.loose)
    }
    found.sort { bytewise($0.item.name, $1.item.name) }
    passedOver.loose += loose.joined()
    self.roots = roots
    classes = found.map(\.item)
    linksOut = parts.map(\.linksOut).reduce(0, +)
    refused = parts.flatMap(\.refused)
    self.passedOver = passedOver
    let names = ClassNames(of: found, in: roots)
    repeatedClasses = names.repeated
    warnings = notes + names.warnings
    for (i, part) in parts.enumerated() {
      guard !found.contains(where: { roots.position(of: $0.item.name) == i }) else { continue }
      // A list of images may have none of a folder that has some.
      if isOfImages, roots.isUnion, !part.folders.isEmpty { continue }
      // Otherwise a folder that holds only links would be reported as empty.
      guard part.refused.isEmpty else {
        throw .badImages(part.refused.sorted { bytewise($0.path, $1.path) }, total: part.refused.count)
      }
      throw .noImages(root: roots.all[i].folder, archives: part.archives, loose: loose[i].count)
    }
  }

  /// How the classes were divided into splits, in a few words.
  public var division: String {
    guard roots.isUnion, Set(divisions).count > 1 else { return divisions[0] }
    return zip(roots.all, divisions).map { "\(printable($0.name)): \($1)" }.joined(separator: "; ")
  }

  /// The same data set with only some of its images, for a look at few of many.
  ///
  /// - Parameter images: Paths of images.
  /// - Returns: The data set with these images, and the classes that have some of them.
  package func keeping(_ images: Set<String>) -> DatasetIndex {
    var part = self
    part.classes = classes.map { item in
      ImageClass(name: item.name, split: item.split, images: item.images.filter(images.contains))
    }.filter { !$0.images.isEmpty }
    return part
  }

  /// The classes of a split, sorted by the bytes of their names.
  public func classes(in split: Split) -> [ImageClass] { classes.filter { $0.split == split } }

  /// Classes and images of each split.
  public var report: [SplitReport] { Split.allCases.map { SplitReport($0, of: classes(in: $0)) } }

  /// The division as a split file: CSV with the columns `split,class`, or `split,filename,label` where it is of images.
  package var splitFile: String {
    let rows = classes.flatMap { item -> [[String]] in
      guard let split = item.split?.folderName else { return [] }
      return isOfImages ? item.images.map { [split, $0, item.name] } : [[split, item.name]]
    }
    let header = isOfImages ? ["split", "filename", "label"] : ["split", "class"]
    return ([header] + rows).map { CSV.line($0) }.joined()
  }
}
