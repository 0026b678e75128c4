import Episodes
import Foundation
import Images
import TestData
import Testing

@Suite("Lists from strangers")
struct HostileListTests {
  static let header =
    #"{"format":"fewshot-episodes","version":1,"data_hash":"a","split":"test","ways":1,"shots":1,"queries":1,"seed":7}"#

  static func line(_ path: String) -> String {
    #"{"index":0,"classes":["c"],"rotations":[0],"support":[["\#(path)"]],"query":[["q.png"]]}"#
  }

  static let episodes: [(line: String, words: String)] = [
    (line("../x.png"), "not a path below"), (line("a/../../x.png"), "not a path below"),
    (line("/etc/passwd"), "not a path below"), (line(#"\u002e\u002e/x.png"#), "not a path below"),
    (line(#"\/x.png"#), "not a path below"), (line(#"a\u0000.png"#), "NUL"), (line("a\u{0}.png"), "control"),
    (line(""), "not a path below"), (line(String(repeating: "a", count: 5000)), "not a path below"),
    (line("x.png").replacing("\"index\":0", with: "\"index\":0,\"index\":1"), "index appears twice"),
    (line("x.png").replacing("\"index\":0", with: "\"index\":0,\"\\u0069ndex\":1"), "index appears twice"),
    (line("x.png").replacing("\"index\":0", with: "\"index\":1e99"), "wrong"),
    (line("x.png").replacing("\"index\":0", with: "\"index\":99999999999999999999"), "wrong"),
    (line("x.png").replacing("[0]", with: String(repeating: "[", count: 1000)), "deeper than 4"),
  ]

  @Test("an episode that could lead astray is refused before its paths are used", arguments: episodes)
  func episode(line: String, words: String) {
    let text = "\(Self.header)\n\(line)\n"
    let sentence = complaint { _ = try EpisodeList(parsing: Array(text.utf8)) }
    // The reader's own words for numbers out of range differ between systems; the line must be right.
    #expect(
      sentence.contains("line 2") && (words == "wrong" || sentence.contains(words)), "\(sentence.prefix(200))"
    )
    #expect(sentence.utf8.count < 600)
  }

  @Test("a line without end is refused by its length")
  func giant() {
    let text = "\(Self.header)\n" + String(repeating: "a", count: (1 << 24) + 1)
    let sentence = complaint { _ = try EpisodeList(parsing: Array(text.utf8)) }
    #expect(sentence.contains("line 2: it is longer than"))
  }

  @Test("absurd numbers in the header are refused")
  func header() {
    for (from, to) in [
      ("\"ways\":1", "\"ways\":100000"), ("\"ways\":1", "\"ways\":1,\"ways\":2"),
      ("\"seed\":7", "\"seed\":-7"),
      ("\"data_hash\":\"a\"", "\"data_hash\":\"\(String(repeating: "a", count: 200))\""),
    ] {
      let text = Self.header.replacing("\"shots\":1", with: "\"shots\":99").replacing(from, with: to)
      #expect(complaint { _ = try EpisodeList(parsing: Array(text.utf8)) }.contains("line 1"), "\(to)")
    }
  }

  @Test("bytes that are not UTF-8 are refused with their line")
  func notUTF8() {
    var bytes = Array("\(Self.header)\n\(Self.line("x.png"))\n".utf8)
    bytes[bytes.count - 12] = 0xff
    #expect(complaint { _ = try EpisodeList(parsing: bytes) }.contains("line 2"))
  }

  @Test("an image that lies outside by a link is not an image of the data, so no episode can name it")
  func link() throws {
    let outside = try Fixtures.folder(["s"], images: 1, first: 50)
    let folder = try Fixtures.folder(["train/a", "test/b"], images: 3)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/test/b/out.png", withDestinationPath: "\(outside.path)/s/100.png")
    let store = try ImageStore(DatasetIndex(root: folder.path), skipUnreadable: true)
    let header = EpisodeList.Header(
      dataHash: store.dataHash, split: .test, shape: EpisodeShape(ways: 1, shots: 1, queries: 1), seed: 0)
    let episode = EpisodeDescription(
      index: 0, classes: ["test/b"], rotations: [0], support: [["test/b/100.png"]],
      query: [["test/b/out.png"]])
    let sentence = complaint { try EpisodeList(header: header, episodes: [episode]).verify(against: store) }
    #expect(sentence.contains("test/b/out.png is not in the data"), "\(sentence)")
  }

  static let splits: [(bytes: [UInt8], words: String)] = [
    (Array("train a\0\n".utf8), "NUL"), (Array("split,class\ntrain,a\0\n".utf8), "NUL"),
    (Array("train a\n".utf8) + [0xff], "UTF-8"), (Array("split,class\ntrain,".utf8) + [0xff, 10], "UTF-8"),
    (Array(("split,class\n" + String(repeating: ",", count: 10_000)).utf8), "more fields"),
    (Array(("split,class" + String(repeating: ",c", count: 2000)).utf8), "more fields"),
    (Array("split,class\ntrain,a\ntrain,a\n".utf8), "twice"),
    (Array("\u{1b}[2J a\n".utf8), #"\u{1b}[2J" is no split"#),
  ]

  @Test("a split file that is no plain list is refused with its fault", arguments: splits)
  func split(bytes: [UInt8], words: String) {
    let sentence = complaint { _ = try SplitFile(parsing: bytes, from: "s.csv") }
    #expect(sentence.contains(words), "\(sentence)")
  }

  @Test("paths of a split file are names to look for, never paths to open")
  func splitPaths() throws {
    let folder = try Fixtures.folder(["in/a"], images: 1)
    for name in ["../a", "/etc", "a/../../in"] {
      try folder.write("split,class\ntrain,\(name)\n", "split.csv")
      let sentence = complaint {
        _ = try DatasetIndex(root: "\(folder.path)/in", split: .file("\(folder.path)/split.csv"))
      }
      #expect(sentence.contains("not in the data") || sentence.contains("not below"), "\(name): \(sentence)")
    }
  }

  @Test("one image under two labels is refused")
  func twoLabels() throws {
    let folder = try TemporaryFolder()
    for i in 0..<4 { try folder.write(Fixtures.picture(i), "images/n\(i).png") }
    try folder.write("filename,label\nn0.png,dog\nn1.png,dog\n", "lists/train.csv")
    try folder.write("filename,label\nn1.png,cat\nn2.png,cat\n", "lists/test.csv")
    let sentence = complaint {
      _ = try DatasetIndex(root: folder.path, split: .file("\(folder.path)/lists"))
    }
    #expect(sentence.contains("n1.png under cat and dog"), "\(sentence)")
  }
}
