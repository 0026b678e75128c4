internal import Files
internal import Formats
import Foundation

/// A division of classes or images as a file or a folder of files states it.
///
/// Formats:
/// - CSV with a column `split`. The class is the column `class`, `wnid`, `character`, `label` or `synset`,
///   together with the columns between it and `split` in front as the folders above it; without such a
///   column all columns but `split`. Rows with an empty split are left out.
/// - The same with a column `filename`: a list of images, each with its class and its split.
/// - Plain text: lines `split class`, or sections `[train]` with a class on each line; `#` begins a comment.
/// - A folder with `train.txt`, `val.txt`, `test.txt`: a class on each line.
/// - A folder with `train.csv`, `val.csv`, `test.csv` and columns `filename,label`: files by their paths.
///
/// In CSV `;` and tabs may stand for commas. Case and white space of column names, and white space at the ends of
/// fields, do not matter.
public struct SplitFile: Sendable {
  /// A class with its split, as path components from the outermost folder.
  public struct Entry: Hashable, Sendable {
    /// The split of the class.
    public let split: Split

    /// The class and folders above it, outermost first; the outer ones may be missing in the data.
    public let path: [String]
  }

  /// An image with its split and class.
  public struct ImageEntry: Hashable, Sendable {
    /// The split of the image.
    public let split: Split

    /// Its file: a path, or a name that only one file of the data has.
    public let file: String

    /// The name of its class.
    public let label: String
  }

  /// Where it was read from.
  public let path: String

  /// The classes it lists; empty for a list of images.
  public internal(set) var classes: [Entry] = []

  /// The images it lists; empty for a list of classes.
  public internal(set) var images: [ImageEntry] = []

  /// Reads a split file or a folder of three.
  ///
  /// - Parameter path: The file or folder.
  /// - Throws: `DatasetError` if it is missing, unreadable, or contradicts itself.
  public init(contentsOf path: String) throws(DatasetError) {
    self.path = path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .notFound(path: path)
    }
    if isFolder.boolValue {
      try readFolder()
    } else {
      try parse(Self.read(path))
    }
    try finish()
  }

  /// Reads the bytes of a split file.
  ///
  /// - Parameters:
  ///   - bytes: The file; it need not be trustworthy.
  ///   - path: Its name, for errors.
  /// - Throws: `DatasetError.splitFile` with the line that is wrong.
  public init(parsing bytes: [UInt8], from path: String) throws(DatasetError) {
    self.path = path
    try parse(bytes)
    try finish()
  }

  /// Number of different classes a split has.
  public func classCount(in split: Split) -> Int {
    images.isEmpty
      ? classes.count { $0.split == split } : Set(images.filter { $0.split == split }.map(\.label)).count
  }

  private func finish() throws(DatasetError) {
    guard !classes.isEmpty || !images.isEmpty else { throw fault(0, "lists no class in any split.") }
    let climbing = classes.first { $0.path.contains { $0 == ".." || $0 == "." } }
    guard climbing == nil else {
      throw fault(0, "names a class by \"..\" or \".\", which is not below the data.")
    }
    if images.isEmpty {
      try refuseRepetition()
    } else {
      try refuseMixing(Dictionary(images.map { ($0.label, [$0.split]) }) { $0.union($1) })
    }
  }

  /// Every class of a list of classes stands once.
  private func refuseRepetition() throws(DatasetError) {
    var seen: [String: Split] = [:]
    for entry in classes {
      let name = entry.path.joined(separator: "/")
      if let other = seen.updateValue(entry.split, forKey: name) {
        let both =
          other == entry.split
          ? "twice in \(other.rawValue)" : "in \(other.rawValue) and \(entry.split.rawValue)"
        throw fault(0, "lists class \(printable(name)) \(both). List it once.")
      }
    }
  }

  /// All images of a class are in one split.
  func refuseMixing(_ splits: [String: Set<Split>]) throws(DatasetError) {
    let mixed = splits.filter { $0.value.count > 1 }.keys.sorted(by: bytewise)
    guard let first = mixed.first, let parts = splits[first] else { return }
    let words = Split.allCases.filter(parts.contains).map(\.rawValue).joined(separator: " and ")
    throw fault(
      0,
      "lists class \(printable(first)) in \(words)"
        + (mixed.count > 1 ? ", and so \(mixed.count) of its \(splits.count) classes" : "")
        + ".\nFew-shot learning is tested on classes that training never saw: give all images of a class one split."
    )
  }
}

/// The most bytes a list of classes or images may take: some millions of lines.
let largestList = 1 << 26
