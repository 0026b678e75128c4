import Evaluation
import Foundation
import Reports
import Results
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

func report(_ fixture: Fixture) throws -> Report {
  try withFolder { folder in
    try fixture.write(to: folder)
    return try Report(folder: folder.path)
  }
}

/// The page as a tree; throws where it is not well formed.
private func tree(_ html: String) throws -> XMLDocument { try XMLDocument(xmlString: html, options: []) }

private func nodes(_ name: String, _ document: XMLDocument) throws -> [XMLElement] {
  try document.nodes(forXPath: "//*[local-name()='\(name)']").compactMap { $0 as? XMLElement }
}

@Suite("Report pages")
struct PageTests {
  @Test("the page is well formed, loads nothing, and runs no script but its own", arguments: [true, false])
  func wellFormed(isLarge: Bool) throws {
    let html = try report(isLarge ? .large : .pair(seeds: 1)).html
    let document = try tree(html)
    for name in ["img", "link", "iframe", "object", "image", "use"] {
      #expect(try nodes(name, document).isEmpty, "\(name)")
    }
    #expect(try nodes("script", document).count == 1)
    let elements = try document.nodes(forXPath: "//*").compactMap { $0 as? XMLElement }
    for attribute in elements.flatMap({ $0.attributes ?? [] }) {
      let (name, value) = (attribute.localName ?? "", attribute.stringValue ?? "")
      #expect(
        !["src", "srcset", "data", "action", "style"].contains(name) && !name.hasPrefix("on"), "\(name)")
      if name == "href" { #expect(value.hasPrefix("#")) }
      if name != "viewBox" { #expect(!value.contains("url(")) }
    }
    for style in try nodes("style", document) {
      #expect(style.stringValue?.contains("@import") == false && style.stringValue?.contains("url(") == false)
    }
    #expect(html.contains("default-src 'none'") && html.contains("prefers-color-scheme: dark"))
    #expect(html.contains("width=device-width"))
  }

  @Test("every arm, command, comparison and number of the result stands in the page and in the Markdown")
  func complete() throws {
    let found = try report(.large)
    let text = try #require(try tree(found.html).rootElement()?.stringValue)
    for arm in found.result.arms {
      #expect(text.contains(arm.command.replacing("\t", with: " ")), "\(arm.command)")
      let accuracy = String(
        format: "%.2f ± %.2f %%", 100 * arm.test.accuracy.mean, 100 * arm.test.accuracy.ci95)
      #expect(text.contains(accuracy) && found.markdown.contains(accuracy))
      #expect(found.markdown.contains(arm.command))
    }
    for words in [
      found.result.command, "fewshot report 'runs/a b'", "At a glance", "Speed of adaptation", "Robustness",
      "Sensitivity to inner rates", "What was controlled for", "Holm", "every query image is judged alone.",
      "test.jsonl has the SHA-256", "Machine and times", "OpenBLAS core Zen",
    ] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test("answers, hard classes, confused pairs and further data sets stand in tables with all their numbers")
  func answers() throws {
    let found = try report(.large)
    let text = try #require(try tree(found.html).rootElement()?.stringValue)
    for words in [
      "More than accuracy", "Hardest classes", "Most confused pairs", "as sure as right", "Other data sets",
      "Of 12 classes, those with the lowest accuracy",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    for (i, arm) in found.result.arms.enumerated() where arm.calibration != nil {
      for value in [arm.calibration?.before?.ece.mean, arm.calibration?.after.ece.mean] {
        #expect(text.contains(String(format: "%.2f ± 0.40 %%", 100 * (value ?? .nan))), "\(arm.name) \(i)")
      }
      let row = try #require(arm.dataSets?.first { $0.shots == 20 })
      #expect(text.contains(String(format: "%.2f ± 0.40 %%", 100 * row.accuracy.mean)))
    }
    // The two classes with the lowest accuracy come first, and every arm has its own pairs.
    let lines = found.markdown.split(separator: "\n")
    let head = try #require(lines.firstIndex { $0.hasPrefix("| class |") })
    #expect(lines[head + 2].hasPrefix("| Greek/0 |") && lines[head + 3].hasPrefix("| Greek/1 |"))
    let rows = lines.filter { $0.contains(" | Greek/0 | Greek/1 | 90 | 300 |") }
    #expect(rows.count == found.result.arms.count { $0.calibration != nil })
  }

  @Test("parts that are folded away are told apart by their titles", arguments: [true, false])
  func folded(isLarge: Bool) throws {
    let titles = try nodes("summary", tree(report(isLarge ? .large : .pair()).html)).compactMap(\.stringValue)
    #expect(titles.count > 3 && Set(titles).count == titles.count, "\(titles)")
  }

  @Test("figures that surprise are explained where they stand")
  func explained() throws {
    let text = try report(.large).markdown
    for words in [
      "Over the first 100 test episodes. Factors", "as learned: at factor 1",
      "Above 100 % a tensor moved further than it is long",
      "acdc-atoms 70.0 %", "over the length of the first-order gradient",
      "Time of updates: the search for rates, validation and saving are not in it",
    ] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test("every link of the page leads somewhere in it, and no two anchors share a name")
  func links() throws {
    let document = try tree(try report(.large).html)
    let names = try document.nodes(forXPath: "//@id").compactMap(\.stringValue)
    #expect(Set(names).count == names.count)
    let links = try document.nodes(forXPath: "//@href").compactMap(\.stringValue)
    #expect(links.count >= 8 && links.allSatisfy { names.contains(String($0.dropFirst())) })
  }

  @Test("what was not measured has no section, but a command that measures it")
  func notMeasured() throws {
    let found = try report(.pair(speedP: nil, seeds: 1))
    #expect(found.markdown.contains("## Not measured"))
    #expect(
      found.markdown.contains("fewshot evaluate runs/0-0 runs/1-0 --norm-statistics support --suite speed"))
    #expect(
      found.markdown.contains(
        "fewshot evaluate runs/0-0 runs/1-0 --norm-statistics support --suite robustness"))
    #expect(!found.markdown.contains("## Robustness"))
    #expect(try !report(.large).markdown.contains("## Not measured"))
  }

  @Test("a run's page shows how training went, and says where the end was the best")
  func training() throws {
    try withFolder { folder in
      let fixture = Fixture.pair(seeds: 1)
      try fixture.write(to: folder)
      #expect(!(try Report(folder: folder.path).markdown.contains("## Training")))
      let names = try RunResult(folder: folder.path).arms.map(\.name)
      var rows = "arm,iteration,split,loss,accuracy,ci95\n"
      for (i, name) in names.enumerated() {
        for (update, accuracy) in [(10, 0.3), (20, i == 0 ? 0.5 : 0.2)] {
          rows += "\(name),\(update),train,1.5,\(accuracy + 0.1),0.02\n"
          rows += "\(name),\(update),validation,1.4,\(accuracy),0.03\n"
        }
      }
      try rows.write(to: folder.appendingPathComponent("metrics.csv"), atomically: true, encoding: .utf8)
      let report = try Report(folder: folder.path)
      #expect(report.markdown.contains("\(names[0]): best after 20 of 20 updates, 50.00 %. That is the last"))
      #expect(report.markdown.contains("\(names[1]): best after 10 of 20 updates, 30.00 %.\n"))
      #expect(try report.write().contains("figures/training.svg"))
      // A damaged table is left out, not half shown.
      try "arm,iteration".write(
        to: folder.appendingPathComponent("metrics.csv"), atomically: true, encoding: .utf8)
      #expect(!(try Report(folder: folder.path).markdown.contains("## Training")))
    }
  }

  @Test("pictures say their values without a script")
  func hover() throws {
    let document = try tree(try report(.large).html)
    let hovers = try document.nodes(forXPath: "//*[local-name()='svg']//*/*[local-name()='title']")
      .compactMap(\.stringValue)
    #expect(
      hovers.contains { $0.contains("acdc-atoms") && $0.contains("inner steps 1:") && $0.contains("%") })
    #expect(hovers.contains { $0.contains("gaussian-noise") && $0.contains("relative drop") })
  }

  @Test("names with markup stay text in every format", arguments: Fixture.hostile)
  func hostile(name: String) throws {
    var fixture = Fixture.pair()
    fixture.arms[0].name = name
    fixture.path = name
    fixture.comparisons = [Fixture.comparison(name, "standard-all", "accuracy", 0.01, p: 0.01, seeds: 3)]
    let found = try report(fixture)
    let document = try tree(found.html)
    #expect(try nodes("script", document).count == 1 && nodes("img", document).isEmpty)
    #expect(try nodes("input", document).isEmpty)
    let markdown = found.markdown
    for markup in ["<script", "![x](", "<!--"] {
      #expect(!outsideCode(markdown).contains(markup), "\(markup)")
    }
    // Lines of a table all have the same number of bars that are not escaped.
    for line in outsideCode(markdown).split(separator: "\n") where line.hasPrefix("| ") {
      #expect(line.hasSuffix(" |"))
    }
    let tex = found.tex
    #expect(!tex.contains("\\input{") && tex.split(separator: "\n").filter { $0.contains("\\\\") }.count == 3)
    // Outside the mathematics of signs every special character has its backslash.
    let text = ["$\\pm$", "$-$"].reduce(tex) { $0.replacing($1, with: "") }
    for row in text.split(separator: "\n").dropFirst() {
      for (previous, character) in zip(" " + row, row) where "#%$".contains(character) {
        #expect(previous == "\\", "\(row)")
      }
    }
  }

  /// Markdown without its code blocks, in which everything is text.
  private func outsideCode(_ markdown: String) -> String {
    var isCode = false
    return markdown.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      if line.hasPrefix("```") {
        isCode.toggle()
        return false
      }
      return !isCode
    }.joined(separator: "\n")
  }

