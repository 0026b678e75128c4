import Episodes
import Foundation
import Images
import TestData
import Testing

@Suite("Too few classes or images")
struct ShortageTests {
  private let shape = EpisodeShape(ways: 2, shots: 1, queries: 3)

  private func complaint(_ store: ImageStore, _ ways: Int = 2) -> String {
    let shape = EpisodeShape(ways: ways, shots: 1, queries: 3)
    return TestData.complaint {
      try EpisodeSampler.refuseShortage(
        of: store, for: [shape, EpisodeShape(ways: ways, shots: 1, queries: 2), shape], rotations: .none,
        divisions: ["folders"])
    }
  }

  @Test("small classes of all splits are named at once, with their images and how to leave them out")
  func small() throws {
    let folder = try Fixtures.folder(
      ["train/a", "train/b", "val/c", "val/d", "test/e", "test/f"], images: 4)
    for name in ["train/one", "val/two", "test/three"] {
      try folder.write(Fixtures.picture(90), "\(name)/0.png")
    }
    // Copies are one picture.
    for i in 1..<5 { try folder.write(Fixtures.picture(90), "test/three/\(i).png") }
    let sentence = complaint(try Fixtures.store(folder))
    for words in [
      "3 classes have too few images", "train/one has 1 image,", "val/two has 1 image,",
      "test/three has 5 images (1 different)", "--data \(folder.path) --fewest 4 --write-split",
    ] { #expect(sentence.contains(words), "\(sentence)") }
    #expect(!sentence.contains("Use at most") && !sentence.contains("fewer"), "\(sentence)")
    #expect(
      Set(try Fixtures.store(folder).smallClasses(fewest: 4)) == ["train/one", "val/two", "test/three"])
  }

  @Test("queries are lowered only where every class then has enough")
  func queries() throws {
    let folder = try Fixtures.folder(["train/a", "train/b", "val/c", "val/d", "test/e", "test/f"], images: 3)
    let sentence = complaint(try Fixtures.store(folder))
    #expect(
      sentence.contains("Use at most 2 training queries (--train-queries), 2 queries (--queries)."),
      "\(sentence)")
  }

  static let divisions: [(classes: [String], ways: Int, words: [String])] = [
    (["train/a", "test/b"], 2, ["2 classes cannot be divided in three parts", "predict RUN --support"]),
    (
      ["train/a", "train/b", "train/c", "train/d", "val/e", "val/f"], 2,
      [
        "test has no class and needs 2", "Give test more classes", "enough for 2 ways",
        "predict RUN --support",
      ]
    ),
    (["train/a", "train/b", "val/c", "val/d", "test/e", "test/f"], 3, ["Use at most 2 ways"]),
    (["all"], 2, ["one folder, all", "data import"]),
  ]

  @Test("the setting that is too high is named, and a number that helps")
  func trainingWays() throws {
    let folder = try Fixtures.folder(
      ["train/a", "train/b", "train/c", "val/d", "val/e", "test/f", "test/g"], images: 4)
    let shape = EpisodeShape(ways: 2, shots: 1, queries: 3)
    let sentence = TestData.complaint {
      try EpisodeSampler.refuseShortage(
        of: Fixtures.store(folder), for: [EpisodeShape(ways: 5, shots: 1, queries: 3), shape, shape],
        rotations: .none, divisions: ["folders"])
    }
    #expect(sentence.contains("train has 3 classes and needs 5 (--train-ways)"), "\(sentence)")
    #expect(sentence.contains("Use at most 3 training ways (--train-ways), or"), "\(sentence)")
  }

  @Test("too few classes are told for all splits at once, and no advice is impossible", arguments: divisions)
  func advice(classes: [String], ways: Int, words: [String]) throws {
    let sentence = complaint(try Fixtures.store(Fixtures.folder(classes, images: 4)), ways)
    for part in words { #expect(sentence.contains(part), "\(sentence)") }
    #expect(!sentence.contains("at most 0") && !sentence.contains("at most 1 "), "\(sentence)")
  }

  @Test("a list of another division is told to need its split, not to be wrong")
  func verify() throws {
    let folder = try Fixtures.folder(["a", "b", "c", "d"], images: 4)
    for (name, rows) in [("one", "train,a\nval,b\ntest,c\ntest,d\n"), ("two", "test,a\ntrain,c\ntrain,d\n")] {
      try folder.write("split,class\n" + rows, "\(name).csv")
    }
    let store = try Fixtures.store(folder, split: .file("\(folder.path)/one.csv"))
    let list = try EpisodeList(2, from: EpisodeSampler(store, split: .test, shape: shape, seed: 1), of: store)
    try list.verify(against: store)
    let other = try Fixtures.store(folder, split: .file("\(folder.path)/two.csv"))
    let sentence = TestData.complaint { try list.verify(against: other) }
    #expect(
      sentence.contains("in the train split here, but the list is one of the test split"), "\(sentence)")
    #expect(sentence.contains("--split") && !sentence.contains("Correct the line"), "\(sentence)")
  }
}
