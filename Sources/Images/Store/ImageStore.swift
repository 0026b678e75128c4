internal import Files
internal import Formats
internal import Foundation

/// All images of a data set, decoded once and prepared, in one buffer of bytes.
public struct ImageStore: Sendable {
  /// What was done to every image.
  public let preparation: ImagePreparation

  /// The folder the paths are relative to.
  public let root: String

  /// Classes with the images that could be used, in the order of the index; those of no split, and those that have no
  /// such image, are left out.
  public let classes: [ImageClass]

  /// SHA-256 of the data set: every image of the index, of a split or not; see `ContentHash.dataset`.
  ///
  /// So it is the same for every division of the class folders; image lists (`filename,label`) choose the
  /// images themselves, and then only these count.
  public let dataHash: String

  /// Images that were dropped because they could not be decoded.
  public let skipped: [BadImage]

  /// Paths, in the order of `pixels`.
  public let paths: [String]

  /// Whether every picture is one colour after preparation, so that there is nothing to learn.
  package let isBlank: Bool

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
      root: index.root, files: files + unused, decoded: files.count, preparation: preparation, limit: limit)
    let result = work.run(threads: max(1, threads))

    // Good images must not be left out as bad because the machine is busy: that would change the data set.
    for item in result.errors {
      if case .exhausted(let reason) = item.error { throw .unreadable(path: item.path, reason: reason) }
    }
    let bad = (result.errors + index.refused).sorted { bytewise($0.path, $1.path) }
    guard bad.isEmpty || skipUnreadable else {
      throw .unusable(bad, of: used, below: index.root, total: files.count + index.refused.count)
    }
    self.preparation = preparation
    undivided = Set(index.classes.filter { $0.split == nil }.map(\.name))
    root = index.root
    skipped = bad
    dataHash = ContentHash.dataset(
      zip(files + unused, result.hashes).map { (path: $0, sha256: $1) })
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
    let size = preparation.byteCount
    let first = result.pixels[..<min(size, result.pixels.count)]
    isBlank = kept.allSatisfy { slot in
      result.traits[slot].contains(.isConstant)
        && result.pixels[slot * size..<(slot + 1) * size].elementsEqual(first)
    }
    warnings =
      Self.warnings(onLost: left.filter(\.images.isEmpty).map(\.name))
      + PictureTraits.warnings(kept.map { result.traits[$0] }, preparation)
    picturesInSeveralSplits = countSharedBySplits()
    leakWarnings = describeSharedBySplits()
  }

  /// Says which classes are gone, since none of their images could be used.
  private static func warnings(onLost names: [String]) -> [String] {
    guard !names.isEmpty else { return [] }
    let shown = names.prefix(20).map(printable).joined(separator: ", ")
    return [
      "\(names.count) \(names.count == 1 ? "class has" : "classes have") no image that can be used, and "
        + "\(names.count == 1 ? "is" : "are") left out: \(shown)"
        + (names.count > 20 ? " and \(names.count - 20) more" : "")
    ]
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
