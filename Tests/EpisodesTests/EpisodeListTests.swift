import Episodes
import Foundation
import Images
import Randomness
import TestData
import Testing

@Suite("Episode lists")
struct EpisodeListTests {
  func list(_ rotations: RotationPolicy = .none, count: Int = 12) throws -> (EpisodeList, ImageStore) {
    let store = try Fixtures.glyphs.get().store
    let sampler = try EpisodeSampler(
      store, split: .test, shape: EpisodeShape(ways: 3, shots: 2, queries: 4), rotations: rotations, seed: 5)
    return (try EpisodeList(count, from: sampler, of: store), store)
  }

  @Test("a list is read as it was written, and fits its data", arguments: RotationPolicy.allCases)
  func roundTrip(rotations: RotationPolicy) throws {
    let (list, store) = try list(rotations)
    let folder = try TemporaryFolder()
    try list.write(to: "\(folder.path)/a/b.jsonl")
    let read = try EpisodeList(contentsOf: "\(folder.path)/a/b.jsonl")
    #expect(read == list)
    #expect(read.text == list.text)
    try read.verify(against: store)
  }

  @Test("the lines are those of the format")
  func format() throws {
    let episode = EpisodeDescription(
      index: 3, classes: ["A/ü\"\\\u{1}"], rotations: [0], support: [["s.png"]], query: [["q.png"]])
    let header = EpisodeList.Header(
      dataHash: "abc", split: .test, shape: EpisodeShape(ways: 1, shots: 1, queries: 1), seed: .max)
    let list = EpisodeList(header: header, episodes: [episode])
    let expected = """
      {"format":"fewshot-episodes","version":1,"data_hash":"abc","split":"test","ways":1,"shots":1,\
      "queries":1,"seed":18446744073709551615,"rotations":"none"}
      {"index":3,"classes":["A/ü\\"\\\\\\u0001"],"rotations":[0],"support":[["s.png"]],"query":[["q.png"]]}

      """
    #expect(list.text == expected)
    #expect(try EpisodeList(parsing: Array(expected.utf8)) == list)
  }

  @Test("a header says which part of the images is kept, if not all, and a share that is none is refused")
  func crop() throws {
    func list(_ crop: Crop) -> EpisodeList {
      let header = EpisodeList.Header(
        dataHash: "abc", split: .test, shape: EpisodeShape(ways: 1, shots: 1, queries: 1), seed: 1,
        preparation: ImagePreparation(crop: crop))
      return EpisodeList(header: header, episodes: [])
    }
    #expect(!list(.whole).text.contains("crop"))
    let text = list(.middle(0.875)).text
    #expect(try EpisodeList(parsing: Array(text.utf8)) == list(.middle(0.875)))
    for share in ["0", "1.5", "-1", "\"NaN\"", "\"whole\""] {
      let other = text.replacingOccurrences(of: "\"crop\":0.875", with: "\"crop\":\(share)")
      #expect(other != text)
      #expect(throws: EpisodeListError.self) { try EpisodeList(parsing: Array(other.utf8)) }
    }
  }

  @Test("the header needs no more than the interface's fields")
  func shortHeader() throws {
    let text = """
      {"format":"fewshot-episodes","version":1,"data_hash":"a","split":"val","ways":1,"shots":1,"queries":1,"seed":7}
      """
    let list = try EpisodeList(parsing: Array(text.utf8))
    #expect(list.header.split == .validation && list.header.rotations == .none && list.episodes.isEmpty)
  }

  @Test("a list is refused for other data, with the line that is wrong")
  func verification() throws {
    let (list, store) = try list()
    func fault(_ change: (inout EpisodeList) -> Void) -> String {
      var changed = list
      change(&changed)
      return complaint { try changed.verify(against: store) }
    }
    #expect(fault { _ in } == "")
    #expect(fault { $0.header.dataHash = "0" }.contains("line 1"))
    #expect(fault { $0.episodes[2].classes[0] = "test/none" }.contains("line 4: class test/none is not in"))
    #expect(fault { $0.header.split = .train }.contains("line 2"))
    #expect(fault { $0.episodes[0].query[1][0] = "../../etc/passwd" }.contains("not a path below"))
    #expect(fault { $0.episodes[0].query[1][0] = "/etc/passwd" }.contains("not a path below"))
    #expect(fault { $0.episodes[0].query[1][0] = "test/none.png" }.contains("is not in the data"))
    #expect(fault { $0.episodes[0].query[1][0] = "train/class000/00.png" }.contains("is not an image of"))
    #expect(fault { $0.episodes[0].query[0][0] = $0.episodes[0].support[0][0] }.contains("support and query"))
    #expect(fault { $0.episodes[0].query[0].removeLast() }.contains("3 query images, not 4"))
    #expect(fault { $0.episodes[0].rotations[0] = 90 }.contains("rotations none"))
    #expect(fault { $0.episodes[0].classes[0] = $0.episodes[0].classes[1] }.contains("twice"))
  }