  @Test("rendering writes every file it names, and again the same bytes")
  func files() throws {
    try withFolder { folder in
      try Fixture.pair().write(to: folder)
      let names = try Report(folder: folder.path).write()
      for name in [
        "report.md", "report.html", "report.tex", "figures/curves.svg", "figures/curves.png",
        "tables/summary.csv",
      ] {
        #expect(names.contains(name), "\(name)")
      }
      #expect(Set(names).count == names.count)
      let first = try names.map { try Data(contentsOf: folder.appendingPathComponent($0)) }
      #expect(try Report(folder: folder.path).write() == names)
      #expect(try names.map { try Data(contentsOf: folder.appendingPathComponent($0)) } == first)
      for (name, data) in zip(names, first) where name.hasSuffix(".svg") {
        #expect(try XMLDocument(data: data, options: []).rootElement()?.localName == "svg", "\(name)")
      }
    }
  }
}

@Suite("Curves of several runs")
struct CurveExportTests {
  @Test("text has a line per run, arm and step; pictures name a shared arm by its folder")
  func export() throws {
    try withFolder { folder in
      let runs = try ["one", "two"].map { name in
        let run = folder.appendingPathComponent(name)
        try Fixture.pair().write(to: run)
        return run.path
      }
      let curves = try CurveExport(folders: runs)
      let lines = curves.csv.split(separator: "\n")
      #expect(lines.count == 1 + 2 * 2 * 11)
      #expect(lines[2].hasPrefix("\(runs[0]),acdc-atoms,1,"))
      for axis in CurveExport.Axis.allCases {
        let svg = try curves.svg(axis)
        #expect(try XMLDocument(xmlString: svg, options: []).rootElement()?.localName == "svg")
        #expect(svg.contains("acdc-atoms (one)") && svg.contains("acdc-atoms (two)"))
      }
      #expect(try curves.png(.steps).prefix(4) == Data([0x89, 0x50, 0x4e, 0x47]))
    }
  }

