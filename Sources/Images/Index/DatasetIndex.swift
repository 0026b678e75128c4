internal import Formats
internal import Foundation

/// The content of a data set: its classes, their images and their splits, without any pixel.
///
/// A class is a folder that directly holds pictures, at any depth. All orders are those of the bytes of
/// the names, never of the file system.
public struct DatasetIndex: Sendable {
  /// The folder everything is relative to.
  public let root: String

  /// All classes, sorted by the bytes of their names, those of no split included.
  public private(set) var classes: [ImageClass]

  /// How the classes were divided into splits, in a few words.
  public let division: String

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
    self.root = root
    let walk = try FolderWalk(root: root, followsLinksOut: followsLinksOut)
    linksOut = walk.linksOut
    refused = walk.refused
    var passedOver = walk.passedOver
    let top = walk.folders.first { $0.path.isEmpty }
    let all = walk.folders.filter { !$0.path.isEmpty }
    let folders = all.filter { !leftOut.contains($0.path) }
    var ofImages = false
    var notes: [String] = []
    var names: [String]
    if case .file(let path) = split {
      let file = try SplitFile(contentsOf: path)
      let isOfClasses = file.images.isEmpty
      let found = try isOfClasses ? file.divide(all) : file.collect(walk.folders, below: root)
      classes = found.map { leftOut.contains($0.name) ? $0.undivided : $0 }
      names = classes.map(\.name)
      ofImages = !isOfClasses
      let unlisted = classes.count { $0.split == nil }
      division =
        "split file \(path)" + (unlisted > 0 ? ", which leaves out \(unlisted) of the classes" : "")
      if isOfClasses { passedOver.loose = top.map { top in top.files.map(top.image) } ?? [] }
    } else {
      let found =
        switch split {
        case .whole(let split): ClassDivision(whole: split, folders)
        case .seeded: ClassDivision(drawing: folders, seed: seed)
        default: try ClassDivision(byPath: folders, root: root, seed: seed)
        }
      if case .automatic = split, found.isDrawn { try Self.refuseLists(in: root) }
      let kept = folders.indices.filter { !found.loose.contains($0) }
      // Those left out stay in the data, and so in its hash, as with a split file that does not list them.
      let items =
        kept.map { (folders[$0].asClass(found.splits[$0]), found.names[$0]) }
        + all.filter { leftOut.contains($0.path) }.map { ($0.asClass(nil), $0.path) }
      let sorted = items.sorted { bytewise($0.0.name, $1.0.name) }
      classes = sorted.map(\.0)
      names = sorted.map(\.1)
      division = found.how
      notes += found.notes
      for folder in (top.map { [$0] } ?? []) + found.loose.sorted().map({ folders[$0] }) {
        passedOver.loose += folder.files.map(folder.image)
      }
    }
    self.passedOver = passedOver
    isOfImages = ofImages
    let alike = AlikeNames(zip(names, classes.map(\.split)).map { (name: $0, split: $1) })
    repeatedClasses = alike.repeated
    warnings = notes + alike.warnings
    guard !classes.isEmpty else {
      // Otherwise a folder that holds only links would be reported as empty.
      guard refused.isEmpty else {
        throw .badImages(refused.sorted { bytewise($0.path, $1.path) }, total: refused.count)
      }
      throw .noImages(root: root, archives: passedOver.archives, loose: passedOver.loose.count)
    }
  }

  /// Refuses to draw where lists beside the images say which class is for what.
  private static func refuseLists(in root: String) throws(DatasetError) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root))?.sorted(by: bytewise) ?? []
    let lists = SplitFile.lists(among: names)
    guard Set(lists.map(\.split)).isSuperset(of: [.train, .test]) else { return }
    throw .unclearDivision(
      root: root,
      reason:
        "the lists \(lists.map { printable($0.name) }.joined(separator: ", ")) in it name the parts of the data: "
        + "use them with --split \(shellQuoted(root)), or move them away to have the classes drawn")
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

extension ImageFolder {
  func asClass(_ split: Split?) -> ImageClass {
    ImageClass(name: path, split: split, images: files.map(image))
  }

  func image(_ file: String) -> String { path.isEmpty ? file : "\(path)/\(file)" }
}
