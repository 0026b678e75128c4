import Foundation
import Images
import Synchronization
import TestData
import Testing

@Suite("Import of labelled lists")
struct ImageImportTests {
  /// A folder `in` with four pictures, one of them without an ending, one in a folder of its own.
  func source() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (i, name) in ["1.png", "2.PNG", "three", "deep/1.png"].enumerated() {
      try folder.write(Fixtures.picture(i), "in/\(name)")
    }
    return folder
  }

  func imported(_ text: String, _ folder: TemporaryFolder, linking: Bool = false, skip: Bool = false) throws
    -> ImageImport.Summary
  {
    let list = try LabelList(parsing: Array(text.utf8), from: "l.csv")
    return try ImageImport(list, from: "\(folder.path)/in")
      .write(to: "\(folder.path)/out", linking: linking, skipUnreadable: skip)
  }

  static let lists = [
    "filename,label,split\n1.png,dog,train\n2.PNG,\"big cat\",val\nthree,cow/calf,test\ndeep/1.png,cow/calf,test\n",
    """
    # Made by a spreadsheet.
    sep=;
    filename;label;split
    .\\1.png;dog;train
    in/2.PNG;big cat;val;
    three;cow/calf;test
    ./deep//1.jpg;cow/calf;test
    """,
    """
    [{"filename":"1.png","label":"dog","split":"train"},{"filename":"2.PNG","label":"big cat","split":"val"},
     {"filename":"three","label":"cow/calf","split":"test"},
     {"filename":"deep/1.png","label":"cow/calf","split":"test"}]
    """,
  ]

  @Test(
    "a list becomes a tree that is read as it says, and the source stays", arguments: lists, [false, true])
  func tree(list: String, linking: Bool) throws {
    let folder = try source()
    let summary = try imported(list, folder, linking: linking)
    #expect(summary.parts.map(\.split) == [.train, .validation, .test])
    #expect(summary.parts.map(\.images) == [1, 1, 2] && summary.parts.map(\.classes) == [1, 1, 1])
    #expect(summary.skipped.isEmpty && summary.shared == 0 && summary.copied == 0)
    let index = try DatasetIndex(root: "\(folder.path)/out")
    #expect(index.classes.map(\.name) == ["test/cow/calf", "train/dog", "val/big cat"])
    #expect(index.classes[0].images == ["test/cow/calf/deep-1.png", "test/cow/calf/three.png"])
    let store = try ImageStore(index, preparation: ImagePreparation(imageSize: 4))
    let whole = try DecodedPicture(decoding: Fixtures.picture(2))
    #expect(
      store.bytes(of: "test/cow/calf/three.png").map(Array.init)
        == ImagePreparation(imageSize: 4).bytes(of: whole))
    for name in ["1.png", "2.PNG", "three", "deep/1.png"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder.path)/in/\(name)"))
    }
    let kept = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/in/1.png")
    #expect(kept[.referenceCount] as? Int == (linking ? 2 : 1))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["in", "out"])
  }

  static let faults = [
    ("", "is empty"), ("filename,label\n", "lists no image"), ("name,label\n1.png,a\n", "needs the columns"),
    ("filename,label\n../x.png,a\n", "line 2: file ../x.png is not a plain path"),
    ("filename,label\n/etc/passwd,a\n", "/etc/passwd is not in"),
    ("filename,label\ndeep/../1.png,a\n", "not a plain path"),
    ("filename,label\n1.png,../a\n", "label ../a is not a plain path"),
    ("filename,label\n1.png,/a\n", "label /a"),
    ("filename,label\n1.png,.hidden\n", "hidden folder"), ("filename,label\n1.png,\n", "empty label"),
    ("filename,label\n,a\n", "empty file name"), ("filename,label\n1.png,a\0\n", "NUL"),
    ("filename,label\n1.png,\"a\nb\"\n", "control character"), ("filename,label\nnone.png,a\n", "is not in"),
    ("filename,label\n1.png,a\n1.png,b\n", "line 3: file 1.png is in line 2 too"),
    ("filename,label\ndeep/1.png,a\nout.png,a\n", "leads out of"),
    ("filename,label,split\n1.png,a,middle\n", "\"middle\" is not a split"),
    ("filename,label,split\n1.png,a,\n", "no image in any split"),
    (#"[{"filename":"1.png","label":"a","label":"b"}]"#, "twice"),
    (#"[{"filename":1,"label":"a"}]"#, "not an array"),
    (
      #"[{"filename":"1.png","label":"a"},{"filename":"three","label":"a","split":"test"}]"#,
      "has a split where"
    ),
    (String(repeating: "[", count: 100_000), "deeper"),
  ]

  @Test("a list that is wrong is refused with its line, and nothing is made", arguments: faults)
  func wrong(list: String, words: String) throws {
    let folder = try source()
    try folder.write(Fixtures.picture(8), "secret.png")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/in/out.png", withDestinationPath: "../secret.png")
    let sentence = complaint { _ = try imported(list, folder) }
    #expect(sentence.contains(words), "\(sentence)")
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/out"))
  }

  @Test("bad images are all named and nothing is made; leaving them out is a choice")
  func bad() throws {
    let folder = try source()
    try folder.write("no picture", "in/4.png")
    let list = "filename,label\n1.png,a\n4.png,a\nthree,b\n"
    #expect(complaint { _ = try imported(list, folder) }.contains("1 of 3 images"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["in"])
    let summary = try imported(list, folder, skip: true)
    #expect(summary.skipped.map(\.path) == ["4.png"] && summary.parts.map(\.images) == [2])
    #expect(summary.parts.map(\.split) == [nil])
  }

  @Test("one picture in two splits is counted, and what stands at the output is kept")
  func sharedAndTaken() throws {
    let folder = try source()
    try folder.write(Fixtures.picture(0), "in/again.png")
    let list = "filename,label,split\n1.png,a,train\nagain.png,b,test\n"
    #expect(try imported(list, folder).shared == 1)
    #expect(complaint { _ = try imported(list, folder) }.contains("cannot be written"))
    #expect(try DatasetIndex(root: "\(folder.path)/out").classes.count == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["in", "out"])
  }

  @Test("an import that is stopped at any moment leaves nothing", arguments: 0..<6)
  func stopped(after count: Int) throws {
    let folder = try source()
    let list = try LabelList(
      parsing: Array("filename,label\n1.png,a\n2.PNG,a\nthree,b\ndeep/1.png,b\n".utf8), from: "l.csv")
    let asked = Atomic(0)
    #expect(throws: CancellationError.self) {
      try ImageImport(list, from: "\(folder.path)/in").write(
        to: "\(folder.path)/out", threads: 1,
        isStopped: { asked.wrappingAdd(1, ordering: .relaxed).oldValue >= count })
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["in"])
  }

  @Test("two imports of one folder at once do not disturb each other")
  func twice() throws {
    let folder = try source()
    let list = try LabelList(parsing: Array("filename,label\n1.png,a\nthree,b\n".utf8), from: "l.csv")
    let work = try ImageImport(list, from: "\(folder.path)/in")
    let inner = Mutex("")
    _ = try work.write(
      to: "\(folder.path)/out",
      isStopped: {
        guard FileManager.default.fileExists(atPath: "\(folder.path)/.fewshot-out.draft") else {
          return false
        }
        let sentence = complaint { _ = try work.write(to: "\(folder.path)/out") }
        inner.withLock { $0 = sentence }
        return false
      })
    #expect(inner.withLock { $0 }.contains("is making it"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["in", "out"])
  }
}
