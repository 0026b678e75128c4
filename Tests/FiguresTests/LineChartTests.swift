import Figures
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A chart with `count` curves of six points.
func chart(_ count: Int, name: String = "series") -> LineChart {
  LineChart(
    title: "Title", xLabel: "step", yLabel: "accuracy",
    series: (0..<count).map { k in
      let points = (0..<6).map { LineChart.Point(x: Double($0), y: 0.1 * Double($0 + k), halfWidth: 0.05) }
      return LineChart.Series("\(name) \(k)", points)
    },
    references: [LineChart.Reference(y: 0.2, label: "chance")])
}

extension Scene {
  var texts: [Label] {
    marks.compactMap { mark in
      guard case .text(let label) = mark.shape else { return nil }
      return label
    }
  }

  /// The polylines of a series within the plot: thicker than leaders, and not a sample of the legend.
  func lines(_ paint: Paint) -> [[Position]] {
    marks.compactMap { mark in
      guard case .polyline(let points) = mark.shape, mark.stroke?.paint == paint, mark.tooltip == nil,
        mark.stroke?.width == 2.2
      else { return nil }
      return points
    }
  }
}

extension Label {
  /// The box around the text.
  var box: Rectangle {
    let start =
      switch anchor {
      case .start: 0.0
      case .middle: -width / 2
      case .end: -width
      }
    return upwards
      ? Rectangle(
        left: position.x - size * 0.72, top: position.y - start - width, right: position.x + size * 0.2,
        bottom: position.y - start)
      : Rectangle(
        left: position.x + start, top: position.y - size * 0.72, right: position.x + start + width,
        bottom: position.y + size * 0.2)
  }
}

@Suite("Line charts")
struct LineChartTests {
  @Test("no two texts overlap and none leaves the picture", arguments: [0, 1, 2, 8, 13], [1, 12, 60])
  func texts(series: Int, nameLength: Int) {
    let scene = chart(series, name: String(repeating: "name ", count: nameLength / 5 + 1)).scene
    let boxes = scene.texts.filter { !$0.text.isEmpty }.map(\.box)
    for (i, a) in boxes.enumerated() {
      #expect(a.left >= 0 && a.top >= 0 && a.right <= scene.width && a.bottom <= scene.height)
      for b in boxes[(i + 1)...] {
        #expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top)
      }
    }
  }

  @Test("every series is drawn in its own colour and named", arguments: [1, 2, 8])
  func everySeries(count: Int) {
    let scene = chart(count).scene
    for k in 0..<count {
      // One line in the plot and the two halves of the sample.
      #expect(scene.lines(.series(k)).count == 3)
      #expect(scene.texts.contains { $0.text == "series \(k)" })
      let markers = scene.marks.filter { $0.fill?.paint == .series(k) && $0.stroke?.paint == .paper }
      #expect(markers.count == 7)
    }
    #expect(scene.texts.contains { $0.text == "chance" })
  }

  @Test("reference lines have dashes of their own, in the plot and in the legend, beside it or below")
  func references() {
    for name in ["s", String(repeating: "long name ", count: 6)] {
      var lines = chart(2, name: name)
      lines.references.append(.init(y: 0.2, label: "pixels, at the same height"))
      let dashes = lines.scene.marks.filter { $0.stroke?.paint == .muted && $0.stroke?.dash.isEmpty == false }
        .compactMap(\.stroke?.dash)
      #expect(Set(dashes).count == 2 && dashes.count == 4)
      #expect(Set(dashes).allSatisfy { dash in dashes.count { $0 == dash } == 2 })
    }
  }

  @Test("points that are not finite leave a gap")
  func gaps() {
    var gapped = chart(1)
    gapped.series[0].points[3].y = .nan
    // 0-1-2 and 4-5, and two halves of the sample.
    #expect(gapped.scene.lines(.series(0)).map(\.count) == [3, 2, 2, 2])
    gapped.series[0].points[0].x = .infinity
    #expect(gapped.scene.lines(.series(0)).map(\.count) == [2, 2, 2, 2])
    #expect(!gapped.svg().contains("nan") && !gapped.svg().contains("inf"))
  }

