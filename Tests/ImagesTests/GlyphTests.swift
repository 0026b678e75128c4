import Episodes
import Foundation
import Images
import TestData
import Testing

@Suite("Built-in glyphs")
struct GlyphTests {
  @Test("the default set has 100, 20 and 40 classes of 20 images")
  func counts() throws {
    let store = try Fixtures.glyphs.get().store
    let index = try DatasetIndex(store.roots)
    #expect(index.report.map(\.classes) == [100, 20, 40])
    #expect(index.report.map(\.images) == [2000, 400, 800])
    #expect(store.classes(in: .test).first?.name == "test/class120")
    #expect(store.duplicates.isEmpty)
  }

  @Test("the default set is the same bytes on every machine")
  func golden() throws {
    // Printed by this program; the lists in episodes/ carry the same hash.
    let hash = "df6987f2bc978f3134a6b91a410c4d6322c6356d1d920d75ba44fa2c263117ee"
    #expect(try Fixtures.glyphs.get().store.dataHash == hash)
  }

  @Test("an image does not depend on how many there are, and another seed gives another alphabet")
  func independence() {
    let few = GlyphSet(seed: 3, classes: GlyphClasses(train: 3, validation: 1, test: 1), imagesPerClass: 2)
    let many = GlyphSet(seed: 3, classes: GlyphClasses(train: 5, validation: 5, test: 5))
    for c in 0..<5 { #expect(few.image(class: c, image: 1) == many.image(class: c, image: 1)) }
    #expect(GlyphSet(seed: 4).image(class: 0, image: 0) != many.image(class: 0, image: 0))
  }

  @Test("every image is dark ink on white paper, neither empty nor full")
  func ink() {
    let set = GlyphSet()
    for c in 0..<set.classes.total {
      let image = set.image(class: c, image: c % 20)
      let ink = image.reduce(0) { $0 + 255 - Int($1) } / 255
      #expect((12...400).contains(ink), "class \(c) has \(ink) pixels of ink")
      #expect(image.min() ?? 255 < 64)
    }
  }

  @Test("what cannot be written is an error that names the file")
  func notWritable() {
    let few = GlyphClasses(train: 1, validation: 1, test: 1)
    let sentence = complaint { try GlyphSet.write(to: "/dev/null/glyphs", classes: few, imagesPerClass: 1) }
    #expect(sentence.hasPrefix("/dev/null/glyphs/train/class000/00.png: cannot be written"))
  }

  @Test("pixels alone do not tell the class", arguments: [(1, 0.3...0.55), (5, 0.5...0.8)])
  func pixelBaseline(shots: Int, range: ClosedRange<Double>) throws {
    let store = try Fixtures.glyphs.get().store
    let sampler = try EpisodeSampler(
      store, split: .test, shape: EpisodeShape(ways: 5, shots: shots, queries: 15), seed: 1)
    var sum = 0.0
    for i in 0..<600 { sum += PixelBaseline.accuracy(try store.episode(sampler.episode(i))) }
    #expect(range.contains(sum / 600), "\(shots) shots: \(sum / 600)")
  }

  @Test("the pixel baseline is right where classes are far apart, and ties go to the first")
  func separable() {
    func images(_ values: [Float], _ labels: [Int]) -> LabelledImages {
      LabelledImages(channels: 1, height: 1, width: 1, pixels: values, labels: labels)
    }
    let description = EpisodeDescription(
      index: 0, classes: ["a", "b"], rotations: [0, 0], support: [[], []], query: [[], []])
    // Means 0.1 and 0.8: the border is 0.45, so 0.44 is a, 0.46 is b, and the wrong 0.2 is a.
    let episode = Episode(
      description: description, support: images([0, 0.2, 0.7, 0.9], [0, 0, 1, 1]),
      query: images([0.44, 0, 0.46, 0.2], [0, 0, 1, 1]))
    #expect(PixelBaseline.accuracy(episode) == 0.75)
    let tied = Episode(
      description: description, support: images([0, 1], [0, 1]), query: images([0.5, 0.5], [0, 1]))
    #expect(PixelBaseline.accuracy(tied) == 0.5)
  }

  @Test("the frozen lists can be made again to the byte, and fit the set", arguments: FrozenEpisodes.rows)
  func frozen(row: FrozenEpisodes.Row) throws {
    let store = try Fixtures.glyphs.get().store
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("episodes")
    let kept = folder.appendingPathComponent(row.fileName)
    #expect(try FrozenEpisodes.list(row, of: store).text == String(contentsOf: kept, encoding: .utf8))
    try EpisodeList(contentsOf: kept.path).verify(against: store)
  }
}
