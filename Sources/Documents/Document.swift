package import Figures

/// A report's content, independent of its format: renderers know nothing of experiments, sections nothing of markup.
package struct Document: Sendable {
  /// The title of the page.
  package var title: String
  /// A line above the title: what was measured on what.
  package var overline: String
  /// The answer in a few short sentences.
  package var verdict: [String]
  /// What speaks against it, one sentence each.
  package var warnings: [String]
  /// The answer at a glance, under the verdict.
  package var answers: [Answer]
  /// The figures that show the answer, right under it.
  package var lead: [Figure]
  /// The sections, in order.
  package var sections: [Section]
  /// The main table as a paper has it; no page shows it.
  package var paper: PaperTable?

  /// From its parts.
  package init(
    title: String, overline: String, verdict: [String], warnings: [String], answers: [Answer],
    lead: [Figure],
    sections: [Section], paper: PaperTable? = nil
  ) {
    self.title = title
    self.overline = overline
    self.verdict = verdict
    self.warnings = warnings
    self.answers = answers
    self.lead = lead
    self.sections = sections
    self.paper = paper
  }
}

/// One question of a report with its answer in a word and its uncertainty in a line.
package struct Answer: Sendable {
  /// The question, for example `Adapts`.
  package var topic: String
  /// The answer, for example `faster`.
  package var word: String
  /// The numbers behind the answer, with their uncertainty.
  package var detail: String
  /// The direction of the finding, which decides its sign and colour.
  package var direction: Direction

  /// From its parts.
  package init(topic: String, word: String, detail: String, direction: Direction) {
    self.topic = topic
    self.word = word
    self.detail = detail
    self.direction = direction
  }
}

/// Which way a finding goes, seen from the arm that is compared.
package enum Direction: String, Sendable {
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
package struct Section: Sendable {
  /// The heading; links within the page lead to it.
  package var title: String
  package var blocks: [Block]

  /// From its parts.
  package init(title: String, blocks: [Block]) {
    self.title = title
    self.blocks = blocks
  }
}

/// A paragraph, table, figure and so on.
package enum Block: Sendable {
  case paragraph(String)
  case list([String])
  case subheading(String)
  case table(Table)
  case figure(Figure)
  case photograph(Photograph)
  /// Lines for a shell, each with what it does.
  case commands([(purpose: String, line: String)])
  /// What is long and rarely needed, folded away where that is possible.
  case details(summary: String, [Block])
}

/// A picture with its file name and a caption.
package struct Figure: Sendable {
  /// The name of its files without their ending.
  package var name: String
  package var picture: any Picture
  package var caption: String

  /// From its parts.
  package init(name: String, picture: any Picture, caption: String) {
    self.name = name
    self.picture = picture
    self.caption = caption
  }
}

/// A picture that is a file already, with a caption.
package struct Photograph: Sendable {
  /// The path of the file below the folder of the report.
  package var file: String
  /// What it shows, for readers who do not see it.
  package var title: String
  package var caption: String
  /// The bytes of the PNG file, which the page for a browser holds itself.
  package var png: [UInt8]

  /// From its parts.
  package init(file: String, title: String, caption: String, png: [UInt8]) {
    self.file = file
    self.title = title
    self.caption = caption
    self.png = png
  }
}

extension Document {
  /// Every block, also those folded away.
  private var blocks: [Block] {
    func open(_ block: Block) -> [Block] {
      if case .details(_, let inner) = block { return inner.flatMap(open) }
      return [block]
    }
    return sections.flatMap { $0.blocks.flatMap(open) }
  }

  package var figures: [Figure] {
    lead
      + blocks.compactMap { block in
        if case .figure(let figure) = block { figure } else { nil }
      }
  }

  package var tables: [Table] {
    blocks.compactMap { block in
      if case .table(let table) = block { table } else { nil }
    }
  }
}
