internal import Foundation

/// Columns of text in equal widths; columns of numbers are set to the right.
package struct TextTable: Sendable {
  private let header: [String]
  private let rows: [[String]]

  /// A table.
  ///
  /// - Parameters:
  ///   - header: The names of the columns.
  ///   - rows: The lines, each as long as the header.
  package init(_ header: [String], _ rows: [[String]]) {
    self.header = header
    self.rows = rows
  }

  /// The lines, the header first.
  package var text: String { text(width: nil) }

  /// The lines in a width, by breaking the cells of the last column between words; where the others leave it little room, it
  /// stands below them.
  ///
  /// - Parameter width: The most characters of a line, if the other columns leave room; nil for any number.
  /// - Returns: The lines, the header first.
  package func text(width: Int?) -> String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let indent = widths.dropLast().reduce(0) { $0 + $1 + 2 }
    let room = (width ?? .max) - indent
    if room < 20, header.count > 1, room < widths[header.count - 1] {
      let others = TextTable(header.dropLast(), rows.map { $0.dropLast() }).text.split(separator: "\n")
      return zip(others, all).enumerated().map { i, line in
        // The name of the last column says little there.
        i == 0
          ? String(line.0)
          : line.0 + "\n  " + WordWrap.text(line.1[header.count - 1], width: width, indent: 2)
      }.joined(separator: "\n")
    }
    let numeric = header.indices.map { column in
      rows.allSatisfy { $0[column].isEmpty || $0[column].first?.isNumber == true }
    }
    return all.map { row in
      let cells = row.indices.map { column in
        if column == row.count - 1, column > 0, !numeric[column] {
          return WordWrap.text(row[column], width: width, indent: indent)
        }
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return numeric[column] ? space + row[column] : row[column] + space
      }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  /// A number with the given count of digits after the decimal point.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  /// A whole number with commas between thousands.
  package static func grouped(_ number: Int) -> String {
    let digits = Array(String(abs(number)))
    var result = ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return (number < 0 ? "-" : "") + result
  }
}
