import Figures
import Foundation
import Testing

private func map(_ rows: Int, _ columns: Int, name: String) -> HeatMap {
  let notes = (0..<columns).map { "note \($0)" }
  let lines = (0..<rows).map { row -> HeatMap.Row in
    let values = (0..<columns).map { column -> Double? in
      row == 1 && column == 0 ? nil : 0.1 * Double(row + column)
    }
    return .init("\(name) \(row)", values, notes: notes, startsGroup: row % 3 == 2)
  }
  return HeatMap(
    title: "Title", rowLabel: "row", columnLabel: "column", columns: (0..<columns).map { "\(name) \($0)" },
    rows: lines, valueLabel: "value")
}

private func plot(_ rows: Int, name: String) -> IntervalPlot {
  IntervalPlot(
    title: "Title", xLabel: "difference",
    rows: (0..<rows).map { i in
      let value = 0.02 * Double(i)
      return .init(
        "\(name) \(i)", value: value, low: value - 0.01, high: value + 0.02, parts: [value, value + 0.005],
        series: i, note: "note \(i)")
    }, reference: 0)
}

/// No two texts overlap and none leaves the picture.
private func expectLegible(_ scene: Scene, _ comment: Comment) {
  let boxes = scene.texts.filter { !$0.text.isEmpty }.map(\.box)
  for (i, a) in boxes.enumerated() {
    #expect(
      a.left >= -0.5 && a.top >= -0.5 && a.right <= scene.width + 0.5 && a.bottom <= scene.height, comment)
    for b in boxes[(i + 1)...] {
      // Half a unit of white is shared by neighbours of rounded positions.
      let areApart =
        a.right <= b.left + 0.5 || b.right <= a.left + 0.5 || a.bottom <= b.top + 0.5
        || b.bottom <= a.top + 0.5
      #expect(areApart, comment)
    }
  }
}

@Suite("Heat maps")
struct HeatMapTests {
  @Test("texts keep apart and inside, on a page and on a phone", arguments: [1, 2, 9], [1, 20])
  func texts(columns: Int, nameLength: Int) {
    let name = String(repeating: "name", count: nameLength)
    for width in [400.0, 800] {
      expectLegible(map(16, columns, name: name).fitted(to: width).scene, "\(columns), \(name), \(width)")
      expectLegible(plot(9, name: name).fitted(to: width).scene, "plot, \(name), \(width)")
    }
  }

  @Test("every cell has its number, its shade and its words; what is missing has a dash")
  func cells() {
    let scene = map(3, 2, name: "n").scene
    let tips = scene.marks.compactMap(\.tooltip)
    #expect(tips.count == 6)
    #expect(tips.contains("n 2\nn 1: 30%\nnote 1") && tips.contains("n 1\nn 0: not measured"))
    #expect(scene.texts.contains { $0.text == "30.0" } && scene.texts.contains { $0.text == "–" })
    // From 0 to 0.3: the ends have the ends of the scale.
    let shades = scene.marks.filter { $0.tooltip != nil }.compactMap { mark -> Int? in
      if case .scale(let shade)? = mark.fill?.paint { shade } else { nil }
    }
    #expect(shades.min() == 0 && shades.max() == ColorScale.count - 1 && shades.count == 5)
  }

  @Test(
    "values that are no numbers do not trap, and equal ones have a shade", arguments: [.nan, .infinity, 0.5])
  func extremes(value: Double) {
    var extreme = map(2, 2, name: "n")
    for i in extreme.rows.indices { extreme.rows[i].values = [value, value] }
    #expect(!extreme.scene.svg().contains("nan"))
    #expect(!map(0, 0, name: "n").scene.svg().contains("nan"))
  }

  @Test("the scale rises in brightness from end to end, and its ink can be read on every shade")
  func scale() {
    for theme in Theme.allCases {
      let shades = (0..<ColorScale.count).map { Paint.scale($0).luminance(theme) }
      let pairs = zip(shades, shades.dropFirst())
      #expect(theme == .light ? pairs.allSatisfy { $0 > $1 } : pairs.allSatisfy { $0 < $1 })
      for (i, shade) in shades.enumerated() {
        let ink = Paint.onScale(i).luminance(theme)
        // WCAG 2 asks for 4.5; √(1.05 / 0.05) = 4.58 is what black or white gives on any shade.
        #expect((max(ink, shade) + 0.05) / (min(ink, shade) + 0.05) >= 4.5, "\(theme) \(i)")
      }
    }
  }
}

@Suite("Interval plots")
struct IntervalPlotTests {
  @Test("estimates lie between the ends of their intervals, and the reference is drawn")
  func intervals() throws {
    let scene = plot(3, name: "arm").scene
    let lines = scene.marks.compactMap { mark -> [Position]? in
      if case .polyline(let points) = mark.shape, mark.stroke?.paint == .series(2) { points } else { nil }
    }
    // The interval and its two ends.
    #expect(lines.count == 3)
    let ends = lines[0]
    let circles = scene.marks.compactMap { mark -> Position? in
      guard case .circle(let center, _) = mark.shape, mark.fill?.paint == .series(0), mark.stroke != nil
      else { return nil }
      return center
    }
    let marker = try #require(circles.first)
    #expect(ends[0].x < ends[1].x && marker.y < ends[0].y)
    #expect(scene.marks.contains { $0.stroke?.paint == .muted })
    #expect(scene.marks.compactMap(\.tooltip).contains("arm 1\n2% (1% to 4%)\nnote 1"))
  }

  @Test("without rows, and with numbers that are none, nothing traps")
  func extremes() {
    #expect(!plot(0, name: "n").scene.svg().contains("nan"))
    var broken = plot(2, name: "n")
    broken.rows[0].value = .nan
    broken.rows[1].low = -.infinity
    #expect(!broken.scene.svg().contains("nan") && !broken.scene.svg().contains("inf"))
  }
}

@Suite("Logarithmic axes")
struct LogarithmicAxisTests {
  @Test("equal ratios are equally far apart, and what is not positive is a gap")
  func positions() throws {
    var curve = chart(1)
    curve.xScale = .logarithmic
    for (i, x) in [-1.0, 0, 1, 10, 100, 1000].enumerated() { curve.series[0].points[i].x = x }
    let line = curve.scene.lines(.series(0))[0].map(\.x)
    #expect(line.count == 4)
    for (a, b) in zip(zip(line, line.dropFirst()), zip(line.dropFirst(), line.dropFirst(2))) {
      #expect(abs((a.1 - a.0) - (b.1 - b.0)) < 1e-9)
    }
    #expect(curve.scene.texts.contains { $0.text == "1000" })
    #expect(!curve.svg().contains("nan"))
  }

  @Test("ticks lie in the range and are between two and nine", arguments: [1.01, 1.5, 3, 30, 1e3, 1e9, 1e40])
  func ticks(ratio: Double) {
    for low in [1e-7, 0.3, 1, 42] {
      let ticks = Ticks.logarithmic(low...low * ratio)
      #expect((2...9).contains(ticks.count), "\(low) \(ratio): \(ticks)")
      #expect(ticks == ticks.sorted() && ticks.allSatisfy { $0 >= low * 0.999 && $0 <= low * ratio * 1.001 })
    }
  }

  @Test("nine curves differ: the ninth is not the first again")
  func ninth() {
    let scene = chart(10).scene
    let dashes = scene.marks.filter { $0.stroke?.width == 2.2 && $0.stroke?.paint == .series(0) }
      .compactMap { $0.stroke?.dash }
    #expect(Set(dashes).count == 2)
  }
}
