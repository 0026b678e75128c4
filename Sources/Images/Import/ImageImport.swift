internal import Files
internal import Formats
import Foundation

/// Turns a labelled list and a folder of images into a tree of class folders, `<split>/<class>/<image>`.
///
/// Nothing is moved or changed at the source. Every image is decoded first; the tree is built beside its
/// folder and appears there whole, or not at all.
public struct ImageImport: Sendable {
  /// One image to copy or link.
  private struct Copy {
    /// Relative to the folder of images.
    let source: String
    /// Relative to the new folder.
    let target: String
    let split: Split?
    let folder: String
  }

  /// The counts of a finished import.
  public struct Summary: Hashable, Sendable {
    /// Classes and images of each split; one row without a split if the list has none.
    public let parts: [Part]

    /// Images left out because they cannot be decoded.
    public let skipped: [BadImage]

    /// Rows of the list left out because their split is empty.
    public let leftOut: Int

    /// How many pictures are in more than one split, by content.
    public let shared: Int

    /// Images that were copied, although links were asked for, because the disk does not allow links.
    public let copied: Int

    /// What a user should know of the labels, a sentence each.
    public let notes: [String]
  }

  /// One split of a summary.
  public struct Part: Hashable, Sendable {
    /// The split; nil if the list has no splits.
    public let split: Split?

    /// The number of its classes.
    public let classes: Int

    /// The number of its images.
    public let images: Int
  }

  private let list: LabelList
  private let root: String
  private var copies: [Copy] = []

  /// Plans an import and checks every path.
  ///
  /// - Parameters:
  ///   - list: The images and their labels.
  ///   - folder: The folder the list's paths are relative to.
  /// - Throws: `DatasetError` if a path is missing, leads out of the folder by a link, or is listed twice.
  public init(_ list: LabelList, from folder: String) throws(DatasetError) {
    self.list = list
    guard let root = resolved(folder) else { throw .notFound(path: folder) }
    self.root = root
    var owners: [String: Int] = [:]
    var lines: [String: Int] = [:]
    for entry in list.entries {
      let shown = printable(entry.file)
      guard let (file, source) = Self.find(entry, in: root) else {
        throw list.fault(entry.line, "file \(shown) is not in \(folder).")
      }
      guard isInside(source, root) else {
        throw list.fault(entry.line, "file \(shown) is a link that leads out of \(folder).")
      }
      if let first = owners.updateValue(entry.line, forKey: source) {
        throw list.fault(entry.line, "file \(shown) is in line \(first) too. List it once.")
      }
      let folder = entry.split.map { "\($0.folderName)/\(entry.label)" } ?? entry.label
      // The whole path keeps files of one name from several folders apart; a name alone stays as it is.
      let stem = Self.stem(file.split(separator: "/").joined(separator: "-"))
      // The ending is not looked at: one picture in two formats would be taken for one.
      if let first = lines.updateValue(entry.line, forKey: "\(folder)/\(stem)") {
        throw list.fault(entry.line, "file \(shown) would overwrite that of line \(first). Rename one.")
      }
      copies.append(
        Copy(
          source: String(source.dropFirst(root == "/" ? 1 : root.count + 1)),
          target: "\(folder)/\(stem).\(Self.ending(file))",
          split: entry.split,
          folder: folder))
    }
  }

  /// Finds the file of an entry.
  ///
  /// A path may begin with folders that lead to the folder of images, absolute or not, and may have another ending than
  /// the file or none, as lists of converted images do.
  ///
  /// - Returns: Its path below the folder of images, and where that leads; nil if there is none.
  private static func find(_ entry: LabelList.Entry, in root: String) -> (file: String, place: String)? {
    let parts = entry.file.split(separator: "/")
    let above = root.split(separator: "/")
    let isPlain = !entry.file.hasPrefix("/")
    let tails = parts.indices
      .filter { (isPlain || $0 == above.count) && above.suffix($0).elementsEqual(parts.prefix($0)) }
      .map { parts.dropFirst($0).joined(separator: "/") }
    // A name may begin or end with white space after all, or hold the sign that others put between folders.
    let names = (isPlain ? [entry.file, entry.written] : []) + tails
    let converted = tails.flatMap { ["\($0).png", ($0 as NSString).deletingPathExtension + ".png"] }
    for name in names + converted {
      if let place = resolved("\(root)/\(name)") { return (name, place) }
    }
    return nil
  }

