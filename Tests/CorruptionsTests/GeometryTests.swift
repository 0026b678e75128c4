import Corruptions
import Foundation
import Randomness
import Testing

@Suite("Geometry")
struct GeometryTests {
  /// A small blob left of the middle, and where its centre goes.
  private func moved(_ corruption: any Corruption, _ severity: Int, _ index: UInt64) -> (x: Double, y: Double)
  {
    var image = Pictures.flat(0, height: 101, width: 101)
    for y in 46...54 { for x in 66...74 { image.pixels[y * 101 + x] = 1 } }
    var chance = stream(index)
    let centre = corruption(image, severity: severity, &chance).centre
    return (centre.x - 50, centre.y - 50)
  }

  @Test("a rotation turns about the middle by its angle, to both sides")
  func rotation() {
    for (i, degrees) in [8.0, 16, 24, 32, 40].enumerated() {
      let found = (0..<8).map { index -> Double in
        let point = moved(Rotation(), i + 1, UInt64(index))
        #expect(abs(hypot(point.x, point.y) - 20) < 0.05)
        return atan2(point.y, point.x) * 180 / .pi
      }
      #expect(found.allSatisfy { abs(abs($0) - degrees) < 0.2 }, "\(found)")
      #expect(found.contains { $0 > 0 } && found.contains { $0 < 0 })
    }
  }

  @Test("a scaling moves points from or to the middle by its factor")
  func scale() {
    for (i, factor) in [1.1, 1.2, 1.35, 1.5, 1.7].enumerated() {
      let found = (0..<8).map { moved(Zoom(), i + 1, UInt64($0)).x / 20 }
      #expect(found.allSatisfy { min(abs($0 - factor), abs($0 - 1 / factor)) < 0.01 }, "\(found)")
      #expect(found.contains { $0 > 1 } && found.contains { $0 < 1 })
    }
  }

  @Test("a translation moves everything by its share of the side, in whole pixels")
  func translation() {
    for (i, share) in [0.05, 0.1, 0.15, 0.2, 0.25].enumerated() {
      for index in 0..<8 {
        let point = moved(Translation(), i + 1, UInt64(index))
        let (dx, dy) = (point.x - 20, point.y)
        #expect(abs(dx - dx.rounded()) < 1e-4 && abs(dy - dy.rounded()) < 1e-4)
        #expect(abs(hypot(dx, dy) - share * 101) < 0.75)
      }
    }
  }

  @Test("pixelation leaves ⌊c·side⌋ different columns, each the mean of the pixels it stands for")
  func pixelate() {
    let ramp = PlanarImage(
      channels: 1, height: 32, width: 32, pixels: (0..<1024).map { Float($0 % 32) / 32 })
    for (i, count) in [30, 28, 27, 24, 20].enumerated() {
      var chance = stream()
      let row = Pixelate()(ramp, severity: i + 1, &chance).pixels.prefix(32)
      #expect(Set(row).count == count)
      #expect(zip(row, row.dropFirst()).allSatisfy { $0 <= $1 })
    }
    // 32 to 20: the first of 20 windows is 1.6 wide and holds the centres of pixels 0 and 1, the second, up to 3.2,
    // that of pixel 2, the third, up to 4.8, those of 3 and 4. Then 20 to 32: pixels 0 and 1 (centres at 0.31 and
    // 0.94 of the small line) read the first, 2 (1.56) the second, 3 (2.19) and 4 (2.81) the third.
    var chance = stream()
    let row = Pixelate()(ramp, severity: 5, &chance).pixels.prefix(5).map { $0 * 32 }
    #expect(row == [0.5, 0.5, 2, 3.5, 3.5])
  }

  @Test("an elastic change of severity 1 is affine: it keeps straight lines straight")
  func elastic() {
    // A ramp along x becomes a ramp along some direction: second differences vanish away from the border.
    let side = 96
    let ramp = PlanarImage(
      channels: 1, height: side, width: side, pixels: (0..<side * side).map { Float($0 % side) / Float(side) }
    )
    for index in 0..<4 {
      var chance = stream(UInt64(index))
      let image = Elastic()(ramp, severity: 1, &chance)
      #expect(image.distance(to: ramp) > 1e-6)
      for y in stride(from: 40, to: 56, by: 3) {
        for x in stride(from: 40, to: 56, by: 3) {
          let p = y * side + x
          let (l, m, r) = (image.pixels[p - 1], image.pixels[p], image.pixels[p + 1])
          #expect(abs(l - 2 * m + r) < 1e-5)
          #expect(abs(image.pixels[p - side] - 2 * m + image.pixels[p + side]) < 1e-5)
        }
      }
      var again = stream(UInt64(index))
      let bent = Elastic()(ramp, severity: 5, &again)
      #expect(bent.distance(to: ramp) > 1e-6)
    }
  }
}
