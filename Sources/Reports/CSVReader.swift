/// A table read from RFC 4180 text.
struct CSVReader {
  /// Column names in order.
  let header: [String]
  /// The lines; shorter and longer ones than the header are left out.
  let rows: [[String]]

  init(_ text: String) {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var bytes = text.utf8.makeIterator()
    var pending: UInt8?
    func next() -> UInt8? {
      defer { pending = nil }
      return pending ?? bytes.next()
    }
    func endField() {
      row.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    func endRow() {
      endField()
      if row != [""] { rows.append(row) }
      row = []
    }
    while let byte = next() {
      switch (byte, isQuoted) {
      case (UInt8(ascii: "\""), true):
        let following = next()
        if following == UInt8(ascii: "\"") {
          field.append(byte)
        } else {
          isQuoted = false
          pending = following
        }
      case (_, true): field.append(byte)
      case (UInt8(ascii: "\""), false) where field.isEmpty: isQuoted = true
      case (UInt8(ascii: ","), false): endField()
      case (UInt8(ascii: "\r"), false): break
      case (UInt8(ascii: "\n"), false): endRow()
      default: field.append(byte)
      }
    }
    if !row.isEmpty || !field.isEmpty { endRow() }
    header = rows.first ?? []
    self.rows = rows.dropFirst().filter { $0.count == rows[0].count }
  }

  /// The position of a column.
  func column(_ name: String) -> Int? { header.firstIndex(of: name) }
}
