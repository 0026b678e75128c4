import Images
import TestData
import Testing

@Suite("Lists of classes and images")
struct ListedImagesTests {
  /// Three classes of two pictures, in two versions.
  private func twice() throws -> TemporaryFolder {
    try Fixtures.folder(["raw/a", "raw/b", "raw/c", "cut/a", "cut/b", "cut/c"], images: 2)
  }

  private func list(_ folder: TemporaryFolder, _ rows: [(String, String)]) throws {
    for (split, row) in zip(["train", "val", "test"], rows) {
      try folder.write("filename,label\n\(row.0),\(row.1)\n", "lists/\(split).csv")
    }
  }

  private func index(_ folder: TemporaryFolder, _ list: String = "lists") throws -> DatasetIndex {
    try DatasetIndex(root: folder.path, split: .file("\(folder.path)/\(list)"))
  }

  @Test("the folders of a listed file decide which file it is", arguments: ["", "./", "images/"])
  func folders(above: String) throws {
    let folder = try twice()
    try list(
      folder,
      [("\(above)cut/a/100.png", "a"), ("\(above)cut/b/100.jpg", "b"), ("\(above)cut\\c\\101.png", "c")])
    let data = above == "images/" ? "images" : "."
    if data == "images" {
      for (c, name) in ["raw/a", "cut/a", "cut/b", "cut/c"].enumerated() {
        for i in 100...101 { try folder.write(Fixtures.picture(10 * c + i), "images/\(name)/\(i).png") }
      }
    }
    let index = try DatasetIndex(
      root: data == "." ? folder.path : "\(folder.path)/images", split: .file("\(folder.path)/lists"))
    #expect(index.classes.map(\.images) == [["cut/a/100.png"], ["cut/b/100.png"], ["cut/c/101.png"]])
  }

  static let faults = [
    ("100.png", "a", "fits 6 files"), ("a/100.png", "a", "fits 2 files"),
    ("none/a/100.png", "a", "not in the folders"),
    ("cut/a/1000.png", "a", "not in the data"), ("../cut/a/100.png", "a", "not in the data"),
  ]

  @Test("a listed file that is several, or lies elsewhere, is refused", arguments: faults)
  func refused(file: String, label: String, words: String) throws {
    let folder = try twice()
    try list(folder, [(file, label), ("cut/b/100.png", "b"), ("cut/c/100.png", "c")])
    let sentence = complaint { _ = try index(folder) }
    #expect(sentence.contains(words), "\(sentence)")
  }

  @Test("among files of one name the one in the folder of the label is meant")
  func labels() throws {
    let folder = try Fixtures.folder(["a", "b", "c"], images: 1)
    try list(folder, [("100.png", "a"), ("100.png", "b"), ("100.png", "c")])
    #expect(try index(folder).classes.map(\.images) == [["a/100.png"], ["b/100.png"], ["c/100.png"]])
  }

  static let headers = [
    "Class,Split\na,train\nb,val\nc,test\n", "class, split\na, train\nb, val \nc,test\n",
    "class;split\na;train\nb;val\nc;test\n", "class\tsplit\na\ttrain\nb\tval\nc\ttest\n",
    "\u{feff}Split ,Class Name\ntrain,a\nVAL,b\n test,c\n", "split class\ntrain a\nval b\ntest c\n",
    "\u{feff}train a\nval b\ntest c\n", "\u{feff}[train]\na\n[ val ]\nb\n[novel]\nc\n",
    "partition,category\nbase,a\nval,b\nnovel,c\n", "split,class\ntrain,A\nval,b\ntest,c \n",
  ]

  @Test("a name with a point in it is itself before it is another with an ending")
  func points() throws {
    let folder = try Fixtures.folder(["a", "b", "c"], images: 1)
    try folder.write(Fixtures.picture(90), "a/scan.png")
    try folder.write(Fixtures.picture(91), "a/scan.2.png")
    try list(folder, [("a/scan.2", "a"), ("b/100", "b"), ("c/100.jpeg", "c")])
    #expect(try index(folder).classes.map(\.images) == [["a/scan.2.png"], ["b/100.png"], ["c/100.png"]])
  }

