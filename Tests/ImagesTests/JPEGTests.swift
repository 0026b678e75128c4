import Images
import Randomness
import TestData
import Testing

@Suite("JPEG files", .enabled(if: JPEGCodec.isBuiltIn, "this build has no --traits JPEG"))
struct JPEGTests {
  @Test("every kind decodes to the pixels that Pillow gives, upright", arguments: JPEGPicture.all)
  func pixels(picture: JPEGPicture) throws {
    let image = try DecodedPicture(decoding: picture.file)
    try #require(image.width == picture.width && image.height == picture.height && image.sampleBits == 8)
    let expected = picture.pixels
    try #require(expected.count == picture.width * picture.height * 3)
    var most = 0
    for i in 0..<picture.width * picture.height {
      for c in 0..<3 { most = max(most, abs(Int(image.rgba[4 * i + c]) - Int(expected[3 * i + c]))) }
      #expect(image.rgba[4 * i + 3] == 255)
    }
    // Versions of the library round the way back to colours differently.
    #expect(most <= 3, "\(picture): \(most)")
  }

  @Test("the eight ways to lie give one picture")
  func orientations() throws {
    let turned = try JPEGPicture.all.filter { $0.description.hasPrefix("orientation") }
      .map { try DecodedPicture(decoding: $0.file) }
    try #require(turned.count == 8)
    let first = turned[0]
    let (w, h) = (first.width, first.height)
    // Where the pixel (x, y) of the stored picture lies once it is upright, by the standard's table.
    let places: [(Int, Int) -> (Int, Int)] = [
      { ($0, $1) }, { (w - 1 - $0, $1) }, { (w - 1 - $0, h - 1 - $1) }, { ($0, h - 1 - $1) },
      { ($1, $0) }, { (h - 1 - $1, $0) }, { (h - 1 - $1, w - 1 - $0) }, { ($1, w - 1 - $0) },
    ]
    for (image, place) in zip(turned, places) {
      for y in 0..<h {
        for x in 0..<w {
          let (column, row) = place(x, y)
          let (to, from) = (4 * (row * image.width + column), 4 * (y * w + x))
          #expect(image.rgba[to..<to + 3] == first.rgba[from..<from + 3])
        }
      }
    }
  }

  @Test("a file that is cut short anywhere is refused", arguments: JPEGPicture.all.prefix(7))
  func cutShort(picture: JPEGPicture) {
    let file = picture.file
    for length in 3..<file.count {
      #expect(throws: ImageError.self) { try DecodedPicture(decoding: Array(file.prefix(length))) }
    }
  }

  @Test("damage never crashes, and what is read has the size it says")
  func damaged() throws {
    var stream = RandomStream(seed: 4, purpose: "damaged JPEG")
    var refused = 0
    for picture in JPEGPicture.all.prefix(7) {
      for _ in 0..<300 {
        var file = picture.file
        for _ in 0...stream.below(3) {
          file[2 + stream.below(file.count - 2)] = UInt8(stream.below(256))
        }
        do {
          let image = try DecodedPicture(decoding: file, limit: ImageLimit(side: 2048, pixels: 100_000))
          #expect(image.rgba.count == image.width * image.height * 4)
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > 100)
  }

  @Test("size limits hold before anything is decoded, and a size that the file cannot hold is refused")
  func limits() throws {
    let picture = try #require(JPEGPicture.all.first)
    #expect(throws: ImageError.tooLarge(width: 21, height: 13, limit: ImageLimit(side: 20, pixels: 1000))) {
      try DecodedPicture(decoding: picture.file, limit: ImageLimit(side: 20, pixels: 1000))
    }
    var file = picture.file
    // The frame header: FF C0, length, depth, height, width.
    let frame = try #require(file.indices.dropLast().first { file[$0] == 0xff && file[$0 + 1] == 0xc0 })
    file.replaceSubrange(frame + 5..<frame + 9, with: [0x0f, 0xff, 0x0f, 0xff])
    let words = complaint { _ = try DecodedPicture(decoding: file) }
    #expect(words.contains("too short for the pixels it declares"), "\(words)")
  }

  @Test("more scans than a picture has are refused")
  func scans() throws {
    let picture = try #require(JPEGPicture.all.first { $0.description == "progressive" })
    let file = picture.file
    let starts = file.indices.dropLast().filter { file[$0] == 0xff && file[$0 + 1] == 0xda }
    let (first, second) = try (#require(starts.first), #require(starts.dropFirst().first))
    // The first scan, which may come again as it is once it says that it gives whole numbers.
    var scan = Array(file[first..<second])
    scan[1 + Int(scan[2]) << 8 + Int(scan[3])] = 0
    let repeated = file[..<first] + Array(repeating: scan, count: 300).joined() + file[second...]
    let words = complaint { _ = try DecodedPicture(decoding: Array(repeated)) }
    #expect(words.contains("more scans than any picture"), "\(words)")
  }

  @Test("a folder of JPEG pictures is a data set")
  func folder() throws {
    let folder = try TemporaryFolder()
    for (i, picture) in JPEGPicture.all.prefix(6).enumerated() {
      try folder.write(picture.file, "c\(i % 2)/\(i).\(i < 3 ? "jpg" : "JPEG")")
    }
    let store = try ImageStore(DatasetIndex(root: folder.path, split: .whole(.train)))
    #expect(store.classes.map(\.images.count) == [3, 3] && store.skipped.isEmpty)
  }
}