  @Test("intervals that are not finite are left out")
  func noInterval() {
    var plain = chart(1)
    for i in plain.series[0].points.indices { plain.series[0].points[i].low = i % 2 == 0 ? nil : .nan }
    #expect(plain.scene.marks.allSatisfy { $0.fill?.opacity != 0.16 })
    #expect(chart(1).scene.marks.contains { $0.fill?.opacity == 0.16 })
  }

  @Test("without points the chart says so")
  func empty() {
    #expect(chart(0).scene.texts.contains { $0.text == "No data" })
    var hollow = chart(1)
    hollow.series[0].points = [LineChart.Point(x: .nan, y: 1)]
    #expect(hollow.scene.texts.contains { $0.text == "No data" })
    #expect(chart(1).scene.texts.allSatisfy { $0.text != "No data" })
  }

  @Test("a range that is given cuts the curves off at its ends")
  func cutOff() {
    var cut = chart(1)
    cut.yRange = 0.15...0.35
    let whole = cut.scene.lines(.series(0))[0]
    // y = 0.1·x passes 0.15 at x = 1.5 and 0.35 at 3.5: the points at 2 and 3 remain between the two cuts.
    #expect(whole.count == 4)
    #expect(cut.scene.texts.contains { $0.text == "0.30" })
    #expect(cut.scene.texts.allSatisfy { $0.text != "0.4" && $0.text != "0.40" })
  }

  @Test(
    "extreme values do not trap", arguments: [1e-300, 1e-20, 1, 1e20, 1e140, 1e200, .greatestFiniteMagnitude])
  func extremes(scale: Double) {
    var extreme = chart(2)
    for i in extreme.series[0].points.indices {
      extreme.series[0].points[i].x *= -scale
      extreme.series[0].points[i].y *= scale
      extreme.series[0].points[i].high? *= scale
    }
    #expect(!extreme.svg().contains("nan"))
  }

  @Test("percent, large and small numbers are written readably")
  func numbers() {
    func labels(_ high: Double, _ format: ValueFormat = .number) -> [String] {
      let points = [LineChart.Point(x: 0, y: 0), LineChart.Point(x: 1, y: high)]
      let chart = LineChart(
        title: "", xLabel: "", yLabel: "", series: [LineChart.Series("", points)], xTicks: [], yFormat: format
      )
      return Array(chart.scene.texts.map(\.text).filter { !$0.isEmpty }.prefix(6))
    }
    #expect(labels(1, .percent) == ["0%", "20%", "40%", "60%", "80%", "100%"])
    #expect(labels(0.01, .percent) == ["0.0%", "0.2%", "0.4%", "0.6%", "0.8%", "1.0%"])
    #expect(labels(5e7) == ["0", "1e7", "2e7", "3e7", "4e7", "5e7"])
    #expect(labels(1e-6) == ["0", "2e−7", "4e−7", "6e−7", "8e−7", "1e−6"])
    #expect(labels(-5) == ["−5", "−4", "−3", "−2", "−1", "0"])
  }

  @Test("the SVG is well-formed XML with everything in it, however hostile the names")
  func wellFormed() {
    var hostile = chart(3, name: "<script>&\"'</svg>\u{1}\u{FFFF}]]>")
    hostile.title = "a < b & \"c\" > 'd'"
    let svg = hostile.svg()
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse())
    #expect(svg.contains("role=\"img\""))
    #expect(svg.contains("<title>a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;</title>"))
    #expect(svg.contains("prefers-color-scheme:dark"))
    #expect(!svg.contains("<script"))
    #expect(escaped("\u{0}&amp;") == "\u{fffd}&amp;amp;")
  }

  @Test("every point can be pointed at for its value")
  func tooltips() {
    let tooltips = chart(1).scene.marks.compactMap(\.tooltip)
    #expect(tooltips.contains("series 0\nstep 3: 0.3 (0.25 to 0.35)"))
    #expect(tooltips.count == 7)
  }
}
