internal import Files
internal import Formats
import Foundation

/// A division of classes or images as a file or a folder of files states it.
///
/// Formats:
/// - CSV with a column `split`. The class is the column `class`, `wnid`, `character`, `label` or `synset`,
///   together with the columns between it and `split` in front as the folders above it; without such a
///   column all columns but `split`. Rows with an empty split are left out.
/// - Plain text: lines `split class`, or sections `[train]` with a class on each line; `#` begins a comment.
/// - A folder with `train.txt`, `val.txt`, `test.txt`: a class on each line.
/// - A folder with `train.csv`, `val.csv`, `test.csv` and columns `filename,label`: files by name.
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

    /// The name of its file, in any folder.
    public let file: String

    /// The name of its class.
    public let label: String
  }

  /// Where it was read from.
  public let path: String

  /// The classes it lists; empty for a list of images.
  public private(set) var classes: [Entry] = []

  /// The images it lists; empty for a list of classes.
  public private(set) var images: [ImageEntry] = []

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

  private mutating func parse(_ bytes: [UInt8]) throws(DatasetError) {
    let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
    let first = head.split(whereSeparator: \.isNewline).first ?? ""
    if first.contains(",") { try readCSV(bytes) } else { try readText(bytes) }
  }

  private func finish() throws(DatasetError) {
    guard !classes.isEmpty || !images.isEmpty else { throw fault(0, "lists no class in any split.") }
    let climbing = classes.first { $0.path.contains { $0 == ".." || $0 == "." } }
    guard climbing == nil else {
      throw fault(0, "names a class by \"..\" or \".\", which is not below the data.")
    }
    try refuseContradictions()
  }

  /// Number of different classes a split has.
  public func classCount(in split: Split) -> Int {
    images.isEmpty
      ? classes.count { $0.split == split } : Set(images.filter { $0.split == split }.map(\.label)).count
  }

  private func fault(_ line: Int, _ reason: String, in file: String? = nil) -> DatasetError {
    .splitFile(path: file ?? path, line: line, reason: reason)
  }

  private static func read(_ path: String) throws(DatasetError) -> [UInt8] {
    do {
      return try contents(ofFile: path, limit: largestList)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
  }

  private static func table(_ bytes: [UInt8], _ path: String) throws(DatasetError) -> CSVTable {
    do {
      return try CSVTable(bytes)
    } catch {
      throw .splitFile(
        path: path, line: error.line, reason: "\(error.reason). Save it as plain CSV in UTF-8.")
    }
  }

  private func split(named name: String, line: Int, in file: String? = nil) throws(DatasetError) -> Split {
    guard let split = Split(named: name) else {
      throw fault(
        line, "\"\(printable(String(name.prefix(60))))\" is not a split. Use train, val or test.", in: file)
    }
    return split
  }

  private mutating func readFolder() throws(DatasetError) {
    for split in Split.allCases {
      let names = split == .validation ? ["val", "valid", "validation"] : [split.rawValue]
      for name in names {
        let table = "\(path)/\(name).csv"
        let list = "\(path)/\(name).txt"
        if FileManager.default.fileExists(atPath: table) {
          try readImages(table, split)
        } else if FileManager.default.fileExists(atPath: list) {
          for (_, line) in try lines(Self.read(list), list) { append(split, line) }
        }
      }
    }
    if !classes.isEmpty && !images.isEmpty {
      throw fault(0, "holds lists of classes (.txt) and of images (.csv). Keep one kind.")
    }
  }

  private mutating func readImages(_ file: String, _ split: Split) throws(DatasetError) {
    let table = try Self.table(Self.read(file), file)
    guard let name = table.header.firstIndex(of: "filename"), let label = table.header.firstIndex(of: "label")
    else { throw fault(1, "needs the columns filename,label.", in: file) }
    for (line, fields) in table.rows {
      guard !fields[name].isEmpty, !fields[label].isEmpty else {
        throw fault(line, "has an empty file name or label.", in: file)
      }
      images.append(ImageEntry(split: split, file: fields[name], label: fields[label]))
    }
  }

  private mutating func readCSV(_ bytes: [UInt8]) throws(DatasetError) {
    let table = try Self.table(bytes, path)
    guard let splitColumn = table.header.firstIndex(of: "split") else {
      throw fault(1, "has no column named split. Write the header split,class.")
    }
    let columns = Self.classColumns(table.header, splitColumn)
    guard !columns.isEmpty else {
      throw fault(1, "has no column besides split. Write the header split,class.")
    }
    for (line, fields) in table.rows where !fields[splitColumn].isEmpty {
      let split = try split(named: fields[splitColumn], line: line)
      let path = columns.flatMap { fields[$0].split(separator: "/").map(String.init) }
      guard !path.isEmpty else { throw fault(line, "names no class.") }
      classes.append(Entry(split: split, path: path))
    }
  }

  private static func classColumns(_ header: [String], _ split: Int) -> [Int] {
    let known = ["class", "wnid", "character", "label", "synset"]
    guard let last = known.lazy.compactMap({ header.firstIndex(of: $0) }).first else {
      return header.indices.filter { $0 != split }
    }
    return last > split ? Array(split + 1...last) : [last]
  }

  private mutating func readText(_ bytes: [UInt8]) throws(DatasetError) {
    var section: Split?
    for (number, line) in try lines(bytes, path) {
      if line.hasPrefix("["), line.hasSuffix("]") {
        section = try split(named: String(line.dropFirst().dropLast()), line: number)
      } else if let section {
        append(section, line)
      } else {
        let parts = line.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
        guard parts.count == 2 else {
          throw fault(number, "is not \"split class\". Write, for example: train Angelic/character01")
        }
        let split = try split(named: String(parts[0]), line: number)
        append(split, parts[1].trimmingCharacters(in: .whitespaces))
      }
    }
  }

  private mutating func append(_ split: Split, _ name: String) {
    let path = name.split(separator: "/").map(String.init)
    if !path.isEmpty { classes.append(Entry(split: split, path: path)) }
  }

  /// Lines with content, trimmed, with their numbers.
  private func lines(_ bytes: [UInt8], _ file: String) throws(DatasetError) -> [(Int, String)] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw fault(0, "is not UTF-8 text. Save it in UTF-8.", in: file)
    }
    guard !bytes.contains(0) else {
      throw fault(0, "holds a NUL character. Save it as plain text.", in: file)
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return lines.enumerated().compactMap { number, line in
      let content = line.trimmingCharacters(in: .whitespaces)
      return content.isEmpty || content.hasPrefix("#") ? nil : (number + 1, content)
    }
  }

  private func refuseContradictions() throws(DatasetError) {
    var seen: [String: Split] = [:]
    let named = images.isEmpty ? classes.map { ($0.path.joined(separator: "/"), $0.split) } : []
    for (name, split) in named + Set(images).map({ ($0.label, $0.split) }) {
      if let other = seen[name], other != split || images.isEmpty {
        let both =
          other == split ? "twice in \(split.rawValue)" : "in \(other.rawValue) and \(split.rawValue)"
        throw fault(0, "lists class \(printable(name)) \(both). List it once.")
      }
      seen[name] = split
    }
  }
}

/// The most bytes a list of classes or images may take: some millions of lines.
let largestList = 1 << 26
