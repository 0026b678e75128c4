import Foundation
import Images
import TestData
import Testing

/// Formats that no build decodes, so that all of this holds with and without JPEG.
@Suite("Pictures of other formats")
struct ForeignPictureTests {
  static let gif = Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0]
  static let webp = Array("RIFF\u{4}...WEBPVP8 ".utf8)

  /// Class a is whole, b has two foreign pictures beside its own, c has nothing else.
  func mixed() throws -> TemporaryFolder {
    let folder = try Fixtures.folder(["a", "b"], images: 3)
    for name in ["b/x.gif", "b/y.gif", "c/1.gif", "c/2.gif", "c/3.webp", "c/deep/4.WEBP"] {
      try folder.write(name.lowercased().hasSuffix("gif") ? Self.gif : Self.webp, name)
    }
    return folder
  }

  @Test("they are an error that counts them by class and format, and says how to convert them")
  func refused() throws {
    let folder = try mixed()
    let index = try DatasetIndex(root: folder.path, split: .whole(.train))
    #expect(index.classes.map(\.name) == ["a", "b", "c", "c/deep"])
    let error = #expect(throws: DatasetError.self) { _ = try ImageStore(index) }
    guard case .foreignPictures(let pictures)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(pictures.items.map(\.name) == ["b", "c", "c/deep"])
    #expect(pictures.items.map(\.hasNothingElse) == [false, true, true])
    #expect(pictures.items[1].formats.map(\.pictures) == [2, 1])
    #expect(pictures.formats.map(\.format) == [.gif, .webp] && pictures.formats.map(\.pictures) == [4, 2])
    #expect(pictures.total == 12 && pictures.otherwiseBad == 0)
    let words = pictures.description
    for part in [
      "6 of 12 pictures", "4 GIF, 2 WebP", "2 of which have nothing else", "mogrify -auto-orient",
      "python3 -c",
      "'*.gif' -o -iname '*.webp'", "\(folder.path)-png", "c: 2 GIF, 1 WebP, and nothing else",
      "--skip-unreadable",
    ] {
      #expect(words.contains(part), "\(part) in \(words)")
    }
  }

  @Test("where they are left out, the classes that lose all are named, and the rest is used")
  func leftOut() throws {
    let folder = try mixed()
    let store = try ImageStore(DatasetIndex(root: folder.path, split: .whole(.train)), skipUnreadable: true)
    #expect(store.classes.map(\.name) == ["a", "b"] && store.paths.count == 6 && store.skipped.count == 6)
    #expect(
      store.warnings.contains {
        $0.hasPrefix("2 classes have no image that can be used") && $0.hasSuffix("c, c/deep")
      })
  }

  @Test("a picture with a converted one of the same name beside it is its original, and passed over")
  func originals() throws {
    let folder = try Fixtures.folder(["a"], images: 2)
    let names = try DatasetIndex(root: folder.path, split: .whole(.train)).classes[0].images
    let hash = try ImageStore(DatasetIndex(root: folder.path, split: .whole(.train))).dataHash
    for name in names { try folder.write(Self.gif, (name as NSString).deletingPathExtension + ".gif") }
    let index = try DatasetIndex(root: folder.path, split: .whole(.train))
    #expect(index.classes[0].images == names && index.passedOver.originals == 2)
    #expect(try ImageStore(index).dataHash == hash)
    #expect(index.passedOver.summary?.contains("2 pictures that have a PNG file of the same name") == true)
  }

  @Test("pictures that are named or listed one by one are refused in the same words")
  func listed() throws {
    let folder = try mixed()
    let list = try PictureList(["\(folder.path)/c/1.gif"], flag: "--images")
    var skipped: [BadImage]?
    let words = complaint {
      _ = try list.prepared(0..<1, ImagePreparation(), threads: 1, leavingOut: &skipped)
    }
    #expect(
      words.contains("1 of 1 pictures") && words.contains("mogrify -auto-orient -format png FILE"), "\(words)"
    )
    // A folder that was named is converted as a whole, for the flag that named it.
    let all = try PictureList([folder.path + "/"], flag: "--support")
    let whole = complaint {
      _ = try all.prepared(all.items.indices, ImagePreparation(), threads: 1, leavingOut: &skipped)
    }
    #expect(whole.contains("then use --support \(folder.path)-png:") && !whole.contains("--data"), "\(whole)")
    #expect(
      whole.contains("cp -r \(folder.path) \(folder.path)-png") && whole.contains("\n  c: "), "\(whole)")
    try folder.write("filename,label\nb/x.gif,dog\n", "list.csv")
    let work = try ImageImport(LabelList(contentsOf: "\(folder.path)/list.csv"), from: folder.path)
    let refused = complaint { _ = try work.write(to: "\(folder.path)/out") }
    #expect(refused.contains("1 of 1 pictures") && refused.contains("1 GIF"), "\(refused)")
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/out"))
  }

  @Test("a listed picture keeps its ending, and two that differ only in it would overwrite each other")
  func imported() throws {
    let folder = try TemporaryFolder()
    try folder.write(Fixtures.picture(1), "x/1.JPG")
    try folder.write(Fixtures.picture(2), "x/1.png")
    try folder.write("filename,label\nx/1.JPG,dog\n", "one.csv")
    try folder.write("filename,label\nx/1.JPG,dog\nx/1.png,dog\n", "two.csv")
    _ = try ImageImport(LabelList(contentsOf: "\(folder.path)/one.csv"), from: folder.path)
      .write(to: "\(folder.path)/out")
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/out/dog/x-1.jpg"))
    let words = complaint {
      _ = try ImageImport(LabelList(contentsOf: "\(folder.path)/two.csv"), from: folder.path)
    }
    #expect(words.contains("line 3") && words.contains("would overwrite that of line 2"), "\(words)")
  }
}
