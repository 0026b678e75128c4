import Episodes
import Foundation
import Images
import TestData
import Testing

@Suite("Unions of data sets")
struct UnionIndexTests {
  /// A folder with the data sets `photos` and `sketches`, which share the names of some classes.
  private func sets(
    _ photos: [String] = (0..<11).map { "c\($0)" }, _ sketches: [String] = (6..<15).map { "c\($0)" },
    images: Int = 3
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var number = 0
    for (name, classes) in [("photos", photos), ("sketches", sketches)] {
      for item in classes {
        for i in 0..<images {
          try folder.write(Fixtures.picture(number), "\(name)/\(item)/\(i).png")
          number += 1
        }
      }
    }
    return folder
  }

  private func index(
    _ folder: TemporaryFolder, _ names: [String] = ["photos", "sketches"], split: SplitSource = .automatic,
    seed: UInt64 = 3, leavingOut left: Set<String> = []
  ) throws -> DatasetIndex {
    try DatasetIndex(
      DataRoots(names.map { "\(folder.path)/\($0)" }), split: split, seed: seed, leavingOut: left)
  }

  private func store(_ index: DatasetIndex, skipUnreadable: Bool = false) throws -> ImageStore {
    try ImageStore(index, preparation: ImagePreparation(imageSize: 4), skipUnreadable: skipUnreadable)
  }

  /// The classes of one of the sets, as it has them itself.
  private func classes(_ index: DatasetIndex, of name: String) -> [ImageClass] {
    func own(_ text: String) -> String { String(text.dropFirst(name.count + 1)) }
    return index.classes.filter { $0.name.hasPrefix(name + "/") }.map { item in
      ImageClass(name: own(item.name), split: item.split, images: item.images.map(own))
    }
  }

  static let layouts: [(photos: [String], sketches: [String])] = [
    ((0..<11).map { "c\($0)" }, (6..<15).map { "c\($0)" }),
    (
      ["train/a", "train/b", "val/c", "test/d"],
      (0..<25).map { "c\($0)" }
    ),
    (
      ["images_background/x/a", "images_background/x/b", "images_background/y/c", "images_evaluation/z/d"],
      ["set/base/a", "set/base/b", "set/novel/c"]
    ),
  ]

  @Test(
    "every set is divided as it is alone, whatever lies beside it", arguments: layouts, [UInt64(0), 1, 99])
  func alone(layout: (photos: [String], sketches: [String]), seed: UInt64) throws {
    let folder = try sets(layout.photos, layout.sketches)
    let union = try index(folder, seed: seed)
    for name in ["photos", "sketches"] {
      let own = try DatasetIndex(root: "\(folder.path)/\(name)", seed: seed)
      #expect(classes(union, of: name) == own.classes)
    }
    #expect(union.classes.count == layout.photos.count + layout.sketches.count)
    #expect(
      union.classes.map(\.name)
        == union.classes.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    // More classes of the one change nothing of the other.
    for i in 0..<7 { try folder.write(Fixtures.picture(900 + i), "sketches/more\(i)/0.png") }
    if layout.sketches.allSatisfy({ !$0.contains("/") }) {
      #expect(classes(try index(folder, seed: seed), of: "photos") == classes(union, of: "photos"))
    }
  }

