internal import Figures
internal import Foundation

extension Document {
  /// The report as one page that loads nothing.
  ///
  /// It is XHTML that any HTML parser reads too, so that a test can hold it to a strict parser. All text goes
  /// through one function that escapes it; a policy in the page forbids all scripts but the one whose hash it names.
  package var html: String {
    let navigation = sections.map { "<a href=\"#\(identifier($0.title))\">\(escaped($0.title))</a>" }
    return """
      <!DOCTYPE html>
      <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta http-equiv="Content-Security-Policy" content="\(HTMLPage.policy)"/>
      <title>\(escaped(title)) – fewshot</title>
      <style>\(HTMLPage.style)</style>
      </head>
      <body>
      <main>
      <header>
      <p class="overline">\(escaped(overline))</p>
      <h1>\(escaped(title))</h1>
      <p class="verdict">\(escaped(verdict.joined(separator: " ")))</p>
      \(warnings.map { "<p class=\"warning\">\(escaped($0))</p>" }.joined(separator: "\n"))
      \(answersHTML)
      \(lead.map(\.html).joined(separator: "\n"))
      </header>
      <nav aria-label="Sections">\(navigation.joined(separator: "\n"))</nav>
      \(sections.map(html).joined(separator: "\n"))
      </main>
      <script>\(HTMLPage.script)</script>
      </body>
      </html>

      """
  }

  private var answersHTML: String {
    guard !answers.isEmpty else { return "" }
    let items = answers.map { answer in
      """
      <li class="\(answer.direction.rawValue)"><span class="topic">\(escaped(answer.topic))</span>
      <strong><span class="sign" aria-hidden="true">\(answer.direction.sign)</span> \(escaped(answer.word))</strong>
      <span class="detail">\(escaped(answer.detail))</span></li>
      """
    }
    return "<ul class=\"answers\">\n\(items.joined(separator: "\n"))\n</ul>"
  }

  private func html(_ section: Section) -> String {
    "<section id=\"\(identifier(section.title))\">\n<h2>\(escaped(section.title))</h2>\n"
      + section.blocks.map(html).joined(separator: "\n") + "\n</section>"
  }

  private func html(_ block: Block) -> String {
    switch block {
    case .paragraph(let text): "<p>\(escaped(text))</p>"
    case .list(let items): "<ul>" + items.map { "<li>\(escaped($0))</li>" }.joined(separator: "\n") + "</ul>"
    case .subheading(let text): "<h3>\(escaped(text))</h3>"
    case .table(let table): table.onPage.html
    case .figure(let figure): figure.html
    case .photograph(let photograph): photograph.html
    case .commands(let commands):
      commands.map {
        "<p class=\"purpose\">\(escaped($0.purpose))</p>\n<pre><code>\(escaped($0.line))</code></pre>"
      }.joined(separator: "\n")
    case .details(let summary, let blocks):
      "<details><summary>\(escaped(summary))</summary>\n\(blocks.map(html).joined(separator: "\n"))\n</details>"
    }
  }

  /// A section's name in links; titles of sections are the program's own words.
  private func identifier(_ title: String) -> String { title.lowercased().replacing(" ", with: "-") }
}

extension Table {
  fileprivate var html: String {
    let head = columns.map { column in
      "<th scope=\"col\"\(column.isNumeric ? " class=\"number\"" : "")>\(escaped(column.title))</th>"
    }
    let body = rows.map { row in
      "<tr>" + zip(row, columns).map(Self.cell).joined() + "</tr>"
    }
    let table = """
      <div class="table" tabindex="0" role="region" aria-label="Table"><table>
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(body.joined(separator: "\n"))
      </tbody></table></div>
      """
    return table + (note.isEmpty ? "" : "\n<p class=\"note\">\(escaped(note))</p>")
  }

  private static func cell(_ cell: Cell, _ column: Column) -> String {
    let classes = [column.isNumeric ? "number" : nil, cell.direction?.rawValue].compactMap(\.self)
    var attributes = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    // What the script sorts by.
    if let value = cell.value, value.isFinite { attributes += " data-value=\"\(value)\"" }
    return "<td\(attributes)>\(escaped(cell.signedText(in: column)))</td>"
  }
}

extension Photograph {
  /// The picture within the page.
  fileprivate var html: String {
    """
    <figure>
    <img src="data:image/png;base64,\(Data(png).base64EncodedString())" alt="\(escaped(title))"/>
    <figcaption>\(escaped(caption)) <span class="files">\(escaped(file))</span></figcaption>
    </figure>
    """
  }
}

extension Figure {
  /// The picture three times, laid out for a page, a small window and a phone; the style sheet shows one.
  fileprivate var html: String {
    """
    <figure>
    <div class="wide">\(picture.fitted(to: HTMLPage.width).scene.svg())</div>
    <div class="middle">\(picture.scene.svg())</div>
    <div class="narrow">\(picture.fitted(to: 400).scene.svg())</div>
    <figcaption>\(escaped(caption)) <span class="files">figures/\(escaped(name)).svg, .png</span></figcaption>
    </figure>
    """
  }
}
