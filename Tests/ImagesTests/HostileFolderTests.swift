import Foundation
import Images
import TestData
import Testing

@Suite("Data folders from strangers")
struct HostileFolderTests {
  @Test("links out of the data folder are refused, links within it are followed")
  func links() throws {
    let outside = try Fixtures.folder(["secret"], images: 1)
    let folder = try Fixtures.folder(["a", "b"], images: 2)
    func link(_ name: String, to target: String) throws {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(name)", withDestinationPath: target)
    }
    try link("a/inside.png", to: "../b/100.png")
    try link("c", to: "b")
    #expect(try ImageStore(DatasetIndex(root: folder.path)).paths.count == 7)

    try link("a/outside.png", to: "\(outside.path)/secret/100.png")
    try link("d", to: "\(outside.path)/secret")
    let index = try DatasetIndex(root: folder.path)
    #expect(index.classes.map(\.name) == ["a", "b", "c"])
    let sentence = complaint { _ = try ImageStore(index) }
    for part in ["2 of 9", "a/outside.png", "  d: ", "leads out of the data folder"] {
      #expect(sentence.contains(part), "\(sentence)")
    }
    #expect(sentence.contains("--follow-links") && index.linksOut == 0)
    let store = try ImageStore(index, skipUnreadable: true)
    #expect(store.paths.count == 7 && store.skipped.map(\.path) == ["a/outside.png", "d"])
  }

  @Test("class folders on another disk are followed if asked for, and hash as if they were here")
  func ownLinks() throws {
    let disk = try Fixtures.folder(["b", "c"], images: 2)
    let folder = try Fixtures.folder(["a"], images: 2)
    for name in ["b", "c"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(name)", withDestinationPath: "\(disk.path)/\(name)")
    }
    // From outside back to the root: a circle all the same.
    try FileManager.default.createSymbolicLink(
      atPath: "\(disk.path)/b/back", withDestinationPath: folder.path)
    let index = try DatasetIndex(root: folder.path, followsLinksOut: true)
    #expect(index.classes.map(\.name) == ["a", "b", "c"] && index.linksOut == 2 && index.refused.isEmpty)
    let whole = try TemporaryFolder()
    for item in index.classes {
      for path in item.images {
        let bytes = try #require(FileManager.default.contents(atPath: "\(folder.path)/\(path)"))
        try whole.write(Array(bytes), path)
      }
    }
    let store = try ImageStore(index)
    #expect(store.paths.count == 6)
    #expect(try store.dataHash == ImageStore(DatasetIndex(root: whole.path)).dataHash)
    // What a list names is looked up among these images, so it leads nowhere else.
    #expect(!store.contains("../\(disk.path)/b/100.png") && !store.contains("\(disk.path)/b/100.png"))
  }

