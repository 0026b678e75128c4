internal import Files
internal import Formats
import Foundation

/// Turns a labelled list and a folder of images into a tree of class folders, `<split>/<class>/<image>.png`.
///
/// Nothing is moved or changed at the source. Every image is decoded first; the tree is built beside its
/// folder and appears there whole, or not at all.
public struct ImageImport: Sendable {
  /// Where one image goes.
  private struct Copy {
    /// Relative to the folder of images.
    let source: String
    /// Relative to the new folder.
    let target: String
    let split: Split?
    let folder: String
  }

  /// What one import did.
  public struct Summary: Hashable, Sendable {
    /// Classes and images of each split; one row without a split if the list has none.
    public let parts: [Part]

    /// Images left out because they cannot be decoded.
    public let skipped: [BadImage]

    /// Rows of the list left out because their split is empty.
    public let leftOut: Int

    /// Pictures that stand in more than one split, by content.
    public let shared: Int

    /// Images that were copied, although links were asked for, because the disk allowed none.
    public let copied: Int
  }

  /// One split of a summary.
  public struct Part: Hashable, Sendable {
    /// Which; nil if the list has no splits.
    public let split: Split?

    /// Its classes.
    public let classes: Int

    /// Its images.
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
      guard let source = resolved("\(root)/\(entry.file)") else {
        throw list.fault(entry.line, "file \(shown) is not in \(folder).")
      }
      guard source.hasPrefix(root == "/" ? "/" : root + "/") else {
        throw list.fault(entry.line, "file \(shown) is a link that leads out of \(folder).")
      }
      if let first = owners.updateValue(entry.line, forKey: source) {
        throw list.fault(entry.line, "file \(shown) stands in line \(first) too. List it once.")
      }
      let folder = entry.split.map { "\(Self.name($0))/\(entry.label)" } ?? entry.label
      // The whole path keeps files of one name from several folders apart; a name alone stays as it is.
      let stem = Self.stem(entry.file.split(separator: "/").joined(separator: "-"))
      let target = "\(folder)/\(stem).png"
      if let first = lines.updateValue(entry.line, forKey: target) {
        throw list.fault(entry.line, "file \(shown) would overwrite that of line \(first). Rename one.")
      }
      copies.append(
        Copy(
          source: String(source.dropFirst(root == "/" ? 1 : root.count + 1)), target: target,
          split: entry.split,
          folder: folder))
    }
  }

  /// Decodes every image and makes the tree.
  ///
  /// - Parameters:
  ///   - output: The folder to make; it must not exist, or be empty.
  ///   - linking: Whether files share their content with the source (hard links) instead of being copied.
  ///   - skipUnreadable: Whether bad images are left out rather than an error.
  ///   - threads: How many threads decode.
  /// - Returns: What was made.
  /// - Throws: `DatasetError.badImages` before anything is written; `notWritable` with nothing left behind.
  public func write(
    to output: String, linking: Bool = false, skipUnreadable: Bool = false, threads: Int = 2
  ) throws(DatasetError) -> Summary {
    let work = Decoding(
      root: root, files: copies.map(\.source), decoded: copies.count,
      preparation: ImagePreparation(imageSize: 1), limit: ImageLimit())
    let result = work.run(threads: max(1, threads))
    let bad = result.errors.sorted { bytewise($0.path, $1.path) }
    guard bad.isEmpty || skipUnreadable else { throw .badImages(bad, total: copies.count) }
    let dropped = Set(bad.map(\.path))
    let kept = copies.indices.filter { !dropped.contains(copies[$0].source) }
    guard !kept.isEmpty else { throw .badImages(bad, total: copies.count) }

    let draft = "\(output).draft-\(UUID().uuidString)"
    var copied = 0
    do throws(DatasetError) {
      for i in kept {
        copied += try carryOut(copies[i], hash: result.hashes[i], in: draft, linking: linking) ? 1 : 0
      }
      // Fails if something has come to stand there meanwhile; an empty folder is replaced.
      guard rename(draft, output) == 0 else {
        throw .notWritable(path: output, reason: String(cString: strerror(errno)))
      }
    } catch {
      try? FileManager.default.removeItem(atPath: draft)
      throw error
    }
    return Summary(
      parts: parts(kept), skipped: bad, leftOut: list.leftOut, shared: shared(kept, result.keys),
      copied: linking ? copied : 0)
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

  private static func name(_ split: Split) -> String { split == .validation ? "val" : split.rawValue }

  private static func stem(_ file: String) -> String {
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    let stem = parts.count > 1 ? parts.dropLast().joined(separator: ".") : file
    // A leading point would hide the file.
    return stem.isEmpty || stem.hasPrefix(".") ? "_" + stem : stem
  }
}
