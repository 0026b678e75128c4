package import Formats

extension Table {
  /// A column of a CSV file.
  package struct FileColumn: Equatable, Sendable {
    /// What stands at a place of a row.
    enum Part: Equatable, Sendable { case value, low, high }

    /// The name: key, unit and end of an interval, such as `accuracy_share_ci_low`.
    package let name: String
    /// The unit; nil for text, counts and numbers without one.
    package let unit: Unit?
    package let isNumeric: Bool
    /// The heading that pages have.
    package let title: String
    let column: Int
    let part: Part
  }

  /// The columns of the file, each of one unit: a column with cells of several is written once for each.
  package var fileColumns: [FileColumn] {
    let table = inFile
    return table.columns.enumerated().flatMap { index, column -> [FileColumn] in
      guard column.isNumeric else {
        return [
          FileColumn(
            name: column.key, unit: nil, isNumeric: false, title: column.title, column: index, part: .value)
        ]
      }
      var units: [Unit?] = []
      for row in table.rows {
        let unit = row[index].unit ?? column.unit
        if row[index].value != nil || row[index].unit != nil, !units.contains(unit) { units.append(unit) }
      }
      return (units.isEmpty ? [column.unit] : units).flatMap { unit -> [FileColumn] in
        let name = column.key + (unit.map { "_\($0.rawValue)" } ?? "")
        let hasInterval = table.rows.contains {
          $0[index].interval != nil && ($0[index].unit ?? column.unit) == unit
        }
        let parts: [(FileColumn.Part, String)] =
          [(.value, "")] + (hasInterval ? [(.low, "_ci_low"), (.high, "_ci_high")] : [])
        return parts.map { part, end in
          FileColumn(
            name: name + end, unit: unit, isNumeric: true, title: column.title, column: index, part: part)
        }
      }
    }
  }

  /// The table as RFC 4180 text: numbers in full, shares from 0 to 1, an empty field where nothing was measured.
  package var csv: String {
    let (table, shown) = (inFile, fileColumns)
    let lines = table.rows.map { row in
      CSV.line(
        shown.map { column -> String in
          let cell = row[column.column]
          guard column.isNumeric else { return cell.text == Cell.empty.text ? "" : cell.text }
          guard (cell.unit ?? table.columns[column.column].unit) == column.unit else { return "" }
          let number =
            switch column.part {
            case .value: cell.value
            case .low: cell.interval?.lowerBound
            case .high: cell.interval?.upperBound
            }
          return number.map(Self.number) ?? ""
        })
    }
    return CSV.line(shown.map(\.name)) + lines.joined()
  }

  /// A number that reads back as the same one; whole numbers without a fraction.
  private static func number(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension Document {
  /// The version of the form of CSV tables: another number where columns change their names or meanings.
  package static let tableVersion = 2

  /// What the columns of every table are: `tables/schema.json`.
  package var tableDescription: JSONValue {
    let tables = tables.filter { !$0.name.isEmpty }.map { table in
      let columns = table.fileColumns.map { column in
        JSONValue.members([
          "name": .text(column.name), "type": .text(column.isNumeric ? "number" : "text"),
          "unit": .optional(column.unit?.rawValue), "title": .text(column.title),
        ])
      }
      return JSONValue.members([
        "file": .text("\(table.name).csv"), "columns": .list(columns), "rows": .integer(table.rows.count),
      ])
    }
    return .members(["version": .integer(Self.tableVersion), "tables": .list(tables)])
  }
}
