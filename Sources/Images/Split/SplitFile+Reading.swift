internal import Files
internal import Formats
import Foundation

extension SplitFile {
  /// A fault of the file, or of one of a folder of them.
  func fault(_ line: Int, _ reason: String, in file: String? = nil) -> DatasetError {
    .splitFile(path: file ?? path, line: line, reason: reason)
  }

  /// The bytes of a list.
  static func read(_ path: String) throws(DatasetError) -> [UInt8] {
    do {
      return try contents(ofFile: path, limit: largestList)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
  }

  /// Reads one file, whichever of the formats it has.
  mutating func parse(_ bytes: [UInt8]) throws(DatasetError) {
    let head = String(decoding: bytes[CSVTable.preamble(bytes).start...].prefix(4096), as: UTF8.self)
    let first = head.split(whereSeparator: \.isNewline).first ?? ""
    let fields = first.split(omittingEmptySubsequences: false) { ",;\t".contains($0) }.map(String.init)
    // Plain text may have a tab between the split and the class, but no column of that name.
    let isTable = first.contains(",") || (fields.count > 1 && ListColumns(fields).split != nil)
    if isTable { try readTable(bytes) } else { try readText(bytes) }
  }

  /// Reads a folder of lists that are named after the splits.
  mutating func readFolder() throws(DatasetError) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path).sorted(by: bytewise)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    var lists: [Split: [(stem: String, file: String)]] = [:]
    for (name, stem, split) in Self.lists(among: names)
    where lists[split]?.contains(where: { $0.stem == stem }) != true {
      lists[split, default: []].append((stem, "\(path)/\(name)"))
    }
    guard !lists.isEmpty else {
      throw fault(
        0, "holds no list that is named after a part. Name them train.csv, val.csv and test.csv, or .txt.")
    }
    for split in Split.allCases {
      let found = lists[split] ?? []
      // A folder may hold train.csv and trainval.csv: the plain name is meant.
      let usual = found.filter { [split.rawValue, "val", "valid"].contains($0.stem.lowercased()) }
      guard !usual.isEmpty || found.count < 2 else {
        throw fault(
          0,
          "holds several lists for \(split.rawValue): "
            + found.map { printable($0.stem) }.joined(separator: ", ") + ". Keep one.")
      }
      for list in usual.isEmpty ? found : usual {
        if list.file.lowercased().hasSuffix(".txt") {
          for (_, line) in try lines(Self.read(list.file), list.file) { append(split, line) }
        } else {
          try readPart(list.file, split)
        }
      }
    }
    if !classes.isEmpty && !images.isEmpty {
      throw fault(0, "holds lists of classes and of images. Keep one kind.")
    }
  }

  /// The files that are lists of a part by their names, tables first: beside one, text of the same name says the same.
  static func lists(among names: [String]) -> [(name: String, stem: String, split: Split)] {
    let found = [".csv", ".tsv", ".txt"].flatMap { ending in
      names.filter { $0.lowercased().hasSuffix(ending) && !$0.hasPrefix(".") }
        .map { (name: $0, stem: String($0.dropLast(ending.count))) }
    }
    let family = PartName.family(found.map(\.stem))
    return found.compactMap { item in
      (Split(named: item.stem) ?? family[item.stem]).map { (item.name, item.stem, $0) }
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

  /// Reads the table of one split: of images, or of classes.
  private mutating func readPart(_ file: String, _ split: Split) throws(DatasetError) {
    let table = try Self.table(Self.read(file), file)
    let columns = ListColumns(table.header)
    guard let label = columns.label else {
      throw fault(1, "needs the columns filename,label. \(columns.found).", in: file)
    }
    for (line, fields) in table.rows {
      guard let name = columns.file else {
        append(split, fields[label].trimmed)
        continue
      }
      try append(split, file: fields[name].trimmed, label: fields[label].trimmed, line: line, in: file)
    }
  }

  private mutating func readTable(_ bytes: [UInt8]) throws(DatasetError) {
    let table = try Self.table(bytes, path)
    let columns = ListColumns(table.header, rows: table.rows.map(\.fields))
    guard let split = columns.split else {
      let hint =
        columns.file != nil && columns.label != nil
        ? "This lists images without saying which part they are for: add a column split, or make class folders with "
          + "fewshot data import --list."
        : "Write the header split,class."
      throw fault(1, "has no column named split. \(columns.found).\n\(hint)")
    }
    let path = columns.classPath(beside: split)
    guard !path.isEmpty else {
      throw fault(1, "has no column besides split. Write the header split,class.")
    }
    for (line, fields) in table.rows {
      let name = fields[split].trimmed
      if name.isEmpty { continue }
      let split = try self.split(named: name, line: line)
      if let file = columns.file, let label = columns.label {
        try append(split, file: fields[file].trimmed, label: fields[label].trimmed, line: line, in: nil)
      } else {
        let parts = path.flatMap { Self.path(fields[$0]) }
        guard !parts.isEmpty else { throw fault(line, "names no class.") }
        classes.append(Entry(split: split, path: parts))
      }
    }
  }

  private mutating func readText(_ bytes: [UInt8]) throws(DatasetError) {
    var section: Split?
    for (number, line) in try lines(bytes, path) {
      if line.hasPrefix("["), line.hasSuffix("]") {
        section = try split(named: String(line.dropFirst().dropLast()), line: number)
      } else if let section {
        append(section, line)
      } else {
        let parts = line.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard parts.count == 2 else {
          throw fault(number, "is not \"split class\". Write, for example: train Angelic/character01")
        }
        // A header says nothing more.
        if classes.isEmpty, ListColumns(parts).split == 0, ListColumns(parts).label == 1 { continue }
        append(try split(named: parts[0], line: number), parts[1])
      }
    }
  }

  private func split(named name: String, line: Int) throws(DatasetError) -> Split {
    guard let split = Split(named: name) else {
      throw fault(line, "\"\(printable(String(name.prefix(60))))\" is not a split. Use train, val or test.")
    }
    return split
  }

  private mutating func append(
    _ split: Split, file: String, label: String, line: Int, in list: String?
  ) throws(DatasetError) {
    guard !file.isEmpty, !label.isEmpty else {
      throw fault(line, "has an empty file name or label.", in: list)
    }
    images.append(ImageEntry(split: split, file: file, label: label.composed))
  }

  private mutating func append(_ split: Split, _ name: String) {
    let path = Self.path(name)
    if !path.isEmpty { classes.append(Entry(split: split, path: path)) }
  }

  private static func path(_ text: String) -> [String] {
    text.split(separator: "/").map { String($0).trimmed }.filter { !$0.isEmpty }
  }

  /// Lines with content, trimmed, with their numbers.
  private func lines(_ bytes: [UInt8], _ file: String) throws(DatasetError) -> [(Int, String)] {
    guard let text = String(validating: bytes.dropFirst(byteOrderMark(bytes)), as: UTF8.self) else {
      throw fault(0, "is not UTF-8 text. Save it in UTF-8.", in: file)
    }
    guard !bytes.contains(0) else {
      throw fault(0, "holds a NUL character. Save it as plain text.", in: file)
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return lines.enumerated().compactMap { number, line in
      let content = String(line).trimmed
      return content.isEmpty || content.hasPrefix("#") ? nil : (number + 1, content)
    }
  }
}
