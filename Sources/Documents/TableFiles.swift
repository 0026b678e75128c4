internal import Formats

extension Table {
  /// The table as RFC 4180 text: numbers in full, shares from 0 to 1, an empty field where nothing was measured.
  package var csv: String {
    let hasWidth = columns.indices.map { column in rows.contains { $0[column].halfWidth != nil } }
    let header = zip(columns, hasWidth).flatMap { column, hasWidth in
      [column.key] + (hasWidth ? [column.key + "_ci95"] : [])
    }
    let lines = rows.map { row in
      CSV.line(
        zip(row, zip(columns, hasWidth)).flatMap { cell, shape -> [String] in
          let (column, hasWidth) = shape
          let value: String =
            if column.isNumeric, let number = cell.value {
              Self.number(number)
            } else {
              cell.text == Cell.empty.text ? "" : cell.text
            }
          return [value] + (hasWidth ? [cell.halfWidth.map(Self.number) ?? ""] : [])
        })
    }
    return CSV.line(header) + lines.joined()
  }

  /// A number that reads back as the same one; whole numbers without a fraction.
  private static func number(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The table for LaTeX with the rules of the package booktabs.
  var tex: String {
    let shape = columns.map { $0.isNumeric ? "r" : "l" }.joined()
    func line(_ cells: [String]) -> String {
      "    " + cells.map(texEscaped).joined(separator: " & ") + " \\\\"
    }
    return
      (["\\begin{tabular}{@{}\(shape)@{}}", "    \\toprule", line(columns.map(\.title)), "    \\midrule"]
      + rows.map { line($0.map(\.text)) } + ["    \\bottomrule", "  \\end{tabular}"])
      .joined(separator: "\n")
  }
}

extension Document {
  /// The tables for a paper, with a caption that says what the numbers are.
  package var tex: String {
    let tables = tables.filter(\.isForPaper).map { table in
      """
      \\begin{table}
        \\centering
        \\caption{\(texEscaped(overline)). \(texEscaped(table.note))}
        \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{\(table.tex)}
      \\end{table}
      """
    }
    return
      (["% Needs \\usepackage{booktabs,graphicx}; a table that is too wide is made as wide as the text."]
      + tables).joined(separator: "\n") + "\n"
  }
}

/// Text that LaTeX sets as it is.
func texEscaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\\": result += "\\textbackslash{}"
    case "{", "}", "$", "&", "#", "_", "%": result += "\\\(Character(scalar))"
    case "~": result += "\\textasciitilde{}"
    case "^": result += "\\textasciicircum{}"
    case "<": result += "\\textless{}"
    case ">": result += "\\textgreater{}"
    case "|": result += "\\textbar{}"
    case "\"": result += "\\char34{}"
    case "±": result += "$\\pm$"
    case "−": result += "$-$"
    case "×": result += "$\\times$"
    case "∞": result += "$\\infty$"
    case "ε": result += "$\\varepsilon$"
    case "–": result += "--"
    case "’": result += "'"
    case "`": result += "\\textasciigrave{}"
    // Two hyphens would become a dash.
    case "-": result += result.hasSuffix("-") ? "{}-" : "-"
    // Every star is set as a superscript, so that marks of significance look like marks.
    case "*": result += "\\textsuperscript{*}"
    case _ where scalar.properties.generalCategory == .control: result += " "
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
