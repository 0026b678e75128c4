/// Rows of cells under named columns.
package struct Table: Sendable {
  /// One column of a table.
  package struct Column: Sendable {
    /// Where a column is shown.
    package enum Place: Sendable {
      case everywhere
      /// On pages alone: what files have as numbers, in words.
      case page
      /// In files alone: what readers of a page see elsewhere.
      case file
    }

    /// The heading of the column.
    package var title: String
    /// The name in CSV files, without the unit.
    package var key: String
    /// Whether its cells are numbers, set to the right.
    package var isNumeric: Bool
    /// The unit of its numbers in CSV files; nil for counts and for numbers without one.
    package var unit: Unit?
    package var place: Place

    /// From its parts.
    package init(
      title: String, key: String, isNumeric: Bool, unit: Unit? = nil, place: Place = .everywhere
    ) {
      self.title = title
      self.key = key
      self.isNumeric = isNumeric
      self.unit = unit
      self.place = place
    }

    package static func text(_ title: String, _ key: String, at place: Place = .everywhere) -> Column {
      Column(title: title, key: key, isNumeric: false, place: place)
    }
    package static func number(
      _ title: String, _ key: String, _ unit: Unit? = nil, at place: Place = .everywhere
    ) -> Column {
      Column(title: title, key: key, isNumeric: true, unit: unit, place: place)
    }
  }

  /// What a number in a CSV file counts; its name ends the name of the column.
  package enum Unit: String, Sendable {
    /// From 0 to 1; pages write per cent, and differences in percentage points.
    case share
    case steps
    case nats
    /// The sum of squared errors of probabilities, from 0 to 2.
    case brier
    case milliseconds = "ms"
    case seconds = "s"
    case multiplyAdds = "multiply_adds"
    case megabytes = "mb"
  }

  /// One cell: the text for readers, and the number that files hold and tables are sorted by.
  package struct Cell: Sendable {
    /// The text; a dash for nothing.
    package var text: String
    /// The number behind the text, unrounded; nil for text.
    package var value: Double?
    /// Its 95 % interval.
    package var interval: ClosedRange<Double>?
    /// The unit of the number, if it is not that of the column.
    package var unit: Unit?
    /// The direction, if the cell is a finding.
    package var direction: Direction?

    /// From its parts.
    ///
    /// - Parameters:
    ///   - text: What readers see.
    ///   - value: The number behind it.
    ///   - halfWidth: Half the width of an interval around it.
    ///   - direction: The direction of a finding.
    package init(text: String, value: Double? = nil, halfWidth: Double? = nil, direction: Direction? = nil) {
      self.text = text
      self.value = value
      self.direction = direction
      if let value, let halfWidth, value.isFinite, halfWidth.isFinite {
        interval = (value - abs(halfWidth))...(value + abs(halfWidth))
      }
    }

    /// The same with an interval by its ends; without one where they are not numbers.
    package func within(_ low: Double?, _ high: Double?) -> Cell {
      guard let low, let high, low <= high else { return self }
      var cell = self
      cell.interval = low...high
      return cell
    }

    /// The same in a unit of its own.
    package func `in`(_ unit: Unit?) -> Cell {
      var cell = self
      cell.unit = unit
      return cell
    }

    package static func text(_ text: String) -> Cell { Cell(text: text) }
    /// A cell for what was not measured.
    package static let empty = Cell(text: "–")

    /// The text with the sign of its direction, for readers who see no colours.
    func signedText(in column: Column) -> String {
      guard let direction, !column.isNumeric else { return text }
      return "\(direction.sign) \(text)"
    }
  }

  /// The name of its file without the ending; none is written for a table without one.
  package var name: String
  package var columns: [Column]
  package var rows: [[Cell]]
  /// A sentence on what the numbers mean, shown below the table.
  package var note: String

  /// From its parts.
  package init(name: String, columns: [Column], rows: [[Cell]], note: String) {
    self.name = name
    self.columns = columns
    self.rows = rows
    self.note = note
  }

  /// The table without the columns that only files have.
  var onPage: Table { keeping { $0 != .file } }

  /// The table without the columns that only pages have.
  var inFile: Table { keeping { $0 != .page } }

  private func keeping(_ isKept: (Column.Place) -> Bool) -> Table {
    let kept = columns.indices.filter { isKept(columns[$0].place) }
    var table = self
    table.columns = kept.map { columns[$0] }
    table.rows = rows.map { row in kept.map { row[$0] } }
    return table
  }
}
