/// A table read from RFC 4180 text: quotes, commas and line ends inside quotes, CRLF, a byte order mark.
///
/// Semicolons or tabs may stand for the commas, as spreadsheets write them: whichever the header has most of, or what
/// a first line `sep=;` says. Lines that begin with `#` above the header are comments, a lone CR ends a line too, and a
/// comma at the end of a row opens no field that the header does not have.
package struct CSVTable {
  package let header: [String]
  package let rows: [(line: Int, fields: [String])]

  private static let mostColumns = 1000

  /// Reads a table; the error is a sentence about one line.
  package init(_ bytes: [UInt8]) throws(CSVError) {
    var records: [(line: Int, fields: [String])] = []
    var (fields, field): ([String], [UInt8]) = ([], [])
    var (quoted, wasQuoted, line, start) = (false, false, 1, 1)
    func finish() throws(CSVError) {
      guard let text = String(validating: field, as: UTF8.self) else {
        throw CSVError(line: line, reason: "is not UTF-8 text")
      }
      guard !field.contains(0) else { throw CSVError(line: line, reason: "holds a NUL character") }
      // Refused here, because a line of commas would otherwise take sixteen times its size in memory.
      let most = records.first?.fields.count ?? Self.mostColumns
      guard fields.count < most || (fields.count == most && field.isEmpty && !wasQuoted) else {
        throw CSVError(
          line: start, reason: "has more fields than the header, or more than \(Self.mostColumns)")
      }
      fields.append(text)
      field.removeAll(keepingCapacity: true)
      wasQuoted = false
    }
    func finishRecord() throws(CSVError) {
      try finish()
      if let header = records.first, fields.count == header.fields.count + 1 { fields.removeLast() }
      if fields != [""] { records.append((start, fields)) }
      fields = []
    }
    let (first, above, said) = Self.preamble(bytes)
    let separator = said ?? Self.separator(bytes[first...])
    (line, start) = (above + 1, above + 1)
    var i = first
    while i < bytes.count {
      var byte = bytes[i]
      i += 1
      if byte == UInt8(ascii: "\r"), !quoted {
        if i < bytes.count, bytes[i] == UInt8(ascii: "\n") { continue }
        byte = UInt8(ascii: "\n")
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      switch byte {
      case UInt8(ascii: "\"") where quoted:
        if i < bytes.count, bytes[i] == byte {
          field.append(byte)
          i += 1
        } else {
          quoted = false
        }
      case UInt8(ascii: "\"") where field.isEmpty && !wasQuoted: (quoted, wasQuoted) = (true, true)
      case _ where quoted: field.append(byte)
      case separator: try finish()
      case UInt8(ascii: "\n"):
        try finishRecord()
        start = line
      default: field.append(byte)
      }
    }
    if quoted { throw CSVError(line: start, reason: "opens a quotation mark that is never closed") }
    if !field.isEmpty || !fields.isEmpty { try finishRecord() }
    guard let first = records.first else { throw CSVError(line: 0, reason: "is empty") }
    header = first.fields
    rows = Array(records.dropFirst())
    for row in rows where row.fields.count != header.count {
      throw CSVError(
        line: row.line, reason: "has \(row.fields.count) fields, the header has \(header.count)")
    }
  }

  /// Where the header begins, how many lines stand above it, and what separates fields if one of them says so.
  package static func preamble(_ bytes: [UInt8]) -> (start: Int, lines: Int, separator: UInt8?) {
    var (start, lines, separator) = (byteOrderMark(bytes), 0, UInt8?.none)
    while start < bytes.count {
      let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      let saysSeparator = line.count == 5 && line.starts(with: Array("sep=".utf8))
      guard saysSeparator || line.first == UInt8(ascii: "#") else { break }
      if saysSeparator { separator = line.last }
      start = line.endIndex
      if bytes[start...].starts(with: [UInt8(ascii: "\r"), UInt8(ascii: "\n")]) { start += 1 }
      start = min(start + 1, bytes.count)
      lines += 1
    }
    return (start, lines, separator)
  }

  /// What stands between the fields of the first line: a comma, unless it has more semicolons or tabs.
  private static func separator(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var counts = [0, 0, 0]
    var quoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { quoted.toggle() }
      if quoted { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      if let which = candidates.firstIndex(of: byte) { counts[which] += 1 }
    }
    let most = counts.max() ?? 0
    return candidates[counts.firstIndex(of: most) ?? 0]
  }
}

/// How many bytes of a text are the mark that some editors put before UTF-8: 3 or 0.
package func byteOrderMark(_ bytes: [UInt8]) -> Int { bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0 }

/// Where and why text is not a table.
package struct CSVError: Error {
  package let line: Int
  package let reason: String
}
