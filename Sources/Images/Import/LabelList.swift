internal import Files
internal import Formats
import Foundation

/// A list of images with their labels, as data sets are often published beside one folder of files.
///
/// CSV with a header and the columns `filename` and `label`, optionally `split`; or a JSON array of objects
/// with these fields. A row whose split is empty is left out. Case and white space of column names, and white space at
/// the ends of fields, do not matter; `;` and tabs may stand for commas.
public struct LabelList: Sendable {
  /// One image of the list.
  public struct Entry: Hashable, Sendable {
    /// The file, relative to the folder of images.
    public let file: String

    /// The same as the list has it, white space at its ends included.
    let written: String

    /// Its class, without white space at its ends; slashes make folders.
    public let label: String

    /// Its split, if the list has splits.
    public let split: Split?

    /// Where it is in the file: a line of CSV, or a position in the array, counted from 1.
    public let line: Int
  }

  /// Where it was read from.
  public let path: String

  /// The images, in the order of the list.
  public private(set) var entries: [Entry] = []

  /// Rows left out because their split is empty.
  public private(set) var leftOut = 0

  /// What a user should know of the labels, a sentence each.
  public private(set) var notes: [String] = []

  /// Reads a list.
  ///
  /// - Parameter path: A CSV or JSON file; it need not be trustworthy.
  /// - Throws: `DatasetError` if it is missing, unreadable or breaks a rule; the error names the line.
  public init(contentsOf path: String) throws(DatasetError) {
    guard FileManager.default.fileExists(atPath: path) else { throw .notFound(path: path) }
    let bytes: [UInt8]
    do {
      bytes = try contents(ofFile: path, limit: largestList)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
    try self.init(parsing: bytes, from: path)
  }

  /// Reads the bytes of a list.
  ///
  /// - Parameters:
  ///   - bytes: The file; it need not be trustworthy.
  ///   - path: Its name, for errors.
  /// - Throws: `DatasetError.labelList` with the line that is wrong.
  public init(parsing bytes: [UInt8], from path: String) throws(DatasetError) {
    self.path = path
    let content = Array(bytes.dropFirst(byteOrderMark(bytes)))
    let isJSON = content.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) } == UInt8(ascii: "[")
    let rows = isJSON ? try jsonRows(content) : try tableRows(content)
    guard let first = rows.first else { throw fault(0, "lists no image.") }
    let hasSplits = first.split != nil
    var spaced: [Int] = []
    for (i, row) in rows.enumerated() {
      let line = row.line ?? i + 1
      guard (row.split != nil) == hasSplits else {
        throw fault(line, "has a split where others have none. Give every row a split, or none.")
      }
      if row.split?.trimmed == "" {
        leftOut += 1
        continue
      }
      let file = Self.plain(row.filename.trimmed)
      let label = row.label.split(separator: "/", omittingEmptySubsequences: false)
        .map { String($0).trimmed }.joined(separator: "/").composed
      if label.unicodeScalars.count != row.label.composed.unicodeScalars.count { spaced.append(line) }
      if let fault = Self.fault(file: file) ?? Self.fault(label: label) { throw self.fault(line, fault) }
      let split = row.split.flatMap { Split(named: $0) }
      guard !hasSplits || split != nil else {
        throw fault(line, "\"\(printable(row.split ?? ""))\" is not a split. Use train, val or test.")
      }
      entries.append(Entry(file: file, written: row.filename, label: label, split: split, line: line))
    }
    guard !entries.isEmpty else { throw fault(0, "lists no image in any split.") }
    if let line = spaced.first {
      notes.append(
        "\(spaced.count) labels had white space at their ends, which does not count, such as that of line \(line)"
      )
    }
    noteAlikeLabels()
  }

  /// Notes labels that differ only in case or white space, and labels that stand in several splits.
  private mutating func noteAlikeLabels() {
    let lines = Dictionary(entries.map { ($0.label, $0.line) }, uniquingKeysWith: min)
    // Without splits all are of one.
    let names = AlikeNames(entries.map { (name: $0.label, split: $0.split ?? .train) })
    let alike = names.alikeWarning { "\"\(printable($0))\" of line \(lines[$0] ?? 0)" }
    notes += [names.repeatedWarning, alike].compactMap { $0 }
  }

  func fault(_ line: Int, _ reason: String) -> DatasetError {
    .labelList(path: path, line: line, reason: reason)
  }

  private struct Row {
    var line: Int?
    let filename: String
    let label: String
    let split: String?
  }

  private func tableRows(_ bytes: [UInt8]) throws(DatasetError) -> [Row] {
    let table: CSVTable
    do {
      table = try CSVTable(bytes)
    } catch {
      throw fault(error.line, "\(error.reason). Save it as plain CSV in UTF-8.")
    }
    let columns = ListColumns(table.header, rows: table.rows.map(\.fields))
    guard let file = columns.file, let label = columns.label else {
      throw fault(1, "needs the columns filename,label and optionally split. \(columns.found).")
    }
    let split = columns.split
    return table.rows.map { line, fields in
      Row(line: line, filename: fields[file], label: fields[label], split: split.map { fields[$0] })
    }
  }

  private func jsonRows(_ bytes: [UInt8]) throws(DatasetError) -> [Row] {
    let document: JSONValue
    do {
      document = try JSONReader.read(bytes[...], limits: .init(depth: 4, bytes: largestList))
    } catch {
      throw fault(0, "\(error.reason).")
    }
    do {
      return try (document.values ?? []).map { value throws(JSONFields.Fault) in
        let fields = try JSONFields(value)
        return Row(
          filename: try fields.required("filename", \.string), label: try fields.required("label", \.string),
          split: try fields.optional("split", \.string))
      }
    } catch {
      throw fault(
        0, "is not an array of objects with the texts \"filename\", \"label\" and optionally \"split\".")
    }
  }

  /// A path with `/` between its folders, and without those that lead nowhere: `./a\1.png` is `a/1.png`.
  private static func plain(_ path: String) -> String {
    let parts = path.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
    // The first part of an absolute path is empty.
    return parts.enumerated().filter { $0.element != "." && ($0.offset == 0 || !$0.element.isEmpty) }
      .map { String($0.element) }.joined(separator: "/")
  }

  /// Why a text cannot name a file below the folder of images.
  private static func fault(file: String) -> String? {
    if file.isEmpty { return "has an empty file name." }
    // An absolute path may lead there.
    return fault(path: file.hasPrefix("/") ? String(file.dropFirst()) : file).map {
      "file \(printable(file)) \($0)."
    }
  }

  /// Why a text cannot name the folder of a class.
  static func fault(label: String) -> String? {
    if label.isEmpty { return "has an empty label." }
    let hidden = label.split(separator: "/").contains { ForeignFolders.isSystem(String($0)) }
    return
      (fault(path: label)
      ?? (hidden ? "would make a hidden folder, or one that is taken for a system's" : nil))
      .map { "label \(printable(label)) \($0)." }
  }

  private static func fault(path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    if path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
      return "holds a control character"
    }
    if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
      return "is not a plain path below the folder"
    }
    if path.utf8.count > 1024 || parts.contains(where: { $0.utf8.count > 200 }) { return "is too long" }
    return nil
  }
}