  /// Decodes every image and makes the tree.
  ///
  /// - Parameters:
  ///   - output: The folder to make; it must not exist, or be empty.
  ///   - linking: Whether files share their content with the source (hard links) instead of being copied.
  ///   - skipUnreadable: Whether bad images are left out rather than an error.
  ///   - threads: How many threads decode.
  ///   - isStopped: Asked now and then; once it is true, nothing is made.
  /// - Returns: What was made.
  /// - Throws: `DatasetError.badImages` before anything is written; `notWritable` with nothing left behind;
  ///   `CancellationError` if it was stopped, with nothing left behind.
  public func write(
    to output: String, linking: Bool = false, skipUnreadable: Bool = false, threads: Int = 2,
    isStopped: @Sendable () -> Bool = { false }
  ) throws -> Summary {
    let work = Decoding(
      roots: DataRoots(root), files: copies.map(\.source), decoded: copies.count,
      preparation: ImagePreparation(imageSize: 1), limit: ImageLimit())
    let result = work.run(threads: max(1, threads), isStopped: isStopped)
    if isStopped() { throw CancellationError() }
    let bad = result.errors.sorted { bytewise($0.path, $1.path) }
    guard bad.isEmpty || skipUnreadable else {
      throw DatasetError.unusable(bad, below: root, named: "--images", total: copies.count)
    }
    let dropped = Set(bad.map(\.path))
    let kept = copies.indices.filter { !dropped.contains(copies[$0].source) }
    guard !kept.isEmpty else { throw DatasetError.badImages(bad, total: copies.count) }

    let copied = try wholeFolder(output) { draft in
      var copied = 0
      for i in kept {
        if isStopped() { throw CancellationError() }
        copied += try carryOut(copies[i], hash: result.hashes[i], in: draft, linking: linking) ? 1 : 0
      }
      return copied
    }
    return Summary(
      parts: parts(kept), skipped: bad, leftOut: list.leftOut, shared: shared(kept, result.keys),
      copied: linking ? copied : 0, notes: list.notes)
  }

  /// Copies or links one file, as it was when it was decoded.
  ///
  /// - Returns: Whether it was copied.
  private func carryOut(
    _ item: Copy, hash: String, in draft: String, linking: Bool
  ) throws(DatasetError) -> Bool {
    let (source, target) = ("\(root)/\(item.source)", "\(draft)/\(item.target)")
    if linking {
      let folder = (target as NSString).deletingLastPathComponent
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      if link(source, target) == 0 { return false }
    }
    let bytes: [UInt8]
    do {
      bytes = try pictureBytes(source)
    } catch {
      throw .unreadable(path: source, reason: "\(error)")
    }
    guard ContentHash.sha256(bytes) == hash else {
      throw .unreadable(path: source, reason: "it changed while it was imported; try again")
    }
    try writeDataFile(bytes, to: target)
    return true
  }

  private func parts(_ kept: [Int]) -> [Part] {
    let groups = Dictionary(grouping: kept) { copies[$0].split }
    return ([nil] + Split.allCases.map(Optional.some)).compactMap { split in
      groups[split].map { members in
        Part(split: split, classes: Set(members.map { copies[$0].folder }).count, images: members.count)
      }
    }
  }

  private func shared(_ kept: [Int], _ keys: [UInt64]) -> Int {
    Dictionary(grouping: kept) { keys[$0] }.values
      .count { group in Set(group.map { copies[$0].split }).count > 1 }
  }

  /// The ending of a picture's name in small letters; png if it has none of a picture.
  private static func ending(_ file: String) -> String {
    PictureFormat.named(file) == nil ? "png" : (file as NSString).pathExtension.lowercased()
  }

  private static func stem(_ file: String) -> String {
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    let stem = parts.count > 1 ? parts.dropLast().joined(separator: ".") : file
    // A leading dot would hide the file.
    return stem.isEmpty || stem.hasPrefix(".") ? "_" + stem : stem
  }
}
