import Foundation
import Images
import Randomness
import TestData
import Testing

@Suite("Import of arrays")
struct ArrayImportTests {
  let pixels = (0..<4 * 5 * 6 * 3).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }

  @Test("images and numbers become class folders, each picture with the pixels of its row")
  func numbers() throws {
    let folder = try TemporaryFolder()
    let file = HandmadeArrays.zip([
      ("images.npy", HandmadeArrays.npy("|u1", [4, 5, 6, 3], pixels)),
      ("labels.npy", HandmadeArrays.npy("<i8", [4], HandmadeArrays.integers([1, 0, 1, -1]))),
    ])
    try folder.write(file, "a.npz")
    let arrays = try LabelledArrays(contentsOf: "\(folder.path)/a.npz")
    let summary = try ArrayImport([.init(split: .train, arrays: arrays)]).write(to: "\(folder.path)/out")
    #expect(summary.parts.map(\.classes) == [3] && summary.parts.map(\.images) == [4])
    for (i, name) in ["1/1", "0/2", "1/3", "-1/4"].enumerated() {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/out/train/\(name).png")))
      let picture = try DecodedPicture(decoding: bytes)
      let expected = pixels[i * 90..<(i + 1) * 90]
      #expect(picture.width == 6 && picture.height == 5)
      #expect((0..<30).flatMap { picture.rgba[4 * $0..<4 * $0 + 3] }.elementsEqual(expected))
    }
  }

  @Test("labels may be texts, or numbers with names; channels may come first; grey has no channels")
  func forms() throws {
    let texts = ["dog", "ü"].flatMap { text in
      (0..<4).flatMap { i -> [UInt8] in
        let scalars = Array(text.unicodeScalars)
        return [i < scalars.count ? UInt8(scalars[i].value) : 0, 0, 0, 0]
      }
    }
    let grey = try LabelledArrays(
      parsing: HandmadeArrays.zip([
        ("x.npy", HandmadeArrays.npy("|u1", [2, 3, 4], Array(pixels.prefix(24)))),
        ("y.npy", HandmadeArrays.npy("<U4", [2], texts)),
      ]), from: "grey")
    let folder = try TemporaryFolder()
    _ = try ArrayImport([.init(split: nil, arrays: grey)]).write(to: "\(folder.path)/grey")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/grey").sorted() == ["dog", "ü"])

    let named = try LabelledArrays(
      parsing: HandmadeArrays.zip([
        ("data.npy", HandmadeArrays.npy("|u1", [2, 3, 2, 2], Array(pixels.prefix(24)))),
        ("label.npy", HandmadeArrays.npy("|u1", [2], [1, 0])),
        ("class_names.npy", HandmadeArrays.npy("|S3", [2], Array("catdog".utf8))),
      ]), from: "first")
    _ = try ArrayImport([.init(split: .test, arrays: named)]).write(to: "\(folder.path)/named")
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/named/test/dog/1.png")))
    let picture = try DecodedPicture(decoding: bytes)
    // Channel c of pixel i is at 4 c + i.
    for i in 0..<4 {
      for c in 0..<3 { #expect(picture.rgba[4 * i + c] == pixels[4 * c + i]) }
    }
  }

  static let faults: [(name: String, file: [UInt8], words: String)] = [
    ("empty", [], "end of its directory"),
    ("no arrays", HandmadeArrays.zip([]), "it needs an array of images"),
    (
      "only images",
      HandmadeArrays.zip([("images.npy", HandmadeArrays.npy("|u1", [1, 1, 1, 3], [1, 2, 3]))]),
      "one of labels"
    ),
    (
      "floats",
      HandmadeArrays.zip([
        ("images.npy", HandmadeArrays.npy("<f4", [1, 1, 1, 3], Array(repeating: 0, count: 12)))
      ]), "type <f4"
    ),
    (
      "short", HandmadeArrays.zip([("images.npy", HandmadeArrays.npy("|u1", [2, 1, 1, 3], [1, 2, 3]))]),
      "its shape says 6"
    ),
    (
      "objects", HandmadeArrays.zip([("images.npy", HandmadeArrays.npy("|O", [1], [1]))]),
      "uint8, whole numbers and texts"
    ),
    (
      "flat",
      HandmadeArrays.zip([
        ("images.npy", HandmadeArrays.npy("|u1", [2, 3], [1, 2, 3, 4, 5, 6])),
        ("labels.npy", HandmadeArrays.npy("|u1", [2], [0, 1])),
      ]), "[2, 3] of uint8"
    ),
    (
      "more labels",
      HandmadeArrays.zip([
        ("images.npy", HandmadeArrays.npy("|u1", [1, 1, 1, 3], [1, 2, 3])),
        ("labels.npy", HandmadeArrays.npy("|u1", [2], [0, 1])),
      ]), "it has 1 images"
    ),
    (
      "names of nothing",
      HandmadeArrays.zip([
        ("images.npy", HandmadeArrays.npy("|u1", [1, 1, 1, 3], [1, 2, 3])),
        ("labels.npy", HandmadeArrays.npy("|u1", [1], [0])),
        ("class_names.npy", HandmadeArrays.npy("|u1", [1, 0], [])),
      ]), "has no elements"
    ),
    (
      "names in a square",
      HandmadeArrays.zip([
        ("images.npy", HandmadeArrays.npy("|u1", [1, 1, 1, 3], [1, 2, 3])),
        ("labels.npy", HandmadeArrays.npy("|u1", [1], [0])),
        ("class_names.npy", HandmadeArrays.npy("|u1", [1, 2], [1, 2])),
      ]), "names have one side"
    ),
    (
      "a label that leads out",
      HandmadeArrays.zip([
        ("images.npy", HandmadeArrays.npy("|u1", [1, 1, 1, 3], [1, 2, 3])),
        ("labels.npy", HandmadeArrays.npy("|S5", [1], Array("../..".utf8))),
      ]), "not a plain path"
    ),
  ]

  @Test("what cannot be read is named with its reason", arguments: faults.indices)
  func wrong(i: Int) {
    let (name, file, words) = Self.faults[i]
    let sentence = complaint { _ = try LabelledArrays(parsing: file, from: name) }
    #expect(sentence.hasPrefix("\(name): ") && sentence.contains(words), "\(sentence)")
  }

  /// Written by `numpy.savez_compressed` of NumPy: deflated, with 64-bit sizes in the heads of its files.
  static let packed = """
    UEsDBC0AAAAIAAAAIQAlrOJL//////////8KABQAaW1hZ2VzLm5weQEAEACkAAAAAAAAAG4AAAAAAAAAm+wX6hsQychQxlCtnpJanFyk
    bqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKQGQMRJo6CrUKZAAuBlYufhFJOWUNXSNzG0c374DQqPiUzLzi
    itqm9p6J02YvWLpqPQBQSwMELQAAAAgAAAAhAGVk7CT//////////woAFABsYWJlbHMubnB5AQAQAJgAAAAAAAAAVQAAAAAAAACb7Bfq
    GxDJyFDGUK2eklqcXKRupaBuE2qsrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFACuFAYGhnwgTgfiZCBOBOIS
    IAYAUEsBAi0DLQAAAAgAAAAhACWs4ktuAAAApAAAAAoAAAAAAAAAAAAAAIABAAAAAGltYWdlcy5ucHlQSwECLQMtAAAACAAAACEAZWTs
    JFUAAACYAAAACgAAAAAAAAAAAAAAgAGqAAAAbGFiZWxzLm5weVBLBQYAAAAAAgACAHAAAAA7AQAAAAA=
    """

  @Test("what NumPy packs is unpacked to the byte, and refused where a packed byte changed")
  func deflated() throws {
    let file = Array(
      try #require(Data(base64Encoded: Self.packed, options: .ignoreUnknownCharacters)))
    let folder = try TemporaryFolder()
    let arrays = try LabelledArrays(parsing: file, from: "packed")
    _ = try ArrayImport([.init(split: nil, arrays: arrays)]).write(to: "\(folder.path)/out")
    for (i, name) in ["dog/1", "cat/2"].enumerated() {
      let picture = try DecodedPicture(
        decoding: Array(Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/out/\(name).png"))))
      #expect(picture.width == 3 && picture.height == 2)
      for n in 0..<18 { #expect(Int(picture.rgba[4 * (n / 3) + n % 3]) == (18 * i + n) * 5 % 256) }
    }
    var changed = file
    // Within the packed images, behind the head of 30 bytes, the name and the sizes.
    changed[100] ^= 0x10
    let words = complaint { _ = try LabelledArrays(parsing: changed, from: "packed") }
    #expect(words.contains("images.npy in it is damaged"), "\(words)")
  }

  @Test("damage never crashes, and stored bytes that changed are refused by their checksum")
  func damaged() throws {
    let file = HandmadeArrays.zip([
      ("images.npy", HandmadeArrays.npy("|u1", [4, 5, 6, 3], pixels)),
      ("labels.npy", HandmadeArrays.npy("<i8", [4], HandmadeArrays.integers([1, 0, 1, 2]))),
    ])
    var stream = RandomStream(seed: 9, purpose: "damaged arrays")
    for _ in 0..<2000 {
      var changed = file
      for _ in 0...stream.below(2) {
        changed[stream.below(file.count)] = UInt8(stream.below(256))
      }
      _ = complaint { _ = try LabelledArrays(parsing: changed, from: "x", limit: 1 << 20) }
    }
    // Damage of the arrays themselves, which no checksum tells.
    for _ in 0..<2000 {
      var images = HandmadeArrays.npy("|u1", [4, 5, 6, 3], pixels)
      var names = HandmadeArrays.npy("|S3", [2], Array("catdog".utf8))
      images[stream.below(128)] = UInt8(stream.below(256))
      names[stream.below(names.count)] = UInt8(stream.below(256))
      let whole = HandmadeArrays.zip([
        ("images.npy", images), ("labels.npy", HandmadeArrays.npy("|u1", [4], [0, 1, 1, 0])),
        ("class_names.npy", names),
      ])
      _ = complaint { _ = try LabelledArrays(parsing: whole, from: "x", limit: 1 << 20) }
    }
    var changed = file
    changed[300] ^= 1
    let words = complaint { _ = try LabelledArrays(parsing: changed, from: "x") }
    #expect(words.contains("checksum"), "\(words)")
  }
}
