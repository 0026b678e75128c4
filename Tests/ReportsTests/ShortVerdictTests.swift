import Foundation
import Reports
import Results
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("The answer first")
struct ShortVerdictTests {
  private func short(_ fixture: Fixture) throws -> String { try fixture.result().shortVerdict }

  /// Sentences end with a full stop before a space or the end; the stops of numbers have no space behind them.
  private func sentences(_ text: String) -> Int { (text + " ").matches(of: #/\.\s/#).count }

  @Test("it has at most three short sentences, whatever was measured")
  func short() throws {
    var fixtures = [
      Fixture.pair(), .pair(seeds: 1), .pair(speedP: nil), .pair(steps: (1, 3), difference: -0.02),
      .pair(speedP: 0.3, difference: 0.001, p: 0.6), .large,
    ]
    var alone = Fixture.pair(seeds: 1)
    (alone.arms, alone.comparisons) = ([alone.arms[0]], [])
    fixtures.append(alone)
    for loss in [0.001, 0.1, 0.6] {
      var fixture = Fixture.pair()
      fixture.loss = loss
      fixtures.append(fixture)
    }
    for fixture in fixtures {
      let text = try short(fixture)
      #expect((1...3).contains(sentences(text)) && text.hasSuffix("."), "\(text)")
      #expect(text.split(separator: " ").count <= 60, "\(text)")
    }
  }

  @Test("what was found is said as such, and what was not shown is not called equal")
  func found() throws {
    #expect(
      try short(.pair()).hasPrefix(
        "acdc-atoms adapts faster and is 0.8 points more accurate than standard-all. It rests on 3 "))
    #expect(
      try short(.pair(steps: (5, 2), difference: -0.02, p: 0.012, seeds: 1)).hasPrefix(
        "acdc-atoms adapts more slowly and is 2.0 points less accurate than standard-all. Each arm was "))
    #expect(
      try short(.pair(steps: (2, 3), speedP: 0.3, difference: 0.001, p: 0.6)).hasPrefix(
        "acdc-atoms against standard-all: no significant difference in speed or accuracy."))
    let mixed = try short(.pair(steps: (1, 3), difference: -0.02))
    #expect(mixed.contains("acdc-atoms is not called faster") && !mixed.contains("adapts faster"), "\(mixed)")
    var idle = Fixture.pair()
    idle.loss = 0.001
    #expect(
      try short(idle).hasPrefix(
        "The kernels of acdc-atoms take no part in adaptation: this is a comparison of heads."))
  }

  @Test("many arms are counted, and few of a kind are named")
  func many() throws {
    let text = try short(.large)
    #expect(text.contains("More accurate than standard-all: acdc-atoms and acdc-coefficients;"), "\(text)")
    #expect(text.contains("More robust than standard-all:"), "\(text)")
  }

  @Test("a terminal gets the short answer, what speaks against it, and the page at the end")
  func terminal() throws {
    var fixture = Fixture.pair(seeds: 1)
    fixture.arms[0].accuracy = 0.43
    let result = try fixture.result()
    let lines = result.summaryText().split(separator: "\n").map(String.init)
    #expect(lines[0] == result.shortVerdict && lines.last == "Report: runs/a b/report.html")
    #expect(lines.count == 3 && lines[1].hasPrefix("Not above the nearest class mean on raw pixels"))
    #expect(result.summaryText(isFull: true) == "\(result.verdict)\nReport: runs/a b/report.html")
  }

  @Test("under the answer stand the adaptation curve and the attribution, and then the sections")
  func order() throws {
    var fixture = Fixture.pair()
    fixture.loss = 0.3
    let html = try report(fixture).html
    let places = try [
      "<p class=\"verdict\">", "<ul class=\"answers\">", "figures/curves.svg", "figures/attribution.svg",
      "<nav", "<section id=\"at-a-glance\">", "<section id=\"findings-in-full\">",
      "<section id=\"attribution\">", "<section id=\"speed-of-adaptation\">",
      "<summary>The curves against time",
      "figures/curves-ms.svg", "figures/curves-macs.svg",
    ].map { try #require(html.firstRange(of: $0), "\($0)").lowerBound }
    #expect(places == places.sorted())
    // What costs curves show is folded away.
    let document = try XMLDocument(xmlString: html, options: [])
    let folded = try document.nodes(forXPath: "//*[local-name()='details']//*[local-name()='figcaption']")
      .compactMap(\.stringValue)
    for name in ["curves-ms", "curves-macs"] { #expect(folded.contains { $0.contains(name) }) }
    #expect(!folded.contains { $0.contains("figures/curves.svg") || $0.contains("attribution") })
  }

  @Test("training of both arms is one picture, best points are ringed, and an end that is the best is named")
  func training() throws {
    try withFolder { folder in
      let fixture = Fixture.pair(seeds: 1)
      try fixture.write(to: folder)
      let rows = fixture.arms.enumerated().flatMap { i, arm in
        [(10, 0.3), (20, i == 0 ? 0.5 : 0.2)].map { "\(arm.name),\($0.0),validation,1.4,\($0.1),0.03\n" }
      }
      try ("arm,iteration,split,loss,accuracy,ci95\n" + rows.joined()).write(
        to: folder.appendingPathComponent("metrics.csv"), atomically: true, encoding: .utf8)
      try Report(folder: folder.path).write()
      let svg = try String(contentsOf: folder.appendingPathComponent("figures/training.svg"), encoding: .utf8)
      let document = try XMLDocument(xmlString: svg, options: [])
      let texts = try document.nodes(forXPath: "//*[local-name()='text']").compactMap(\.stringValue)
      for arm in fixture.arms { #expect(texts.contains(arm.name)) }
      #expect(texts.contains("best") && texts.contains("best: still improving"), "\(texts)")
      let rings = try document.nodes(forXPath: "//*[local-name()='circle'][@fill='none']")
      #expect(rings.count == 2)
    }
  }

  @Test("an ablation shows the mean over the seeds of every arm, where its cells have been validated alike")
  func ablation() throws {
    try withFolder { folder in
      let fixture = Fixture.pair(seeds: 3)
      try fixture.write(to: folder)
      for (i, arm) in fixture.arms.enumerated() {
        for seed in 0..<3 {
          let cell = folder.appendingPathComponent("cells/\(i)-\(seed)")
          try FileManager.default.createDirectory(at: cell, withIntermediateDirectories: true)
          let rows = [(10, 0.3), (20, 0.5), (30, 0.4)].map {
            "\(arm.name),\($0.0),validation,1.4,\($0.1 + 0.01 * Double(seed)),0.03\n"
          }
          // The last seed of the second arm was stopped early.
          try ("arm,iteration,split,loss,accuracy,ci95\n" + rows.prefix(i == 1 && seed == 2 ? 2 : 3).joined())
            .write(to: cell.appendingPathComponent("metrics.csv"), atomically: true, encoding: .utf8)
        }
      }
      let found = try Report(folder: folder.path)
      // (0.5 + 0.51 + 0.52) / 3
      #expect(found.markdown.contains("acdc-atoms: best after 20 of 30 updates, 51.00 %."))
      #expect(found.markdown.contains("standard-all: best after 20 of 20 updates, 51.00 %. That is the last"))
      #expect(found.markdown.contains("mean over 3 seeds"))
    }
  }

  @Test("sentences and tables count the same conditions")
  func conditions() throws {
    let found = try report(.large)
    // 15 corruptions on three sides; their mean is another.
    let summary = try #require(found.html.firstMatch(of: /Comparisons under ([^<]*)</))
    #expect(String(summary.output.1) == "45 single conditions")
    var fixture = Fixture.pair()
    fixture.comparisons += Fixture.large.comparisons.filter {
      $0["a"] as? String == "acdc-atoms" && $0["metric"] as? String == "relative_drop"
    }
    #expect(try report(fixture).markdown.contains("Of 45 single conditions, secondary"))
  }
}