  @Test("a column of another meaning is not taken for the parts, unless it names some")
  func folds() throws {
    let folder = try Fixtures.folder(["a", "b", "c"], images: 1)
    try folder.write(
      "filename,fold,target,split\na/100.png,1,x,train\nb/100.png,2,y,val\nc/100.png,3,z,test\n", "l")
    #expect(try index(folder, "l").classes.map(\.split) == [.train, .validation, .test])
    try folder.write("filename,fold,target\na/100.png,1,x\nb/100.png,2,y\n", "l")
    #expect(complaint { _ = try index(folder, "l") }.contains("no column named split"))
    #expect(try LabelList(contentsOf: folder.path + "/l").entries.allSatisfy { $0.split == nil })
    try folder.write("filename,set,target\na/100.png,train,x\nb/100.png,tset,y\n", "l")
    #expect(complaint { _ = try index(folder, "l") }.contains("tset"))
  }

  @Test("a division that is written is read again as it was, with the same images", arguments: [true, false])
  func written(ofImages: Bool) throws {
    let folder = try Fixtures.folder(["a,1", "b", "c", "d"], images: 3)
    if ofImages {
      try folder.write(
        "filename,label,split\n\"a,1/100.png\",b,train\nb/100.png,\"a,1\",val\nc/101.png,c,test\nd/100.png,d,test\n",
        "l")
    } else {
      try folder.write("class,split\n\"a,1\",train\nb,val\nc,test\nd,test\n", "l")
    }
    let left = try DatasetIndex(root: folder.path, split: .file(folder.path + "/l"), leavingOut: ["d"])
    try folder.write(left.splitFile, "kept.csv")
    let again = try index(folder, "kept.csv")
    func divided(_ index: DatasetIndex) -> [ImageClass] { index.classes.filter { $0.split != nil } }
    #expect(divided(again) == divided(left) && divided(left).map(\.name).contains("d") == false)
    let (first, second) = (
      try ImageStore(left, preparation: ImagePreparation(imageSize: 4), threads: 1),
      try ImageStore(again, preparation: ImagePreparation(imageSize: 4), threads: 1)
    )
    #expect(ofImages || first.dataHash == second.dataHash)
  }

  @Test("headers and fields are read whatever their case, spaces and separators", arguments: headers)
  func read(_ text: String) throws {
    let folder = try Fixtures.folder(["x/a", "x/b", "x/c"], images: 1)
    try folder.write(text, "split")
    #expect(try index(folder, "split").classes.map(\.split) == [.train, .validation, .test])
  }

  @Test("one list of all images, with their classes and splits, divides them")
  func oneList() throws {
    let folder = try Fixtures.folder(["all"], images: 6)
    var rows = "Image;Label;Split\n"
    for (i, row) in ["a;train", "a;train ", "b;val", "b;val", "c ;test", "c;test"].enumerated() {
      rows += "all/\(100 + i).png;\(row)\n"
    }
    try folder.write(rows, "kaggle.csv")
    let found = try index(folder, "kaggle.csv")
    #expect(found.classes.map(\.name) == ["a", "b", "c"] && found.report.map(\.images) == [2, 2, 2])
    try folder.write(rows.replacing("b;val", with: "a;val"), "kaggle.csv")
    let mixed = complaint { _ = try index(folder, "kaggle.csv") }
    #expect(mixed.contains("class a in train and validation"), "\(mixed)")
    try folder.write("filename,label\nall/100.png,a\n", "kaggle.csv")
    let unsplit = complaint { _ = try index(folder, "kaggle.csv") }
    #expect(
      unsplit.contains("columns \"filename\", \"label\"") && unsplit.contains("data import"), "\(unsplit)")
  }

  @Test(
    "white space at the ends of labels makes no class, and labels that hardly differ are named with their lines"
  )
  func spaces() throws {
    let text = "\u{feff}FileName;LABEL\n1.png;cat\n2.png;cat \n3.png; cow/calf \n4.png;Cat\n"
    let list = try LabelList(parsing: Array(text.utf8), from: "l.csv")
    #expect(list.entries.map(\.label) == ["cat", "cat", "cow/calf", "Cat"])
    #expect(list.notes.contains { $0.hasPrefix("2 labels had white space") && $0.hasSuffix("line 3") })
    #expect(list.notes.contains { $0.contains("\"Cat\" of line 5 and \"cat\" of line 2") }, "\(list.notes)")
  }
}
