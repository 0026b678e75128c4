import Figures
import Testing

@Suite("Pictures as pixels")
struct PictureTests {
  private static func scene(_ marks: [Mark]) -> Scene {
    Scene(width: 20, height: 20, title: "", summary: "", marks: marks)
  }

  /// How much ink lies on a white picture, in pixels: the missing brightness of the red channel.
  private static func ink(_ marks: [Mark], scale: Double = 1) -> Double {
    let paper = Canvas(scene([]), scale: scale, theme: .light).bytes
    let bytes = Canvas(scene(marks), scale: scale, theme: .light).bytes
    let black = Canvas(
      scene([Mark(shape: .polygon(square(-5, 25)), fill: Fill(paint: .ink))]), scale: scale, theme: .light
    ).bytes[0]
    return stride(from: 0, to: bytes.count, by: 3).reduce(0) { $0 + Double(paper[$1]) - Double(bytes[$1]) }
      / (255 - Double(black))
  }

  private static func square(_ low: Double, _ high: Double) -> [Position] {
    [Position(low, low), Position(high, low), Position(high, high), Position(low, high)]
  }

  @Test("a PNG has the size asked for, and the same bytes each time")
  func png() throws {
    let bytes = try chart(2).png()
    #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    func word(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    #expect(word(16) == 1600 && word(20) == 1000)
    #expect(try chart(2).png() == bytes)
    #expect(try chart(2).png(theme: .dark) != bytes)
    #expect(try chart(1).png() != bytes)
  }

  @Test("impossible sizes are refused", arguments: [0, -1, 1e9, .nan, .infinity])
  func sizes(scale: Double) {
    #expect(throws: FigureError.self) { try chart(1).png(scale: scale) }
  }

  @Test("a picture shows every colour of its scene", arguments: Theme.allCases)
  func notBlank(theme: Theme) {
    let canvas = Canvas(chart(8).scene, scale: 1, theme: theme)
    let bytes = canvas.bytes
    #expect(bytes.count == canvas.width * canvas.height * 3)
    var colors: Set<Int> = []
    for i in stride(from: 0, to: bytes.count, by: 3) {
      colors.insert(Int(bytes[i]) << 16 | Int(bytes[i + 1]) << 8 | Int(bytes[i + 2]))
    }
    #expect(colors.count > 100)
  }

  @Test("filled shapes have the area that geometry gives them")
  func areas() {
    let fill = Fill(paint: .ink)
    // Edges off the pixel grid: 7.4² = 54.76. Of 16 scan lines a pixel, each level edge may miss half of one,
    // 7.4/32 = 0.23, and there are two.
    let square = Mark(shape: .polygon(Self.square(4.3, 11.7)), fill: fill)
    #expect(abs(Self.ink([square]) - 54.76) < 0.5)
    let triangle = Mark(shape: .polygon([Position(2, 2), Position(17, 5), Position(6, 16)]), fill: fill)
    // |15·14 − 4·3|/2 = 99
    #expect(abs(Self.ink([triangle]) - 99) < 0.7)
    let disc = Mark(shape: .circle(center: Position(10, 10), radius: 6), fill: fill)
    #expect(abs(Self.ink([disc]) - .pi * 36) < 1)
    let half = Mark(shape: .polygon(Self.square(5, 15)), fill: Fill(paint: .ink, opacity: 0.5))
    #expect(abs(Self.ink([half]) - 50) < 0.5)
  }

  @Test("a line has the area of its pen's path, and crossing itself adds none")
  func strokes() {
    // Length 12, thickness 3, round ends: 36 + π·1.5².
    let line = [Position(4, 9), Position(16, 9)]
    let once = Mark(shape: .polyline(line), stroke: Stroke(paint: .ink, width: 3, opacity: 0.5))
    let area = (36 + .pi * 2.25) / 2
    #expect(abs(Self.ink([once]) - area) < 0.5)
    let twice = Mark(shape: .polyline(line + [line[0]]), stroke: once.stroke)
    #expect(abs(Self.ink([twice]) - Self.ink([once])) < 0.01)
    // Dashes of 2 with gaps of 2 and ends of radius 0.5: three pieces of area 2 + π/4, and one end.
    let dashed = Mark(shape: .polyline(line), stroke: Stroke(paint: .ink, width: 1, dash: [2, 2]))
    #expect(Self.ink([dashed]) > 6 && Self.ink([dashed]) < 11)
  }

  @Test("every printable ASCII character has its own glyph inside its own cell")
  func font() {
    let box = StrokeFont.glyph(for: "\u{2603}")
    var seen: [StrokeFont.Glyph] = []
    for code in UInt8(0x21)...0x7e {
      let glyph = StrokeFont.glyph(for: Character(Unicode.Scalar(code)))
      #expect(glyph != box && !glyph.strokes.isEmpty && !seen.contains(glyph))
      seen.append(glyph)
      for point in glyph.strokes.flatMap(\.self) {
        #expect(point.x >= 0 && point.x <= glyph.advance && point.y >= -5 && point.y <= 14.5)
      }
    }
    for sign in "±−×‖Δε–…²θαµ" { #expect(StrokeFont.glyph(for: sign) != box, "\(sign)") }
    #expect(StrokeFont.glyph(for: "é") == StrokeFont.glyph(for: "e"))
  }

  @Test("a text too long for its space ends in an ellipsis")
  func truncation() {
    #expect(StrokeFont.truncated("short", size: 12, width: 200) == "short")
    let cut = StrokeFont.truncated("quite a long text", size: 12, width: 60)
    #expect(cut.hasSuffix("…") && StrokeFont.width(of: cut, size: 12) <= 60)
  }
}