  @Test("a root that is a link itself is followed; a folder of links alone is not called empty")
  func linkedRoot() throws {
    let real = try Fixtures.folder(["a"], images: 2)
    let other = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: "\(other.path)/data", withDestinationPath: real.path)
    #expect(try DatasetIndex(root: "\(other.path)/data").classes.map(\.images.count) == [2])
    #expect(complaint { _ = try DatasetIndex(root: other.path) }.contains("leads out of the data folder"))
  }

  @Test("a picture is known by its ending, or by its content where it has none; other files are counted")
  func passedOver() throws {
    let folder = try Fixtures.folder(["a"], images: 1)
    for (i, name) in ["a/1.jpg", "a/2.JPEG", "a/noending", "a/words.txt", ".hidden", "b/3.gif"].enumerated() {
      try folder.write(Fixtures.picture(50 + i), name)
    }
    try folder.write("words", "a/words")
    try folder.write("words", "notes.txt")
    let index = try DatasetIndex(root: folder.path)
    #expect(
      index.passedOver.count == 3 && index.passedOver.examples == ["notes.txt", "a/words", "a/words.txt"])
    #expect(index.passedOver.summary?.contains("3 files that are no pictures") == true)
    // All hold PNG, and the content decides.
    #expect(index.classes.map(\.images.count) == [4, 1])
    #expect(try ImageStore(index).paths.count == 5)
    let plain = try Fixtures.folder(["a"], images: 1)
    #expect(try DatasetIndex(root: plain.path).passedOver.summary == nil)
  }

  static let disguises: [(bytes: [UInt8], kind: String)] = [
    ([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0], "JPEG"), (Array("GIF89a...".utf8), "GIF"),
    (Array("BM....".utf8) + [0, 0, 0, 0, 26, 0, 0, 0, 12, 0, 0, 0], "BMP"),
    (Array("RIFF....WEBP".utf8), "WebP"),
    ([0, 0, 0, 24] + Array("ftypheic".utf8), "HEIC"), (Array("P6 2 2 255 ".utf8), "PPM"),
    ([0x93] + Array("NUMPY".utf8), "npy"), ([0x50, 0x4b, 3, 4, 20], "npz"), ([0x80, 4, 0x95], "pickle"),
    ([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0], "TIFF"),
    (Array("<!DOCTYPE html>".utf8), "web page"),
    (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "Git LFS"),
  ]

  @Test("a file of another kind named .png is named by its kind", arguments: disguises)
  func disguised(bytes: [UInt8], kind: String) {
    let sentence = complaint { _ = try DecodedPicture(decoding: bytes) }
    #expect(sentence.contains(kind), "\(sentence)")
  }

  @Test("names that are not UTF-8 or equal but for their bytes are refused, not lost")
  func names() throws {
    let folder = try Fixtures.folder(["a"], images: 1)
    let picture = try Fixtures.picture(9)
    // é composed, and as e with a combining accent: the same text to Swift, two files to the disk.
    try folder.write(picture, "a/\u{e9}.png")
    try folder.write(picture, "a/e\u{301}.png")
    let raw = Array("\(folder.path)/a/".utf8) + [0xff] + Array(".png\0".utf8)
    let file = creat(raw.map { CChar(bitPattern: $0) }, 0o600)
    try #require(file >= 0)
    close(file)
    let index = try DatasetIndex(root: folder.path)
    #expect(index.classes[0].images.count == 2 && index.refused.count == 2)
    let sentence = complaint { _ = try ImageStore(index) }
    #expect(sentence.contains("not UTF-8") && sentence.contains("differs from another's"), "\(sentence)")
  }

  @Test("files and folders that vanish after the listing are named")
  func vanished() throws {
    let folder = try Fixtures.folder(["a", "b"], images: 2)
    let index = try DatasetIndex(root: folder.path)
    try FileManager.default.removeItem(atPath: "\(folder.path)/a/100.png")
    try FileManager.default.removeItem(atPath: "\(folder.path)/b")
    let sentence = complaint { _ = try ImageStore(index) }
    #expect(sentence.contains("3 of 4") && sentence.contains("a/100.png: cannot be read: No such file"))
  }

  @Test("a folder named like an image is a folder, and a link that leads in circles a bad image")
  func disguisedFolders() throws {
    let folder = try Fixtures.folder(["a", "a/dir.png"], images: 1)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/a/loop.png", withDestinationPath: "loop.png")
    let index = try DatasetIndex(root: folder.path)
    #expect(index.classes.map(\.name) == ["a", "a/dir.png"])
    let sentence = complaint { _ = try ImageStore(index) }
    #expect(sentence.contains("1 of 3") && sentence.contains("a/loop.png"), "\(sentence)")
  }

  @Test("thousands of bad files among good ones cost little and are all listed")
  func thousands() throws {
    let folder = try Fixtures.folder(["a"], images: 20)
    for i in 0..<2000 { try folder.write(Array("bad \(i)".utf8), "a/bad\(i).png") }
    let start = ContinuousClock.now
    let index = try DatasetIndex(root: folder.path)
    let store = try ImageStore(index, preparation: ImagePreparation(imageSize: 4), skipUnreadable: true)
    #expect(ContinuousClock.now - start < .seconds(60))
    #expect(store.skipped.count == 2000 && store.paths.count == 20)
    do throws(DatasetError) {
      _ = try ImageStore(index)
      Issue.record("accepted")
    } catch {
      guard case .badImages(let bad, 2020) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(bad.count == 2000 && "\(error)".split(separator: "\n").count == 22)
    }
  }

  static let results = [
    ["config.json": #"{"environment":{"version":"1"}}"#, "results.json": "{}"],
    ["config.json": #"{"environment":{"version":"1"}}"#, "checkpoints/last": ""],
    ["evaluation.json": #"{"facts":{}}"#, "results.json": "{}"],
    ["cells.csv": "cell,status,seconds,reason\r\n", "cells/a/config.json": "{}"],
  ]

  @Test("the pictures of a report below the images are no data", arguments: results)
  func resultFolder(_ files: [String: String]) throws {
    let folder = try Fixtures.folder(["a", "b"], images: 2)
    try folder.write(Fixtures.picture(1), "runs/first/figures/curves.png")
    for (name, text) in files { try folder.write(text, "runs/first/\(name)") }
    let index = try DatasetIndex(root: folder.path, split: .whole(.test))
    #expect(index.classes.map(\.name) == ["a", "b"])
    #expect(
      index.passedOver.results == ["runs/first"] && index.passedOver.summary?.contains("runs/first") == true)
  }

  @Test("the pictures of results that lie in the folder of images itself are no data", arguments: results)
  func resultsAtRoot(_ files: [String: String]) throws {
    let folder = try Fixtures.folder(["a", "b"], images: 2)
    try folder.write(Fixtures.picture(1), "figures/curves.png")
    for (name, text) in files { try folder.write(text, name) }
    #expect(try DatasetIndex(root: folder.path, split: .whole(.test)).classes.map(\.name) == ["a", "b"])
  }

  static let ownFiles = [
    ["config.json": "{}"], ["cells.csv": "x"], ["evaluation.json": "{}"],
    ["config.json": #"{"model":"camera"}"#, "results.json": "{}"],
  ]

  @Test("a class with files of the same names stays a class", arguments: ownFiles)
  func classFolder(_ files: [String: String]) throws {
    let folder = try Fixtures.folder(["a", "b"], images: 2)
    for (name, text) in files { try folder.write(text, "a/\(name)") }
    #expect(try DatasetIndex(root: folder.path).classes.map(\.name) == ["a", "b"])
  }

  @Test("folders that systems make are no classes, and loose pictures are counted")
  func systemFolders() throws {
    let names = ["@eaDir", "$RECYCLE.BIN", "lost+found", "__MACOSX", ".thumbnails", "a/@eaDir"]
    let folder = try Fixtures.folder(["a", "b"] + names, images: 2)
    try folder.write(Fixtures.picture(1), "loose.png")
    let index = try DatasetIndex(root: folder.path)
    #expect(index.classes.map(\.name) == ["a", "b"])
    #expect(index.passedOver.system.count == 5 && index.passedOver.loose == ["loose.png"])
    #expect(index.passedOver.summary?.contains("1 pictures that lie in no class folder") == true)
    let flat = try TemporaryFolder()
    try flat.write(Fixtures.picture(1), "1.png")
    let sentence = complaint { _ = try DatasetIndex(root: flat.path) }
    #expect(sentence.contains("1 pictures itself") && sentence.contains("data import"), "\(sentence)")
  }

  @Test("more prepared images than memory are refused before any is read")
  func memory() throws {
    let folder = try Fixtures.folder([], images: 0)
    let source = try Fixtures.picture(1)
    try folder.write(source, "a/0.png")
    // Links cost nothing to make; together they would need 50 MB each.
    let count = Int(clamping: ProcessInfo.processInfo.physicalMemory) / (3 << 24) + 1
    guard count < 20_000 else { return }
    for i in 1...count {
      #expect(Foundation.link("\(folder.path)/a/0.png", "\(folder.path)/a/\(i).png") == 0)
    }
    let sentence = complaint {
      _ = try ImageStore(
        DatasetIndex(root: folder.path), preparation: ImagePreparation(imageSize: 4096, channels: 3))
    }
    #expect(sentence.contains("this process may use"), "\(sentence)")
  }

  @Test("a large picture decodes beside small ones with any number of threads")
  func large() throws {
    let folder = try Fixtures.folder(["a", "b"], images: 8)
    let side = 2100
    let pixels = (0..<side * side).map { UInt8(truncatingIfNeeded: $0 / side) }
    try folder.write(PNGCodec.encode(pixels, width: side, height: side, compression: 1), "b/large.png")
    let index = try DatasetIndex(root: folder.path)
    let one = try ImageStore(index, threads: 1)
    let many = try ImageStore(index, threads: 4)
    #expect(one.paths.allSatisfy { one.bytes(of: $0) == many.bytes(of: $0) } && one.paths.count == 17)
  }

  @Test("control characters of names are shown by their codes")
  func controls() throws {
    let folder = try TemporaryFolder()
    try folder.write("x", "a/\u{1b}[2J\n.png")
    let sentence = complaint { _ = try ImageStore(DatasetIndex(root: folder.path)) }
    #expect(sentence.contains("a/\\u{1b}[2J\\u{a}.png"), "\(sentence)")
  }
}
