import Files
import Foundation
import Images
import TestData
import Testing

@Suite("Image store")
struct ImageStoreTests {
  @Test("the number of threads changes nothing", arguments: [1, 2, 5])
  func threads(count: Int) throws {
    let folder = try Fixtures.folder((0..<10).map { "c\($0)" }, images: 9)
    let index = try DatasetIndex(root: folder.path)
    let preparation = ImagePreparation(imageSize: 3)
    let one = try ImageStore(index, preparation: preparation, threads: 1)
    let many = try ImageStore(index, preparation: preparation, threads: count)
    #expect(one.dataHash == many.dataHash)
    #expect(one.paths == many.paths && one.paths.count == 90)
    #expect(one.paths.allSatisfy { one.bytes(of: $0) == many.bytes(of: $0) && one.contains($0) })
    for path in one.paths {
      let image = try DecodedPicture(
        decoding: Array(Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(path)"))))
      #expect(one.bytes(of: path).map(Array.init) == preparation.bytes(of: image))
    }
  }

  @Test("the data hash is that of sorted lines of file hashes and paths")
  func hash() throws {
    let folder = try Fixtures.folder(["b", "a"], images: 1)
    let files = try ["a/100.png", "b/100.png"].map { path in
      let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(path)")))
      return "\(ContentHash.sha256(bytes))  \(path)\n"
    }
    let store = try Fixtures.store(folder, split: .seeded)
    #expect(store.dataHash == ContentHash.sha256(Array(files.joined().utf8)))
    // SHA-256 of the empty string, FIPS 180-4.
    #expect(ContentHash.sha256([]).hasPrefix("e3b0c44298fc1c149afbf4c8996fb924"))
  }

  @Test("the data hash does not depend on the split, and changes with any byte")
  func hashAndSplit() throws {
    let folder = try Fixtures.folder(["a", "b", "c"], images: 2)
    try folder.write("split,class\ntrain,a\n", "split.csv")
    let hash = try Fixtures.store(folder).dataHash
    #expect(try Fixtures.store(folder, split: .file("\(folder.path)/split.csv")).dataHash == hash)
    try folder.write(Fixtures.picture(99), "c/101.png")
    #expect(try Fixtures.store(folder).dataHash != hash)
  }

  @Test("all bad files are reported at once, or dropped and counted")
  func bad() throws {
    let folder = try Fixtures.folder(["a", "b"], images: 3)
    let whole = try Fixtures.picture(1)
    try folder.write([], "a/empty.png")
    try folder.write(Array(whole.prefix(60)), "a/short.png")
    try folder.write("no picture", "b/text.png")
    let huge = HandmadePNG(width: 20_000, height: 1, depth: 8, type: 0)
    try folder.write(HandmadePNG.signature + HandmadePNG.chunk("IHDR", huge.header), "b/wide.png")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/b/gone.png", withDestinationPath: "/nowhere/at/all")
    #expect(mkfifo("\(folder.path)/b/pipe.png", 0o600) == 0)
    let index = try DatasetIndex(root: folder.path)
    let sentence = complaint { _ = try ImageStore(index) }
    for part in [
      "6 of 12 images", "a/empty.png", "the file is empty", "a/short.png", "ends early", "b/text.png",
      "does not start as", "b/wide.png", "20000 × 1", "b/gone.png", "No such file", "b/pipe.png",
      "not a regular file",
    ] {
      #expect(sentence.contains(part), "\(part) in \(sentence)")
    }
    let store = try ImageStore(index, skipUnreadable: true)
    #expect(store.skipped.count == 6 && store.paths.count == 6)
    #expect(store.classes.map(\.images.count) == [3, 3])
    #expect(!store.contains("a/empty.png") && store.bytes(of: "a/empty.png") == nil)
  }

  @Test("only the first twenty bad files are listed")
  func manyBad() throws {
    let folder = try TemporaryFolder()
    for i in 0..<25 { try folder.write([], "a/\(i + 10).png") }
    let sentence = complaint { _ = try ImageStore(DatasetIndex(root: folder.path)) }
    #expect(sentence.contains("25 of 25") && sentence.contains("and 5 more"))
    #expect(sentence.split(separator: "\n").count == 22)
  }

  @Test("pictures that are stored differently but look the same are duplicates")
  func duplicates() throws {
    let folder = try Fixtures.folder(["a", "b"], images: 2)
    let pixels = (0..<16).map { UInt8($0 % 2 * 255) }
    try folder.write(PNGCodec.encode(pixels, width: 4, height: 4, compression: 0), "a/x.png")
    try folder.write(HandmadePNG(width: 4, height: 4, depth: 1, type: 0).file { x, _, _ in x % 2 }, "b/y.png")
    let store = try Fixtures.store(folder)
    #expect(store.duplicates == [["a/x.png", "b/y.png"]])
    #expect(store.contentKey(of: "a/x.png") == store.contentKey(of: "b/y.png"))
  }
}
