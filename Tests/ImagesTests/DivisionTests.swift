import Images
import TestData
import Testing

@Suite("Division by folders")
struct DivisionTests {
  /// Two classes of train, one of validation, one of test, under names of every kind.
  static let parts = [
    ["train", "val", "test"], ["Training", "validation", "TESTING"], ["base", "val", "novel"],
    ["meta_train", "meta_val", "meta_test"], ["metatrain", "metaval", "metatest"],
    ["MetaTrain", "MetaVal", "MetaTest"], ["train_set", "dev-set", "test set"],
    ["train_images", "val2017", "images_evaluation"], ["data/train", "data/val", "data/test"],
    ["deep/er/base", "deep/er/val", "deep/er/novel"], ["x/train", "y/val", "z/test"],
    ["train/train", "train/val", "train/test"],
  ]

  @Test("parts are recognised by any of their names, at any depth", arguments: parts)
  func recognised(_ parts: [String]) throws {
    let folder = try Fixtures.folder(
      ["\(parts[0])/a", "\(parts[0])/b/c", "\(parts[1])/d", "\(parts[2])/e"], images: 2)
    let index = try DatasetIndex(root: folder.path)
    #expect(index.report.map(\.classes) == [2, 1, 1])
    #expect(index.division.hasPrefix("folders ") && index.division.contains(parts[2]), "\(index.division)")
    #expect(index.warnings.isEmpty, "\(index.warnings)")
  }

  static let beside = [
    ["unlabeled/x"], ["unlabeled/x", "extra/y"], ["images_background_small1/x"], ["plain"],
    ["strokes/deep/x"],
  ]

  @Test("folders beside the parts are left out by name", arguments: beside)
  func others(_ others: [String]) throws {
    let folder = try Fixtures.folder(["train/a", "val/b", "test/c"] + others, images: 2)
    let index = try DatasetIndex(root: folder.path)
    #expect(index.report.map(\.classes) == [1, 1, 1])
    #expect(index.warnings.count == others.count, "\(index.warnings)")
    for name in others {
      let top = name.split(separator: "/")[0]
      #expect(index.warnings.contains { $0.hasPrefix("left out the folder \(top) (1 classes") })
    }
  }

  static let unclear: [(classes: [String], words: String)] = [
    (["test/a", "b", "c"], "names a part of the data, test"),
    (["train/a", "b"], "names a part of the data, train"),
    (["novel/a", "cats/b"], "novel"), (["x/evaluation/a", "x/b"], "x/evaluation"),
    (["base/train/a", "base/val/b", "novel/test/c", "novel/train/d"], "several parts"),
    (["a", "b", "test"], "the folder test"), (["train", "val", "test"], "no class folder"),
    (["a", "Validation"], "Validation"),
  ]

  @Test("parts from which no division follows are refused, never drawn from", arguments: unclear)
  func refused(classes: [String], words: String) throws {
    let folder = try Fixtures.folder(classes, images: 2)
    let sentence = complaint { _ = try DatasetIndex(root: folder.path) }
    #expect(sentence.contains(words) && sentence.contains("--split"), "\(sentence)")
    // What nothing is drawn from needs no division.
    #expect(try DatasetIndex(root: folder.path, split: .whole(.test)).report[2].classes == classes.count)
  }

  @Test("classes may be called like parts where they are classes")
  func ordinaryNames() throws {
    let folder = try Fixtures.folder(["train", "car", "plane", "background", "novel", "base"], images: 1)
    #expect(try DatasetIndex(root: folder.path).division.hasPrefix("64/16/20"))
  }

