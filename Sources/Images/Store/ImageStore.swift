internal import Files
internal import Formats
internal import Foundation

/// All images of a data set, decoded once and prepared, in one buffer of bytes.
public struct ImageStore: Sendable {
  /// What was done to every image.
  public let preparation: ImagePreparation

  /// The folders the paths are relative to.
  public let roots: DataRoots

  /// Classes with the images that could be used, in the order of the index; those of no split, and those that have no
  /// such image, are left out.
  public let classes: [ImageClass]

  /// SHA-256 of the data set: every image of the index, of a split or not; see `ContentHash.dataset`.
  ///
  /// So it is the same for every division of the class folders; image lists (`filename,label`) choose the
  /// images themselves, and then only these count. That of a union is made of the hashes of its folders in their order,
  /// see `ContentHash.union`.
  public let dataHash: String

  /// The same of each folder by itself, in their order.
  public let rootHashes: [String]

  /// Images that were dropped because they could not be decoded.
  public let skipped: [BadImage]

  /// Paths, in the order of `pixels`.
  public let paths: [String]

  /// The first folder in which every picture is one colour after preparation, so that there is nothing to learn.
  private let blank: DatasetError?

  /// The share of each folder's pictures that are in colour; nil where it has none.
  package let colouredShares: [Double?]

  /// What preparation took from the pictures, a sentence each.
  public let warnings: [String]

  /// How many images of later splits, test and validation, are images of an earlier one too, by content.
  public private(set) var picturesInSeveralSplits = 0

  /// A sentence for each two splits that share pictures.
  public private(set) var leakWarnings: [String] = []

  /// Names of the classes that belong to no split.
  private let undivided: Set<String>
  private let pixels: [UInt8]
  private let entries: [String: Entry]

  private struct Entry {
    let slot: Int
    let key: UInt64
  }

  /// Decodes every image that belongs to a split.
  ///
  /// - Parameters:
  ///   - index: The data set.
  ///   - preparation: What is done to each image.
  ///   - threads: How many threads decode; the result does not depend on it.
  ///   - limit: The largest picture accepted.
  ///   - skipUnreadable: Whether bad files are dropped and counted rather than an error.
  /// - Throws: `DatasetError.badImages` with all bad files at once, `.unreadable` if the machine has no room to read one.
  public init(
    _ index: DatasetIndex, preparation: ImagePreparation = ImagePreparation(), threads: Int = 2,
    limit: ImageLimit = ImageLimit(), skipUnreadable: Bool = false
  ) throws(DatasetError) {
    let used = index.classes.filter { $0.split != nil }
    let unused = index.classes.filter { $0.split == nil }.flatMap(\.images)
    let files = used.flatMap(\.images)
    try Self.refuseExcess(files.count, preparation)
    let work = Decoding(
      roots: index.roots, files: files + unused, decoded: files.count, preparation: preparation, limit: limit)
    let result = work.run(threads: max(1, threads))

    // Good images must not be left out as bad because the machine is busy: that would change the data set.
    for item in result.errors {
      if case .exhausted(let reason) = item.error { throw .unreadable(path: item.path, reason: reason) }
    }
    let bad = (result.errors + index.refused).sorted { bytewise($0.path, $1.path) }
    guard bad.isEmpty || skipUnreadable else {
      throw .unusable(bad, of: used, in: index.roots, total: files.count + index.refused.count)
    }
    let roots = index.roots
    self.preparation = preparation
    undivided = Set(index.classes.filter { $0.split == nil }.map(\.name))
    self.roots = roots
    skipped = bad
    let hashed = Dictionary(grouping: zip(files + unused, result.hashes)) { roots.position(of: $0.0) }
    rootHashes = roots.all.indices.map { position in
      ContentHash.dataset((hashed[position] ?? []).map { (path: roots.inside($0.0), sha256: $0.1) })
    }
    dataHash =
      roots.isUnion
      ? ContentHash.union(zip(roots.all, rootHashes).map { (name: $0.name, hash: $1) }) : rootHashes[0]
    let dropped = Set(bad.map(\.path))
    let left = used.map { item in
      ImageClass(name: item.name, split: item.split, images: item.images.filter { !dropped.contains($0) })
    }
    classes = left.filter { !$0.images.isEmpty }
    let kept = files.indices.filter { !dropped.contains(files[$0]) }
    paths = kept.map { files[$0] }
    entries = Dictionary(
      kept.map { (files[$0], Entry(slot: $0, key: result.keys[$0])) }, uniquingKeysWith: { first, _ in first }
    )
    pixels = result.pixels
    let looks = roots.all.indices.map { position in
      RootLook(
        at: kept.filter { roots.position(of: files[$0]) == position }, of: result, preparation,
        lost: left.filter { $0.images.isEmpty && roots.position(of: $0.name) == position }.map(\.name))
    }
    colouredShares = looks.map(\.colouredShare)
    warnings = looks.enumerated().flatMap { position, look in
      look.warnings.map { roots.sentence($0, of: position) }
    }
    blank =
      zip(roots.all, looks).lazy.compactMap { root, look in
        look.isBlank ? look.warnings.first.map { DatasetError.blank(root: root.folder, reason: $0) } : nil
      }.first
    picturesInSeveralSplits = countSharedBySplits()
    leakWarnings = describeSharedBySplits()
  }