  @Test("times come from eval/curves.csv where the result has none; without both it is said")
  func fromFile() throws {
    try withFolder { folder in
      var fixture = Fixture.pair(speedP: nil, seeds: 1)
      fixture.arms[0].name = "a, \"b\"\nc"
      try fixture.write(to: folder)
      #expect {
        try CurveExport(folders: [folder.path]).svg(.ms)
      } throws: { error in
        "\(error)".contains("--suite speed")
      }
      let eval = folder.appendingPathComponent("eval")
      try FileManager.default.createDirectory(at: eval, withIntermediateDirectories: true)
      let header =
        "arm,condition,episode,step,support_loss,support_accuracy,query_loss,query_accuracy,cumulative_ms,cumulative_macs"
      let name = "\"a, \"\"b\"\"\nc\""
      let rows = [
        "\(name),clean,0,1,0.5,1,0.4,0.9,2,100", "\(name),clean,1,1,0.7,0.8,0.4,0.9,4,100",
        "\(name),noise,0,1,9,9,9,9,9,9",
      ]
      try Data(([header] + rows).joined(separator: "\n").utf8).write(
        to: eval.appendingPathComponent("curves.csv"))
      let line = try CurveExport(folders: [folder.path]).csv.split(separator: "\n")
        .first { $0.contains("c\",1,") }
      // The means of 1 and 0.8, 0.5 and 0.7, 2 and 4.
      #expect(line?.hasSuffix(",0.9,0.6,3.0,100.0") == true, "\(line ?? "")")
      #expect(try CurveExport(folders: [folder.path]).svg(.ms).contains("milliseconds"))
    }
  }
}