  @Test("a union of one folder is that folder, byte for byte")
  func single() throws {
    let folder = try sets()
    let union = try index(folder, ["photos"])
    let own = try DatasetIndex(root: "\(folder.path)/photos", seed: 3)
    #expect(
      union.classes == own.classes && union.division == own.division && union.splitFile == own.splitFile)
    #expect(try store(union).dataHash == store(own).dataHash)
    #expect(!union.roots.isUnion && union.classes[0].name == "c0")
  }

  @Test("its hash is that of the sets' own hashes and names, in their order")
  func hash() throws {
    let folder = try sets()
    let (photos, sketches) = (
      try store(index(folder, ["photos"])).dataHash, try store(index(folder, ["sketches"])).dataHash
    )
    let union = try store(index(folder))
    #expect(union.rootHashes == [photos, sketches])
    let turned = try store(index(folder, ["sketches", "photos"]))
    #expect(turned.rootHashes == [sketches, photos] && turned.dataHash != union.dataHash)
    // The recipe of the page Files, by another program.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "printf 'union\\n\(photos)  photos\\n\(sketches)  sketches\\n' | sha256sum | cut -d ' ' -f 1",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    process.waitUntilExit()
    let told = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(told == union.dataHash + "\n")
    // A changed picture of one set changes its own hash and the union's alone.
    try folder.write(Fixtures.picture(7777), "sketches/c6/0.png")
    let changed = try store(index(folder))
    #expect(changed.rootHashes[0] == photos && changed.rootHashes[1] != sketches)
    #expect(changed.dataHash != union.dataHash)
  }

  @Test("pixels and originals of every picture are those of its own folder")
  func pixels() throws {
    let folder = try sets()
    let union = try store(index(folder))
    for name in ["photos", "sketches"] {
      let own = try store(DatasetIndex(root: "\(folder.path)/\(name)", seed: 3))
      for path in own.paths {
        #expect(union.bytes(of: "\(name)/\(path)").map(Array.init) == own.bytes(of: path).map(Array.init))
        #expect(union.contentKey(of: "\(name)/\(path)") == own.contentKey(of: path))
        #expect(try union.original(of: "\(name)/\(path)").rgba == own.original(of: path).rgba)
      }
    }
    #expect(union.paths.count == (11 + 9) * 3)
    #expect(union.report(ofRoot: 0).map(\.classes).reduce(0, +) == 11)
    #expect(union.report(ofRoot: 1).map(\.images).reduce(0, +) == 27)
  }

  @Test("a list may name a class with or without its set, if there is one of that name")
  func lists() throws {
    let folder = try sets(["a", "b", "in/c"], ["a", "d", "c"])
    func divided(_ text: String) throws -> [String: Split?] {
      try folder.write("split,class\n" + text, "list.csv")
      let index = try index(folder, split: .file("\(folder.path)/list.csv"))
      return Dictionary(uniqueKeysWithValues: index.classes.map { ($0.name, $0.split) })
    }
    let all = try divided("train,photos/a\ntrain,b\nval,sketches/a\ntest,d\ntest,photos/in/c\n")
    #expect(
      all == [
        "photos/a": .train, "photos/b": .train, "photos/in/c": .test, "sketches/a": .validation,
        "sketches/c": nil, "sketches/d": .test,
      ])
    // A whole path comes before the end of another, as in one folder.
    #expect(try divided("train,c\ntrain,in/c\n")["sketches/c"] == .some(.train))
    let sentence = complaint { _ = try divided("train,a\ntest,b\n") }
    #expect(sentence.contains("class a fits photos/a and sketches/a"), "\(sentence)")
    #expect(complaint { _ = try divided("train,e\n") }.contains("not in the data, for example e"))
    // There is a class d, but of the other set.
    #expect(
      complaint { _ = try divided("train,photos/d\n") }.contains("not in the data, for example photos/d"))
    // What is written is read again.
    let whole = try index(folder, seed: 4)
    try folder.write(whole.splitFile, "kept.csv")
    #expect(try index(folder, split: .file("\(folder.path)/kept.csv")).classes == whole.classes)
  }

  @Test("a list of images makes classes of each set by itself")
  func images() throws {
    let folder = try sets(["a"], ["a", "b"])
    try folder.write(
      "split,filename,label\ntrain,photos/a/0.png,dog\ntrain,sketches/a/0.png,dog\ntest,b/1.png,cat\n"
        + "test,\(folder.path)/sketches/b/2.png,sketches/cat\n", "list.csv")
    let index = try index(folder, split: .file("\(folder.path)/list.csv"))
    #expect(index.classes.map(\.name) == ["photos/dog", "sketches/cat", "sketches/dog"])
    #expect(index.classes[1].images == ["sketches/b/1.png", "sketches/b/2.png"])
    try folder.write(index.splitFile, "kept.csv")
    #expect(try self.index(folder, split: .file("\(folder.path)/kept.csv")).classes == index.classes)
    for (line, words) in [
      ("train,a/0.png,dog", "fits 2 files, such as photos/a/0.png and sketches/a/0.png"),
      ("train,photos/a/0.png,sketches/dog", "which is a class of another data set"),
      (
        "train,photos/a/0.png,dog\ntest,photos/a/1.png,photos/dog",
        "lists class photos/dog in train and test"
      ),
    ] {
      try folder.write("split,filename,label\n\(line)\n", "bad.csv")
      let sentence = complaint { _ = try self.index(folder, split: .file("\(folder.path)/bad.csv")) }
      #expect(sentence.contains(words), "\(sentence)")
    }
  }

  @Test("folders of one name are told apart, and no class has two owners")
  func names() throws {
    let folder = try TemporaryFolder()
    for (number, path) in ["p/a/b/c", "q/a/b/c", "r/z/b/c", "s/a/x/c"].enumerated() {
      for i in 0..<2 { try folder.write(Fixtures.picture(10 * number + i), "\(path)/\(i).png") }
    }
    func names(_ folders: [String]) throws -> [String] {
      try DataRoots(folders.map { "\(folder.path)/\($0)" }).all.map(\.name)
    }
    #expect(try names(["p/a", "q/a"]) == ["p/a", "q/a"])
    #expect(try names(["p/a", "r/z", "q/a/b"]) == ["a", "z", "b"])
    // The set a has a class b/c; a set named a/b would have it too.
    let apart = try names(["s/a", "q/a/b", "r/z/b"])
    #expect(apart == ["a", "q/a/b", "z/b"])
    let index = try DatasetIndex(DataRoots(["s/a", "q/a/b", "r/z/b"].map { "\(folder.path)/\($0)" }))
    #expect(index.classes.map(\.name) == ["a/x/c", "q/a/b/c", "z/b/c"])
    // Names that only their bytes tell apart are no two names.
    for (k, name) in ["caf\u{e9}", "cafe\u{301}"].enumerated() {
      try folder.write(Fixtures.picture(90 + k), "\(name)/c/0.png")
    }
    let sentence = complaint { _ = try names(["caf\u{e9}", "cafe\u{301}"]) }
    #expect(sentence.contains("one folder twice"), "\(sentence)")
    // By way of a link it has the name of where it is.
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/r/z")
    #expect(try names(["p/a", "link"]) == ["a", "z"])
  }

  @Test(
    "folders that overlap, are missing or hold nothing are refused with what to do",
    arguments: [
      (["photos", "photos"], "one folder twice"), (["photos", "./photos/"], "one folder twice"),
      (["photos", "link"], "one folder twice"), (["photos", "photos/train"], "photos/train, which lies in"),
      (["link/train", "photos"], "link/train, which lies in"), (["photos", "gone"], "gone: not found"),
      (["photos", "file"], "file: not a folder"), (["photos", "empty"], "no folder below it holds pictures"),
    ])
  func refusals(names: [String], words: String) throws {
    let folder = try sets(["train/a", "test/b"], ["c"])
    try folder.write("x", "file")
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/empty", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link", withDestinationPath: "photos")
    let sentence = complaint { _ = try index(folder, names) }
    #expect(sentence.contains(words), "\(sentence)")
  }

  @Test(
    "bad pictures of all sets are named by paths that tell the set, foreign ones with a command for their folder"
  )
  func bad() throws {
    let folder = try sets(["a", "b"], ["c", "d"])
    try folder.write([1, 2, 3], "photos/a/bad.png")
    try folder.write([4, 5], "sketches/c/bad.png")
    let index = try index(folder, split: .whole(.test))
    let sentence = complaint { _ = try store(index) }
    for path in ["photos/a/bad.png", "sketches/c/bad.png", "2 of 14"] {
      #expect(sentence.contains(path), "\(sentence)")
    }
    #expect(
      try store(index, skipUnreadable: true).skipped.map(\.path) == [
        "photos/a/bad.png", "sketches/c/bad.png",
      ])
    try folder.write(Array("GIF89a".utf8) + [UInt8](repeating: 0, count: 40), "sketches/d/x.gif")
    let foreign = complaint { _ = try store(self.index(folder, split: .whole(.test))) }
    #expect(foreign.contains("cp -r \(folder.path)/sketches \(folder.path)/sketches-png"), "\(foreign)")
  }

  @Test("names that stand in different splits of different sets are told, with both")
  func warnings() throws {
    let folder = try sets(["train/dog", "test/cat"], ["train/cat", "test/fox"])
    let index = try index(folder)
    #expect(index.repeatedClasses == ["cat"])
    #expect(
      index.warnings.contains {
        $0.contains("photos/test/cat in test and sketches/train/cat in train")
      }, "\(index.warnings)")
    #expect(try self.index(folder, ["photos"]).warnings.isEmpty)
  }

  @Test("classes that are left out are those of the set that was named")
  func leftOut() throws {
    let folder = try sets()
    let all = try index(folder)
    let some = try index(folder, leavingOut: ["photos/c7"])
    #expect(some.classes.first { $0.name == "photos/c7" }?.split == nil)
    #expect(classes(some, of: "sketches") == classes(all, of: "sketches"))
    #expect(try store(some).dataHash == store(all).dataHash)
  }
}
