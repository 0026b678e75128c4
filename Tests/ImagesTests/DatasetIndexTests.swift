import Foundation
import Images
import TestData
import Testing

@Suite("Data set index")
struct DatasetIndexTests {
  @Test("a class is a folder of PNG files at any depth, in byte order")
  func classes() throws {
    let folder = try Fixtures.folder(["b", "Z/deep/er", "a", "a/inner"], images: 2)
    try folder.write("x", "a/notes.txt")
    try folder.write("x", ".hidden/1.png")
    try folder.write("x", "a/._100.png")
    let index = try DatasetIndex(root: folder.path)
    #expect(index.classes.map(\.name) == ["Z/deep/er", "a", "a/inner", "b"])
    #expect(index.classes[1].images == ["a/100.png", "a/101.png"])
  }

  @Test("a loop of links ends")
  func loops() throws {
    let folder = try Fixtures.folder(["a/b"], images: 1)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/a/up", withDestinationPath: folder.path)
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/a/b/self", withDestinationPath: ".")
    #expect(try DatasetIndex(root: folder.path).classes.map(\.name) == ["a/b"])
  }

  @Test("folders train, val and test are the splits", arguments: ["val", "valid", "validation"])
  func folders(name: String) throws {
    let folder = try Fixtures.folder(["train/a", "train/b/c", "\(name)/a", "test/d"], images: 3)
    let report = try DatasetIndex(root: folder.path).report
    #expect(report.map(\.split) == [.train, .validation, .test])
    #expect(report.map(\.classes) == [2, 1, 1])
    #expect(report.map(\.images) == [6, 3, 3])
    #expect(report.map(\.fewestImages) == [3, 3, 3])
  }

  @Test("Omniglot's background gives 15 % of its classes to validation, by the seed alone")
  func omniglot() throws {
    let names = (0..<40).map { "images_background/A/character\($0)" } + ["images_evaluation/B/character1"]
    let folder = try Fixtures.folder(names, images: 1)
    let index = try DatasetIndex(root: folder.path, seed: 3)
    #expect(index.report.map(\.classes) == [34, 6, 1])
    #expect(index.classes(in: .test).map(\.name) == ["images_evaluation/B/character1"])
    #expect(try DatasetIndex(root: folder.path, seed: 3).classes == index.classes)
    #expect(try DatasetIndex(root: folder.path, seed: 4).classes != index.classes)
  }

  @Test("without any division 64, 16 and 20 % are drawn", arguments: [(10, [6, 2, 2]), (25, [16, 4, 5])])
  func seeded(count: Int, expected: [Int]) throws {
    let folder = try Fixtures.folder((0..<count).map { "c\($0)" }, images: 1)
    #expect(try DatasetIndex(root: folder.path).report.map(\.classes) == expected)
    let forced = try DatasetIndex(root: folder.path, split: .seeded, seed: 9)
    #expect(forced.report.map(\.classes) == expected)
    #expect(Set(forced.classes.compactMap(\.split)).count == 3)
  }

  static let splitFiles = [
    "split,class\ntrain,a\nval,b\ntest,c\n",
    "\u{feff}class,split,images\r\na,train,2\r\nb,val,2\r\nc,test,2\r\n",
    "split,superclass,class,names\ntrain,animals,a,\"x, \"\"y\"\"\nz\"\nval,animals,b,\ntest,plants,c,\n",
    "# made by hand\r\nsep=;\r\nSplit; Class\r\ntrain;a;\r\nval;b;\r\ntest;c;\r\n",
    "split,class\rtrain,a\rval,b\rtest,c\r",
    "train a\nvalidation  b\n# a comment\n\ntest c", "[train]\na\n[valid]\nb\n[test]\nc\n",
  ]

  @Test("split files of every form divide the classes", arguments: splitFiles)
  func splitFile(text: String) throws {
    let folder = try Fixtures.folder(["x/a", "x/b", "y/c", "y/d"], images: 2)
    try folder.write(text, "split")
    let index = try DatasetIndex(root: folder.path, split: .file("\(folder.path)/split"))
    #expect(index.classes.map(\.split) == [.train, .validation, .test, nil])
  }

  @Test("a folder of three plain lists divides the classes")
  func lists() throws {
    let folder = try Fixtures.folder(["x/a", "x/b", "y/c"], images: 2)
    for (name, text) in [("train", "x/a\n"), ("val", "b"), ("test", "c\n")] {
      try folder.write(text, "lists/\(name).txt")
    }
    let index = try DatasetIndex(root: folder.path, split: .file("\(folder.path)/lists"))
    #expect(index.report.map(\.classes) == [1, 1, 1])
  }

  @Test("a folder of image lists gathers files by name, wherever they lie")
  func imageLists() throws {
    let folder = try TemporaryFolder()
    for i in 0..<6 { try folder.write(Fixtures.picture(i), "images/n\(i).png") }
    try folder.write("filename,label\nn0.jpg,dog\nn2.jpg,dog\n", "lists/train.csv")
    try folder.write("filename,label\nn1.jpg,cat\n", "lists/val.csv")
    try folder.write("filename,label\nn3.jpg,cow\n", "lists/test.csv")
    let index = try DatasetIndex(root: folder.path, split: .file("\(folder.path)/lists"))
    #expect(index.classes.map(\.name) == ["cat", "cow", "dog"])
    #expect(index.classes(in: .train).map(\.images) == [["images/n0.png", "images/n2.png"]])
  }

  static let faults = [
    ("split,class\ntrain,a\ntest,a\n", "train and test"), ("split,class\nmiddle,a\n", "line 2: \"middle\""),
    ("split,class\ntrain,nothing\n", "not in the data"), ("split,class\ntrain\n", "line 2: has 1 fields"),
    ("kind,class\ntrain,a\n", "no column named split"), ("split,class\ntrain,\"a\n", "never closed"),
    ("split,class\ntrain,same\n", "fits"), ("train\n", "line 1: is not \"split class\""),
    ("split,class\n", "no class"), ("", "no class"), ("[nowhere]\na\n", "line 1"),
    ("split,class\ntrain,x/a\ntest,a\n", "another line"),
  ]

  @Test("a wrong split file is named with its line and fault", arguments: faults)
  func wrongSplitFile(text: String, part: String) throws {
    let folder = try Fixtures.folder(["x/a", "x/same", "y/same"], images: 1)
    try folder.write(text, "split.csv")
    let sentence = complaint {
      _ = try DatasetIndex(root: folder.path, split: .file("\(folder.path)/split.csv"))
    }
    #expect(sentence.contains(part), "\(sentence)")
    #expect(sentence.hasPrefix("\(folder.path)/split.csv"))
  }

  @Test("missing, empty and foreign folders are explained")
  func nothing() throws {
    let folder = try TemporaryFolder()
    #expect(complaint { _ = try DatasetIndex(root: "\(folder.path)/no") }.contains("not found"))
    #expect(complaint { _ = try DatasetIndex(root: folder.path) }.contains("no folder below"))
    try folder.write("x", "sets/train.pkl")
    #expect(complaint { _ = try DatasetIndex(root: folder.path) }.contains("It holds sets/train.pkl"))
    try folder.write("x", "sets/test.npz")
    #expect(complaint { _ = try DatasetIndex(root: folder.path) }.contains("fewshot data import --arrays"))
    #expect(throws: DatasetError.notFound(path: "/no/split")) {
      try DatasetIndex(root: folder.path, split: .file("/no/split"))
    }
  }
}
