import Images
import TestData
import Testing

@Suite("What pictures hold")
struct PictureContentTests {
  private func warnings(
    _ preparation: ImagePreparation = ImagePreparation(imageSize: 4), _ file: (Int) throws -> [UInt8]
  ) throws -> [String] {
    let folder = try TemporaryFolder()
    for i in 0..<3 { try folder.write(file(i), "a/\(i).png") }
    return try ImageStore(DatasetIndex(root: folder.path), preparation: preparation).warnings
  }

  @Test("white on transparent leaves nothing, black on transparent leaves the shape")
  func transparency() throws {
    func shape(_ value: Int) throws -> [String] {
      try warnings { i in
        HandmadePNG(width: 4, height: 4, depth: 8, type: 4).file { x, y, c in
          c == 0 ? value : (x + y + i) % 2 * 255
        }
      }
    }
    let white = try shape(255)
    #expect(
      white.count == 1 && white[0].hasPrefix("3 of 3 pictures are one colour")
        && white[0].contains("transparent"))
    let black = try shape(0)
    #expect(black.count == 1 && black[0].contains("by their transparency alone"), "\(black)")
  }

  @Test("12-bit values in 16 bits, and faint pictures, are told")
  func range() throws {
    let dark = try warnings { i in
      HandmadePNG(width: 4, height: 4, depth: 16, type: 0).file { x, y, _ in (x * 1000 + y * 200 + i) % 4096 }
    }
    #expect(dark.count == 1 && dark[0].contains("12-bit"), "\(dark)")
    let faint = try warnings { i in
      HandmadePNG(width: 4, height: 4, depth: 8, type: 0).file { x, y, _ in 100 + x + y + i }
    }
    #expect(faint.count == 1 && faint[0].contains("nearly one tone"), "\(faint)")
    let blank = try warnings { _ in HandmadePNG(width: 4, height: 4, depth: 8, type: 0).file { _, _, _ in 9 }
    }
    #expect(blank.count == 1 && blank[0].contains("nothing to see"), "\(blank)")
  }

  @Test("one colour is one colour with three channels too; pictures of different ones can be told apart")
  func oneColour() throws {
    func store(_ shade: @escaping (Int) -> Int) throws -> ImageStore {
      let folder = try TemporaryFolder()
      for i in 0..<4 {
        try folder.write(
          HandmadePNG(width: 4, height: 4, depth: 8, type: 2).file { _, _, c in c == 0 ? shade(i) : 0 },
          "x/\(i).png")
      }
      return try ImageStore(
        DatasetIndex(root: folder.path, split: .whole(.test)),
        preparation: ImagePreparation(imageSize: 4, channels: 3), threads: 1)
    }
    let red = try store { _ in 255 }
    #expect(throws: DatasetError.self) { try red.refuseBlank() }
    #expect(red.warnings.contains { $0.contains("4 of 4 pictures are one colour") })
    let chips = try store { 60 * $0 }
    try chips.refuseBlank()
    #expect(chips.warnings.contains { $0.contains("4 of 4 pictures are one colour") })
  }

  @Test("colour that is made grey is told, with what keeps it")
  func colour() throws {
    func coloured(_ preparation: ImagePreparation) throws -> [String] {
      try warnings(preparation) { i in
        HandmadePNG(width: 4, height: 4, depth: 8, type: 2).file { x, y, c in (x * 60 * c + y * 50 + i) % 256
        }
      }
    }
    let grey = try coloured(ImagePreparation(imageSize: 4, invert: true))
    #expect(grey.count == 1 && grey[0].contains("3 of 3 pictures are in colour"), "\(grey)")
    #expect(grey[0].contains("4 × 4 pixels and inverted") && grey[0].contains("--channels 3"))
    #expect(try coloured(ImagePreparation(imageSize: 4, channels: 3)).isEmpty)
  }

  @Test("pictures that two sets share are found by content, however they are stored")
  func shared() throws {
    let first = try Fixtures.folder(["train/a", "train/b", "test/c"], images: 3)
    let picture = try DecodedPicture(decoding: Fixtures.picture(0))
    let again = try PNGCodec.encode(
      stride(from: 0, to: 64, by: 4).map { picture.rgba[$0] }, width: 4, height: 4, compression: 0)
    try first.write(again, "test/c/again.png")
    let store = try Fixtures.store(first)
    #expect(store.picturesInSeveralSplits == 1)
    try first.write(again, "val/d/again.png")
    // The test picture stands in both earlier splits, and is one.
    #expect(try Fixtures.store(first).picturesInSeveralSplits == 2)
    #expect(
      store.leakWarnings.count == 1 && store.leakWarnings[0].contains("test/c/again.png = train/a/100.png"))
    let other = try Fixtures.store(Fixtures.folder(["x", "y"], images: 3, first: 3), split: .whole(.test))
    let shared = SharedPictures(of: other.paths, in: other, among: store.paths(in: [.train]), of: store)
    #expect(shared.count == 3 && shared.examples.first?.first == "x/100.png")
    #expect(shared.examples.first?.second == "train/b/100.png")
    #expect(SharedPictures(of: other.paths, in: other, among: [], of: store).count == 0)
  }
}
