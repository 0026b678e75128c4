internal import Formats
internal import Foundation

/// A class with its split and what it is called without the folders that say the split.
struct DividedClass {
  /// The class, by its name in the data set.
  let item: ImageClass

  /// Its name in its own folder, without those of parts: one name in two splits is probably one class.
  let name: String
}

/// What lies in one folder of a data set; all names are those of the data set, see ``DataRoots``.
struct DatasetPart {
  /// Folders of pictures below it.
  let folders: [ImageFolder]

  /// The folder itself, if it directly holds pictures.
  let tops: [ImageFolder]

  /// Files and folders that do not belong to the data set.
  let passedOver: PassedOver

  /// Files in it that hold whole data sets, by their paths in this folder.
  let archives: [String]

  /// What cannot be used whatever its content.
  let refused: [BadImage]

  /// How many links out of it were followed.
  let linksOut: Int

  private let roots: DataRoots
  private let position: Int
  private let own: [ImageFolder]

  /// Walks one of the folders.
  init(_ roots: DataRoots, _ position: Int, followsLinksOut: Bool) throws(DatasetError) {
    let walk = try FolderWalk(root: roots.all[position].folder, followsLinksOut: followsLinksOut)
    func named(_ path: String) -> String { roots.outside(path, of: position) }
    (self.roots, self.position) = (roots, position)
    own = walk.folders.filter { !$0.path.isEmpty }
    folders = own.map { ImageFolder(path: named($0.path), files: $0.files) }
    tops = walk.folders.filter(\.path.isEmpty).map { ImageFolder(path: named(""), files: $0.files) }
    passedOver = walk.passedOver.renamed(named)
    archives = walk.passedOver.archives
    refused = walk.refused.map { BadImage(path: named($0.path), error: $0.error) }
    linksOut = walk.linksOut
  }

  /// Its classes, and how they were divided.
  struct Division {
    /// The classes, in no order.
    let classes: [DividedClass]

    /// In a few words, for the report.
    let how: String

    /// What a user should know of it, a sentence each.
    let notes: [String]

    /// Pictures that lie in no class folder.
    let loose: [String]
  }

  /// Divides the classes by what their paths say, or draws: as if there were no other folder.
  ///
  /// - Parameters:
  ///   - split: How, but for a file.
  ///   - seed: The seed of what is drawn.
  ///   - leftOut: Names of classes that are left out before the division.
  /// - Returns: The division.
  /// - Throws: `DatasetError.unclearDivision`.
  func divided(
    _ split: SplitSource, seed: UInt64, leavingOut leftOut: Set<String>
  ) throws(DatasetError) -> Division {
    let isLeft = folders.map { leftOut.contains($0.path) }
    let kept = folders.indices.filter { !isLeft[$0] }
    let (some, named) = (kept.map { own[$0] }, kept.map { folders[$0] })
    let root = roots.all[position].folder
    let found =
      switch split {
      case .whole(let split): ClassDivision(whole: split, some)
      case .seeded: ClassDivision(drawing: some, seed: seed)
      default: try ClassDivision(byPath: some, root: root, seed: seed)
      }
    if case .automatic = split, found.isDrawn { try refuseLists(in: root) }
    let classes = some.indices.filter { !found.loose.contains($0) }.map {
      DividedClass(item: named[$0].asClass(found.splits[$0]), name: found.names[$0])
    }
    // Those left out stay in the data, and so in its hash, as with a split file that does not list them.
    let others = folders.indices.filter { isLeft[$0] }.map {
      DividedClass(item: folders[$0].asClass(nil), name: own[$0].path)
    }
    return Division(
      classes: classes + others, how: found.how,
      notes: found.notes.map { roots.sentence($0, of: position) },
      loose: (tops + found.loose.sorted().map { named[$0] }).flatMap { $0.files.map($0.image) })
  }

  /// Refuses to draw where lists beside the images say which class is for what.
  private func refuseLists(in root: String) throws(DatasetError) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root))?.sorted(by: bytewise) ?? []
    let lists = SplitFile.lists(among: names)
    guard Set(lists.map(\.split)).isSuperset(of: [.train, .test]) else { return }
    let isOne = !roots.isUnion
    throw .unclearDivision(
      root: root,
      reason:
        "the lists \(lists.map { printable($0.name) }.joined(separator: ", ")) in it name the parts of the data: "
        + (isOne
          ? "use them with --split \(shellQuoted(root))"
          : "give --split one file with the classes of all data sets and their parts")
        + ", or move them away to have the classes drawn")
  }
}

extension PassedOver {
  /// The same under the names that files have in a data set of several folders.
  fileprivate func renamed(_ name: (String) -> String) -> PassedOver {
    var other = self
    other.results = results.map(name)
    other.system = system.map(name)
    other.loose = loose.map(name)
    other.archives = archives.map(name)
    other.examples = examples.map(name)
    return other
  }
}

extension ImageFolder {
  func asClass(_ split: Split?) -> ImageClass {
    ImageClass(name: path, split: split, images: files.map(image))
  }

  func image(_ file: String) -> String { path.isEmpty ? file : "\(path)/\(file)" }
}
