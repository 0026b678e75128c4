internal import Figures

/// A report's content, whatever it is written as: renderers know nothing of experiments, sections nothing of markup.
struct Document: Sendable {
  /// What the page is called.
  var title: String
  /// A line above the title: what was measured on what.
  var overline: String
  /// The answer, in one paragraph or a few.
  var verdict: [String]
  /// How far the answer reaches.
  var reach: [String]
  /// The answer at a glance, under the lead.
  var answers: [Answer]
  /// What follows, in order.
  var sections: [Section]
}

/// One question of a report with its answer in a word and its uncertainty in a line.
struct Answer: Sendable {
  /// The question, for example `Adapts`.
  var topic: String
  /// The answer, for example `faster`.
  var word: String
  /// The numbers.
  var detail: String
  /// How it is marked.
  var direction: Direction
}

/// Which way a finding goes, seen from the arm that is compared.
enum Direction: String, Sendable {
  case better, worse, mixed, none, untested

  /// A sign that says the same as the colour.
  var sign: String {
    switch self {
    case .better: "▲"
    case .worse: "▼"
    case .mixed: "◆"
    case .none: "="
    case .untested: "–"
    }
  }
}

/// A part of a report under one heading.
struct Section: Sendable {
  /// The heading; it also names the place in the page.
  var title: String
  var blocks: [Block]
}

/// A paragraph, table, figure and so on.
enum Block: Sendable {
  case paragraph(String)
  case list([String])
  case subheading(String)
  case table(Table)
  case figure(Figure)
  /// Lines for a shell, each with what it does.
  case commands([(purpose: String, line: String)])
  /// What is long and rarely needed, folded away where that is possible.
  case details(summary: String, [Block])
}

/// A picture with its file name and a caption.
struct Figure: Sendable {
  /// The name of its files without their ending.
  var name: String
  var picture: any Picture
  var caption: String
}

/// Rows of cells under named columns.
struct Table: Sendable {
  /// One column.
  struct Column: Sendable {
    /// The heading.
    var title: String
    /// The name in CSV files.
    var key: String
    /// Whether its cells are numbers, set to the right.
    var isNumeric: Bool

    static func text(_ title: String, _ key: String) -> Column {
      Column(title: title, key: key, isNumeric: false)
    }
    static func number(_ title: String, _ key: String) -> Column {
      Column(title: title, key: key, isNumeric: true)
    }
  }

  /// One cell: what is read, and what is computed and sorted by.
  struct Cell: Sendable {
    /// As it is read; a dash for nothing.
    var text: String
    /// The number behind it.
    var value: Double?
    /// The half-width of its 95 % interval.
    var halfWidth: Double?
    /// Which way it goes, where it is a finding.
    var direction: Direction?

    static func text(_ text: String) -> Cell { Cell(text: text) }
    /// Nothing was measured.
    static let empty = Cell(text: "–")

    /// The text with the sign of its direction, for readers who see no colours.
    func signedText(in column: Column) -> String {
      guard let direction, !column.isNumeric else { return text }
      return "\(direction.sign) \(text)"
    }
  }

  /// The name of its file without the ending; none is written for a table without one.
  var name: String
  var columns: [Column]
  var rows: [[Cell]]
  /// What the numbers mean.
  var note: String
  /// Whether it goes into `report.tex`.
  var isForPaper = false
}
