/// Light or dark surroundings.
public enum Theme: String, Sendable, CaseIterable {
  /// Dark ink on white, for print.
  case light
  /// Light ink on near black.
  case dark

  /// The colour of a paint.
  func color(_ paint: Paint) -> Color {
    switch (paint, self) {
    case (.paper, .light): Color(0xffffff)
    case (.paper, .dark): Color(0x15181c)
    case (.ink, .light): Color(0x1d2126)
    case (.ink, .dark): Color(0xe8eaed)
    case (.muted, .light): Color(0x5b636d)
    case (.muted, .dark): Color(0xa3acb7)
    case (.grid, .light): Color(0xe4e7eb)
    case (.grid, .dark): Color(0x2c3239)
    case (.series(let i), .light): Self.onLight[i % Self.onLight.count]
    case (.series(let i), .dark): Self.onDark[i % Self.onDark.count]
    }
  }

  /// The palette of Okabe and Ito, told apart with any colour vision, without its yellow, which is hardly
  /// visible on white; grey takes its place.
  private static let onLight = [
    0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x1d2126, 0x8a8f96,
  ].map(Color.init)

  /// The same hues, lighter where they would sink into the dark.
  private static let onDark = [
    0x4da3e0, 0xf07c2e, 0x22c197, 0xe39ac4, 0xf2b632, 0x9ad6fa, 0xf4f5f6, 0x979da5,
  ].map(Color.init)
}

/// A colour by its role, so that one scene serves light and dark themes.
package enum Paint: Hashable {
  case paper, ink, muted, grid
  case series(Int)

  /// The number of different series colours.
  package static let seriesCount = 8
  static let all = [paper, ink, muted, grid] + (0..<seriesCount).map { series($0) }

  /// A short name for style sheets.
  var name: String {
    switch self {
    case .paper: "paper"
    case .ink: "ink"
    case .muted: "muted"
    case .grid: "grid"
    case .series(let i): "s\(i % Self.seriesCount)"
    }
  }
}

/// Red, green and blue from 0 to 255.
struct Color: Equatable {
  let red: Int
  let green: Int
  let blue: Int

  init(_ rgb: Int) { (red, green, blue) = (rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255) }

  /// As a style sheet writes it: #0072b2.
  var hex: String {
    "#"
      + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
