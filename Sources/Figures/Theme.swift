private import Foundation

/// Light or dark surroundings.
package enum Theme: String, Sendable, CaseIterable {
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
    case (.scale(let i), _): ColorScale.color(i, self)
    case (.onScale(let i), _): ColorScale.ink(i, self)
    }
  }

  /// The palette of Okabe and Ito, told apart with any colour vision, without its yellow, which is hardly
  /// visible on white; grey replaces it.
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
  /// A colour of the scale from low, 0, to high, `ColorScale.count` − 1.
  case scale(Int)
  /// Text on that colour.
  case onScale(Int)

  /// The number of different series colours.
  package static let seriesCount = 8
  /// How bright it looks in a theme, 0 to 1.
  package func luminance(_ theme: Theme) -> Double { theme.color(self).luminance }

  /// A short name for style sheets.
  var name: String {
    switch self {
    case .paper: "paper"
    case .ink: "ink"
    case .muted: "muted"
    case .grid: "grid"
    case .series(let i): "s\(i % Self.seriesCount)"
    case .scale(let i): "h\(i)"
    case .onScale(let i): "t\(i)"
    }
  }
}

/// Red, green and blue from 0 to 255.
struct Color: Equatable {
  let red: Int
  let green: Int
  let blue: Int

  init(_ rgb: Int) { (red, green, blue) = (rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255) }

  /// The colour a share of the way from one to another, each channel alone.
  init(from a: Color, to b: Color, share: Double) {
    func mixed(_ x: Int, _ y: Int) -> Int { x + Int((Double(y - x) * share).rounded()) }
    (red, green, blue) = (mixed(a.red, b.red), mixed(a.green, b.green), mixed(a.blue, b.blue))
  }

  /// How bright it looks, 0 to 1 (relative luminance, WCAG 2).
  var luminance: Double {
    func linear(_ channel: Int) -> Double {
      let c = Double(channel) / 255
      return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// As a style sheet writes it: #0072b2.
  var hex: String {
    "#"
      + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
