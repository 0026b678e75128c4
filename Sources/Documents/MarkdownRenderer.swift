internal import Figures

extension Document {
  /// The report as GitHub-flavoured Markdown.
  package var markdown: String {
    var parts = ["# \(markdownEscaped(title))", markdownEscaped(overline)]
    // The verdict stands alone in bold, the rest explains it.
    parts.append("**\(markdownEscaped(verdict.joined(separator: " ")))**")
    parts += warnings.map(markdownEscaped)
    if !answers.isEmpty {
      let lines = answers.map {
        "- "
          + markdownEscaped(
            "\($0.topic)\($0.topic.hasSuffix("?") ? "" : ":") \($0.direction.sign) \($0.word) (\($0.detail))")
      }
      parts.append(lines.joined(separator: "\n"))
    }
    parts += lead.flatMap { markdown(.figure($0)) }
    for section in sections {
      parts.append("## \(section.title)")
      parts += section.blocks.flatMap { markdown($0) }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func markdown(_ block: Block) -> [String] {
    switch block {
    case .paragraph(let text): [markdownEscaped(text)]
    case .list(let items): [items.map { "- " + markdownEscaped($0) }.joined(separator: "\n")]
    case .subheading(let text): ["### \(markdownEscaped(text))"]
    case .table(let table):
      [table.onPage.markdown] + (table.note.isEmpty ? [] : [markdownEscaped(table.note)])
    case .figure(let figure):
      [
        "![\(markdownEscaped(figure.picture.title))](figures/\(figure.name).svg)",
        markdownEscaped(figure.caption),
      ]
    case .photograph(let photograph):
      [
        "![\(markdownEscaped(photograph.title))](\(photograph.file))", markdownEscaped(photograph.caption),
      ]
    case .commands(let commands):
      commands.map { "\(markdownEscaped($0.purpose)):\n\n\(fenced($0.line))" }
    case .details(let summary, let blocks):
      // Tables of thousands of rows are for the CSV files; the page says where they are.
      blocks.flatMap { inner -> [String] in
        if case .table(let table) = inner, table.rows.count > 40 {
          return ["\(markdownEscaped(summary)): [tables/\(table.name).csv](tables/\(table.name).csv)."]
        }
        return ["### \(markdownEscaped(summary))"] + markdown(inner)
      }
    }
  }

  /// A code block whose fence is longer than any run of backticks in it.
  private func fenced(_ code: String) -> String {
    var (longest, run) = (2, 0)
    for character in code {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence)sh\n\(code.filter { $0 != "\r" })\n\(fence)"
  }
}

extension Table {
  /// The table in pipes and dashes.
  fileprivate var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    return
      ([
        line(columns.map { markdownEscaped($0.title) }), line(columns.map { $0.isNumeric ? "---:" : "---" }),
      ] + rows.map { row in line(zip(row, columns).map { markdownEscaped($0.signedText(in: $1)) }) }).joined(
        separator: "\n")
  }
}

/// Text that Markdown shows as it is: on one line, without markup, HTML or links of its own.
func markdownEscaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\\", "`", "*", "_", "[", "]", "|", "#", "~", "$":
      result += "\\"
      result.unicodeScalars.append(scalar)
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "&": result += "&amp;"
    case _
    where scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029:
      result += " "
    default: result.unicodeScalars.append(scalar)
    }
  }
  // A bare address would become a link.
  return result.replacing("://", with: ":\\//")
}
