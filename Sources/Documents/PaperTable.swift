/// The main table of a report as a paper has it: over both columns of a page, with a label and a short caption.
package struct PaperTable: Sendable {
  /// What `\ref` takes.
  package var label: String
  /// What the numbers are and what each ± covers.
  package var caption: String
  /// The headings, with the unit of each column.
  package var columns: [(title: String, isNumeric: Bool)]
  /// The cells as readers see them, without units.
  package var rows: [[String]]

  /// From its parts.
  package init(
    label: String, caption: String, columns: [(title: String, isNumeric: Bool)], rows: [[String]]
  ) {
    self.label = label
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }

  /// The table for LaTeX with the rules of the package booktabs.
  var tex: String {
    let shape = columns.map { $0.isNumeric ? "r" : "l" }.joined()
    func line(_ cells: [String]) -> String {
      "      " + cells.map(texEscaped).joined(separator: " & ") + " \\\\"
    }
    return
      ([
        "\\begin{table*}", "  \\centering", "  \\caption{\(texEscaped(caption))}", "  \\label{\(label)}",
        "  \\smallskip\\footnotesize", "  \\setlength{\\tabcolsep}{4pt}",
        "  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{"
          + "\\begin{tabular}{@{}\(shape)@{}}", "      \\toprule", line(columns.map(\.title)),
        "      \\midrule",
      ] + rows.map(line) + ["      \\bottomrule", "    \\end{tabular}}", "\\end{table*}"])
      .joined(separator: "\n")
  }
}

extension Document {
  /// The table for a paper.
  package var tex: String {
    let head =
      "% Needs \\usepackage{booktabs,graphicx}; a table that is too wide is made as wide as the text."
    return ([head] + (paper.map { [$0.tex] } ?? [])).joined(separator: "\n") + "\n"
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
