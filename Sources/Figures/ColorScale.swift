/// Colours for values from low to high: one hue, told apart by brightness alone, so by any eye and in grey print.
package enum ColorScale {
  /// How many shades there are.
  package static let count = 33

  /// The shade of a value in a range; the ends for values outside, the lowest where the range has no width.
  package static func index(of value: Double, in range: ClosedRange<Double>) -> Int {
    let width = range.upperBound - range.lowerBound
    guard value.isFinite, width > 0 else { return 0 }
    let share = min(max((value - range.lowerBound) / width, 0), 1)
    return Int((share * Double(count - 1)).rounded())
  }

  /// On paper much is dark, in the dark much is bright: low values sink into the ground.
  static func color(_ index: Int, _ theme: Theme) -> Color {
    let anchors = theme == .light ? onLight : onDark
    let position = Double(min(max(index, 0), count - 1)) / Double(count - 1) * Double(anchors.count - 1)
    let lower = min(Int(position), anchors.count - 2)
    return Color(from: anchors[lower], to: anchors[lower + 1], share: position - Double(lower))
  }

  /// The ink that stands out more on a shade: with black and white one of the two always has a contrast of 4.5 or more.
  static func ink(_ index: Int, _ theme: Theme) -> Color {
    let ground = color(index, theme).luminance
    let (dark, light) = (Color(0x000000), Color(0xffffff))
    let onDark = (light.luminance + 0.05) / (ground + 0.05)
    return onDark > (ground + 0.05) / (dark.luminance + 0.05) ? light : dark
  }

  private static let onLight = [0xf3f7fb, 0xcfe1f2, 0x94c1e3, 0x4f97cc, 0x1f69a9, 0x0b3d73].map(Color.init)
  private static let onDark = [0x1b222b, 0x1f3b57, 0x265c8c, 0x3f86c2, 0x7db4e3, 0xd2e7fa].map(Color.init)
}