  /// Refuses images that are all the same, or those of a folder that are.
  ///
  /// - Throws: `DatasetError.blank`.
  package func refuseBlank() throws(DatasetError) {
    if let blank { throw blank }
  }

  /// Refuses images that this machine's memory cannot hold, before memory is allocated.
  private static func refuseExcess(_ images: Int, _ preparation: ImagePreparation) throws(DatasetError) {
    let (bytes, overflow) = images.multipliedReportingOverflow(by: preparation.byteCount)
    let memory = MachineMemory.bytes
    guard !overflow, bytes <= memory / 10 * 9 else {
      throw .tooMuchMemory(images: images, bytesPerImage: preparation.byteCount, memory: memory)
    }
  }

  /// The classes of a split, in the order of ``classes``.
  public func classes(in split: Split) -> [ImageClass] { classes.filter { $0.split == split } }

  /// Classes and images of each split, without images that were left out.
  public var report: [SplitReport] { Split.allCases.map { SplitReport($0, of: classes(in: $0)) } }

  /// The same for the classes of one of the folders.
  ///
  /// - Parameter position: Which, in ``roots``.
  /// - Returns: One row per split.
  public func report(ofRoot position: Int) -> [SplitReport] {
    Split.allCases.map { split in
      SplitReport(split, of: classes(in: split).filter { roots.position(of: $0.name) == position })
    }
  }

  /// Whether the data set has a class of this name that belongs to no split.
  package func isUndivided(_ name: String) -> Bool { undivided.contains(name) }

  /// Whether the store has an image.
  public func contains(_ path: String) -> Bool { entries[path] != nil }

  /// The prepared bytes `[channels, imageSize, imageSize]` of an image; nil if the store does not have it.
  public func bytes(of path: String) -> ArraySlice<UInt8>? {
    let size = preparation.byteCount
    return entries[path].map { pixels[$0.slot * size..<($0.slot + 1) * size] }
  }

  /// A key that is the same for two images exactly if their decoded pixels, before preparation, are.
  ///
  /// So the episodes drawn do not depend on the image size.
  public func contentKey(of path: String) -> UInt64? { entries[path]?.key }

  /// Names of the classes with fewer different images, by content, than a number; those of no split are not looked at.
  package func smallClasses(fewest: Int) -> [String] {
    classes.filter { item in Set(item.images.map { entries[$0]?.key }).count < fewest }.map(\.name)
  }

  /// Groups of images with the same content, each sorted, in the order of their first path.
  public var duplicates: [[String]] {
    Dictionary(grouping: paths) { entries[$0]?.key }.values
      .filter { $0.count > 1 }.map { $0.sorted(by: bytewise) }
      .sorted { bytewise($0[0], $1[0]) }
  }
}
