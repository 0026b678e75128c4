package import Formats
internal import Images

extension Answers {
  /// The rows as CSV: `file`, `predicted`, `probability` (of that class), then `probability:<class>` for every class.
  package var csv: String {
    let header = ["file", "predicted", "probability"] + classes.map { "probability:\($0)" }
    return rows.reduce(into: CSV.line(header)) { text, row in
      let cells: [any CustomStringConvertible] =
        [row.item.path, classes[row.label], row.probabilities[row.label]]
        + row.probabilities.map { $0 as any CustomStringConvertible }
      text += CSV.line(cells)
    }
  }

  /// One row as a document.
  private func document(_ row: Row) -> JSONValue {
    .members([
      "file": .text(row.item.path), "predicted": .text(classes[row.label]),
      "probability": .number(row.probabilities[row.label]),
      "probabilities": .object(zip(classes, row.probabilities).map { .init($0, .number($1)) }),
    ])
  }

  /// The rows as JSON Lines: one document a picture.
  package var lines: String { rows.map { document($0).line + "\n" }.joined() }

  /// The rows as documents.
  package var documents: JSONValue { .list(rows.map(document)) }

  /// How many pictures each class got, and what their folders say where these are named as classes.
  package var summary: String {
    let counts = classes.indices.map { label in rows.count { $0.label == label } }
    let table = TextTable(
      ["class", "pictures"], zip(classes, counts).map { [printable($0), TextTable.grouped($1)] })
    return ([table.text] + (agreement.map { [$0] } ?? [])).joined(separator: "\n\n")
  }

  /// How many pictures lie in a folder named as their class, where every folder is named as one.
  private var agreement: String? {
    let labels = rows.compactMap { row in row.item.className.flatMap(classes.firstIndex) }
    guard labels.count == rows.count else { return nil }
    let right = zip(labels, rows).count { $0 == $1.label }
    return
      "\(right) of \(rows.count) pictures lie in the folder of the class that was predicted "
      + "(\(TextTable.fixed(100 * Double(right) / Double(rows.count), 1)) %)"
  }
}
