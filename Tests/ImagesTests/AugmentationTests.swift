import Images
import Randomness
import Testing

@Suite("Random changes of training images")
struct AugmentationTests {
  private func image(_ channels: Int, side: Int = 16) -> FloatImage {
    var stream = RandomStream(seed: 1, purpose: "image")
    return FloatImage(
      side: side, channels: channels,
      pixels: (0..<channels * side * side).map { _ in Float(stream.uniform()) })
  }

  private func changed(_ list: String, _ image: FloatImage, seed: UInt64) throws -> FloatImage {
    var stream = RandomStream(seed: seed, purpose: "augment")
    return try #require(Augmentation(rawValue: list)).changed(image, &stream)
  }

  @Test("lists are read back as they are written, in the order they are made; others are refused")
  func lists() {
    #expect(Augmentation(rawValue: "none")?.changes == [])
    #expect(Augmentation(rawValue: "none")?.rawValue == "none")
    #expect(Augmentation(rawValue: "jitter+flip")?.rawValue == "flip+jitter")
    for wrong in ["", "flip+", "flip+flip", "none+flip", "flop"] {
      #expect(Augmentation(rawValue: wrong) == nil, "\(wrong)")
    }
  }

  @Test(
    "a change is a pure function of its stream, keeps the size and the range, and does change most images",
    arguments: Augmentation.Change.allCases, [1, 3])
  func pure(change: Augmentation.Change, channels: Int) throws {
    let image = image(channels)
    var different = 0
    for seed in 0..<20 as Range<UInt64> {
      let a = try changed(change.rawValue, image, seed: seed)
      #expect(a == (try changed(change.rawValue, image, seed: seed)))
      #expect(a.side == 16 && a.channels == channels)
      #expect(a.pixels.allSatisfy { $0 >= 0 && $0 <= 1.00001 })
      different += a == image ? 0 : 1
    }
    #expect(different >= (change == .flip ? 4 : 15))
  }

  @Test("a flip of a flip is the image; a crop moves it by at most an eighth of its side")
  func geometry() throws {
    let image = image(3)
    for seed in 0..<10 as Range<UInt64> {
      let once = try changed("flip", image, seed: seed)
      if once != image { #expect(try changed("flip", once, seed: seed) == image) }
      let moved = try changed("crop", image, seed: seed)
      let places = (-2...2).flatMap { y in (-2...2).map { (y, $0) } }
      func shifted(_ y: Int, _ x: Int, _ dy: Int, _ dx: Int) -> Float {
        let (row, column) = (y + dy, x + dx)
        return (0..<16).contains(row) && (0..<16).contains(column) ? image.pixels[row * 16 + column] : 0
      }
      #expect(
        places.contains { dy, dx in
          (0..<256).allSatisfy { moved.pixels[$0] == shifted($0 / 16, $0 % 16, dy, dx) }
        })
    }
  }

  @Test("a resized crop of an even image, and a jitter of none, leave what they must")
  func even() throws {
    let even = FloatImage(side: 8, channels: 3, pixels: Array(repeating: 0.25, count: 192))
    for seed in 0..<5 as Range<UInt64> {
      let crop = try changed("resized-crop", even, seed: seed)
      #expect(crop.pixels.allSatisfy { abs($0 - 0.25) < 1e-6 })
      // One brightness for all: contrast and saturation change nothing, brightness all alike.
      let jitter = try changed("jitter", even, seed: seed)
      #expect(jitter.pixels.allSatisfy { abs($0 - jitter.pixels[0]) < 1e-5 && abs($0 - 0.25) < 0.101 })
      let hole = try changed("cutout", even, seed: seed)
      let black = hole.pixels.count { $0 == 0 }
      #expect(black > 0 && black <= 48 && black % 3 == 0)
    }
  }
}
