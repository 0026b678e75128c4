import Episodes
import Foundation
import Testing

@Suite("Built-in glyphs")
struct GlyphTests {
  @Test("probe")
  func probe() throws {
    let clock = ContinuousClock()
    let root = "/tmp/ha/glyphs"
    print("gen", try clock.measure { try GlyphSet.write(to: root) })
    let store = try ImageStore(DatasetIndex(root: root), preparation: ImagePreparation(invert: true))
    for shots in [1, 5] {
      let sampler = try EpisodeSampler(
        store, split: .test, shape: EpisodeShape(ways: 5, shots: shots, queries: 15), seed: 1)
      var sum = 0.0
      for i in 0..<600 { sum += PixelBaseline.accuracy(try store.episode(sampler.episode(i))) }
      print("baseline", shots, sum / 600)
    }
    let set = GlyphSet()
    let (rows, columns) = (40, 20)
    var sheet = [UInt8](repeating: 128, count: rows * 30 * columns * 30)
    for c in 0..<rows {
      for i in 0..<columns {
        let pixels = set.image(class: 120 + c, image: i)
        for y in 0..<28 {
          for x in 0..<28 { sheet[(c * 30 + y) * columns * 30 + i * 30 + x] = pixels[y * 28 + x] }
        }
      }
    }
    let png = try PNGImage.encode(sheet, width: columns * 30, height: rows * 30)
    try Data(png).write(to: URL(fileURLWithPath: "/tmp/ha/sheet.png"))
  }
}