  @Test("a turned class of its own carries the turn in its name")
  func turnedNames() throws {
    var (list, store) = try list(.class)
    let (e, c) = try #require(
      list.episodes.indices.lazy.compactMap { e in
        list.episodes[e].rotations.firstIndex { $0 != 0 }.map { (e, $0) }
      }.first)
    list.episodes[e].rotations[c] = (list.episodes[e].rotations[c] + 90) % 360
    #expect(throws: EpisodeListError.self) { try list.verify(against: store) }
  }

  @Test("the same picture under two names on both sides is found")
  func contents() throws {
    let folder = try Fixtures.folder(["train/a", "test/b"], images: 3)
    try folder.write(Fixtures.picture(0), "train/a/copy.png")
    let store = try Fixtures.store(folder)
    let header = EpisodeList.Header(
      dataHash: store.dataHash, split: .train, shape: EpisodeShape(ways: 1, shots: 1, queries: 1), seed: 0)
    let episode = EpisodeDescription(
      index: 0, classes: ["train/a"], rotations: [0], support: [["train/a/100.png"]],
      query: [["train/a/copy.png"]])
    let sentence = complaint { try EpisodeList(header: header, episodes: [episode]).verify(against: store) }
    #expect(sentence.contains("train/a/copy.png is the same picture as support image train/a/100.png"))
  }

  static let garbage = [
    "", "\n", "null", "[]", "{}", "{\"format\":1}", "\u{0}\u{0}",
    "{\"format\":\"fewshot-episodes\",\"version\":2}",
    String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 50_000),
    "{\"format\":\"fewshot-episodes\",\"version\":1,\"data_hash\":\"\",\"split\":\"test\",\"ways\":-1,"
      + "\"shots\":1,\"queries\":1,\"seed\":1}",
    "{\"format\":\"fewshot-episodes\",\"version\":1,\"data_hash\":\"\",\"split\":\"test\",\"ways\":1e99,"
      + "\"shots\":1,\"queries\":1,\"seed\":1}",
  ]

  @Test("garbage is refused at line 0 or 1", arguments: garbage)
  func refused(text: String) {
    do throws(EpisodeListError) {
      _ = try EpisodeList(parsing: Array(text.utf8))
      Issue.record("read \(text.prefix(60))")
    } catch {
      #expect(error.line <= 1)
    }
  }

  @Test("a list with changed, missing or added bytes is refused or read, and never crashes")
  func fuzz() throws {
    let (list, store) = try list(count: 3)
    let bytes = Array(list.text.utf8)
    let header = bytes.firstIndex(of: 10) ?? 0
    var stream = RandomStream(seed: 2, purpose: "test/fuzz")
    for trial in 0..<3000 {
      var bad = bytes
      let position = trial % 2 == 0 ? stream.below(header) : header + stream.below(bytes.count - header)
      switch stream.below(4) {
      case 0: bad[position] = UInt8(stream.below(256))
      case 1: bad.removeSubrange(position..<min(bad.count, position + 1 + stream.below(40)))
      case 2: bad.insert(contentsOf: Array("\"[]{},:-19e\\u0\n".utf8.shuffled(using: &stream)), at: position)
      default: bad = Array(bad.prefix(position))
      }
      do throws(EpisodeListError) {
        let read = try EpisodeList(parsing: bad)
        try read.verify(against: store)
      } catch {
        #expect(error.line <= 20)
      }
    }
  }

  @Test("a missing file is named")
  func missing() {
    #expect(complaint { _ = try EpisodeList(contentsOf: "/no/list.jsonl") }.hasPrefix("/no/list.jsonl: "))
  }
}