  @Test("a third archive of Omniglot beside the two that divide it is left out and told")
  func omniglot() throws {
    let names = ["images_background", "images_evaluation"]
    let folder = try Fixtures.folder(
      (0..<20).map { "\(names[0])/a\($0)/c" } + ["\(names[1])/b/c", "images_background_small1/a0/c"],
      images: 1)
    let index = try DatasetIndex(root: folder.path)
    #expect(index.report.map(\.classes) == [17, 3, 1])
    #expect(index.classes.allSatisfy { $0.split == nil || !$0.name.hasPrefix("images_background_small1") })
    #expect(
      index.warnings.contains { $0.contains("left out the folder images_background_small1") },
      "\(index.warnings)")
  }

  @Test("a part without class folders, and pictures beside them, belong to nothing")
  func loose() throws {
    let folder = try Fixtures.folder(["train/a", "val/b", "test", "train"], images: 2)
    let index = try DatasetIndex(root: folder.path)
    #expect(index.classes.map(\.name) == ["train/a", "val/b"])
    #expect(index.passedOver.loose.count == 4)
    #expect(index.warnings.contains { $0.hasPrefix("left out the folder test: its 2 pictures") })
  }

  @Test("without validation 15 % of the train classes are drawn for it, and that is said")
  func noValidation() throws {
    let folder = try Fixtures.folder((0..<20).map { "base/c\($0)" } + ["novel/a", "novel/b"], images: 1)
    let index = try DatasetIndex(root: folder.path, seed: 5)
    #expect(index.report.map(\.classes) == [17, 3, 2])
    #expect(index.division.contains("15 % of the train classes are validation, drawn with seed 5"))
    #expect(index.classes(in: .test).allSatisfy { $0.name.hasPrefix("novel/") })
  }

  @Test("names in several splits, and names that hardly differ, are told")
  func alike() throws {
    let folder = try Fixtures.folder(
      ["train/dog", "train/cat", "train/Cat ", "val/bird", "test/Dog", "test/cow"], images: 1)
    let index = try DatasetIndex(root: folder.path)
    #expect(index.repeatedClasses == ["Dog"])
    #expect(
      index.warnings.contains {
        $0.contains("1 class name stands in several splits, such as Dog in train and test")
      })
    #expect(index.warnings.contains { $0.contains("differ from others only in case or white space") })
  }

  static let families: [(folders: [String], found: [Split]?)] = [
    (["mini_train/a", "mini_val/b", "mini_test/c"], [.test, .train, .validation]),
    (["cub_base/a", "cub_novel/b", "cub_val/c"], [.train, .test, .validation]),
    (["tr/a", "va/b", "te/c"], [.test, .train, .validation]),
    (["test-clean/a", "train-clean/b", "val-clean/c"], [.test, .train, .validation]),
    // One word is no family, and superclasses may be called anything.
    (["steam_train/a", "car/b", "test_tube/c"], nil),
    // Classes themselves are no parts.
    (["x_train", "x_test", "x_val"], nil),
  ]

  @Test("folders that name parts together with others beside them are parts", arguments: families)
  func family(folders: [String], found: [Split]?) throws {
    let folder = try Fixtures.folder(folders, images: 1)
    let index = try DatasetIndex(root: folder.path)
    if let found {
      #expect(index.classes.map(\.split) == found)
      #expect(index.division.hasPrefix("folders "))
    } else {
      #expect(index.division.contains("drawn"))
    }
  }

  @Test("classes are not drawn where lists beside them say their parts", arguments: ["csv", "txt"])
  func lists(ending: String) throws {
    let folder = try Fixtures.folder(["a", "b", "c"], images: 1)
    for (name, item) in [("mini_train", "a"), ("mini_val", "b"), ("mini_test", "c")] {
      try folder.write(ending == "csv" ? "label\n\(item)\n" : "\(item)\n", "\(name).\(ending)")
    }
    let sentence = complaint { _ = try DatasetIndex(root: folder.path) }
    #expect(
      sentence.contains("mini_test.\(ending)") && sentence.contains("--split \(folder.path)"), "\(sentence)")
    let index = try DatasetIndex(root: folder.path, split: .file(folder.path))
    #expect(index.classes.map(\.split) == [.train, .validation, .test])
  }

  @Test("a division written as a list is read back as the same division, without the classes left out")
  func written() throws {
    let folder = try Fixtures.folder(["a", "x/a", "b, c", "d", "e", "f", "g"], images: 1)
    let index = try DatasetIndex(root: folder.path, seed: 3, leavingOut: ["d"])
    #expect(index.classes.contains { $0.name == "d" && $0.split == nil })
    try folder.write(index.splitFile, "kept.csv")
    let again = try DatasetIndex(root: folder.path, split: .file("\(folder.path)/kept.csv"))
    // The classes left out are still there, so the hash of the images is the same too.
    #expect(again.classes == index.classes)
  }
}
