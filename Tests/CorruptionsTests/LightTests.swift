import Corruptions
import Randomness
import Testing

@Suite("Light and colour")
struct LightTests {
  /// Hue 0..<6, saturation, value.
  private func hsv(_ r: Double, _ g: Double, _ b: Double) -> (Double, Double, Double) {
    let (high, low) = (max(r, g, b), min(r, g, b))
    let range = high - low
    guard range > 0 else { return (0, 0, high) }
    var hue = 4 + (r - g) / range
    if high == g { hue = 2 + (b - r) / range }
    if high == r { hue = (g - b) / range }
    return (hue < 0 ? hue + 6 : hue, range / high, high)
  }

  private func rgb(_ h: Double, _ s: Double, _ v: Double) -> [Double] {
    let part = h - h.rounded(.down)
    let (p, q, t) = (v * (1 - s), v * (1 - part * s), v * (1 - (1 - part) * s))
    let sixths: [[Double]] = [[v, t, p], [q, v, p], [p, v, t], [p, q, v], [t, p, v], [v, p, q]]
    return sixths[Int(h) % 6]
  }

  @Test("brightness raises the value of hue, saturation and value")
  func brightness() {
    var chance = stream()
    var image = Pictures.flat(0, channels: 3, height: 10, width: 10)
    for i in image.pixels.indices.dropFirst(3) { image.pixels[i] = Float(chance.uniform()) }
    for (i, raise) in [0.05, 0.1, 0.15, 0.2, 0.3].enumerated() {
      let result = image.corrupted(by: Brightness(), severity: i + 1, &chance)
      for p in 0..<100 {
        let (h, s, v) = hsv(
          Double(image.pixels[p]), Double(image.pixels[100 + p]), Double(image.pixels[200 + p]))
        for (c, expected) in rgb(h, s, min(v + raise, 1)).enumerated() {
          #expect(abs(Double(result.pixels[100 * c + p]) - expected) < 2e-6)
        }
      }
    }
  }

  @Test("contrast keeps every channel's mean and shrinks its spread")
  func contrast() {
    var chance = stream()
    let image = Pictures.waves(channels: 3)
    for (i, factor) in [0.75, 0.5, 0.4, 0.3, 0.15].enumerated() {
      let result = Contrast()(image, severity: i + 1, &chance)
      let n = image.width * image.height
      for c in 0..<3 {
        let (old, new) = (image.pixels[c * n..<(c + 1) * n], result.pixels[c * n..<(c + 1) * n])
        let mean = old.reduce(0, +) / Float(n)
        for (a, b) in zip(old, new) {
          let expected: Float = mean + Float(factor) * (a - mean)
          #expect(abs(b - expected) < 1e-5)
        }
      }
    }
  }

  @Test("an occluder is one square of the mean, as large as it says, and moves")
  func occlusion() {
    var image = Pictures.waves(height: 40, width: 60)
    // A value that no pixel has is then the square.
    image.pixels[0] = 0
    var corners: Set<Int> = []
    for index in 0..<10 {
      for (i, side) in [6, 10, 14, 18, 22].enumerated() {
        var chance = stream(UInt64(index))
        let result = Occlusion()(image, severity: i + 1, &chance)
        let changed = image.pixels.indices.filter { image.pixels[$0] != result.pixels[$0] }
        #expect(changed.count == side * side)
        let (columns, rows) = (Set(changed.map { $0 % 60 }), Set(changed.map { $0 / 60 }))
        #expect(columns.count == side && rows.count == side)
        #expect(changed.allSatisfy { abs(Double(result.pixels[$0]) - image.moments.mean) < 1e-6 })
        corners.insert(changed.min() ?? -1)
      }
    }
    #expect(corners.count > 20)
  }

  @Test("grey has one value in all channels, that of Rec. 601; inversion undoes itself")
  func shifts() {
    var chance = stream()
    let image = Pictures.waves(channels: 3)
    let grey = Grey()(image, severity: 1, &chance)
    let n = image.width * image.height
    for i in 0..<n {
      let (red, green, blue) = (image.pixels[i], image.pixels[n + i], image.pixels[2 * n + i])
      let expected: Float = 0.299 * red + 0.587 * green + 0.114 * blue
      for c in 0..<3 { #expect(abs(grey.pixels[c * n + i] - expected) < 1e-6) }
    }
    let inverted = Inversion()(image, severity: 1, &chance)
    #expect(zip(inverted.pixels, image.pixels).allSatisfy { abs($0 + $1 - 1) < 1e-6 })
    #expect(inverted.distance(to: image) > 0.01)
  }
}
