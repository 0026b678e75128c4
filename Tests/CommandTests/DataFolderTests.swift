import Foundation
import Testing

@Suite("Data folders on the command line")
struct DataFolderTests {
  private static let tiny =
    "--image-size 8 --filters 4 --ways 2 --queries 2 --train-queries 2 --validation-queries 2 --meta-batch 2 --iterations 1 "
    + "--episodes 3 --validation-episodes 2 --evaluation-steps 2 --baseline none --robustness-episodes 0 "
    + "--rate-trials 1 --threads 1"

  private func glyphs(_ folder: URL, _ name: String = "g") throws {
    let made = try Program.run(
      "data glyphs --output \(name) --train 3 --validation 2 --test 2 --images 5", in: folder)
    #expect(made.status == 0, "\(made.error)")
  }

  /// A run `r` on the images `g`, both made.
  private func trained(_ folder: URL) throws {
    try glyphs(folder)
    let run = try Program.run("run --data g \(Self.tiny) --attribution-episodes 0 --output r", in: folder)
    #expect(run.status == 0, "\(run.error)")
  }

  private func text(_ folder: URL, _ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  private func exists(_ folder: URL, _ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }

  @Test("a report says how the data were divided and prepared, what splits share, and shows an episode")
  func report() throws {
    try Program.withFolder { folder in
      try glyphs(folder, "up/g")
      let files = FileManager.default
      let (train, test) = ("up/g/train/class000", "up/g/test/class000")
      try files.copyItem(
        at: folder.appendingPathComponent(train), to: folder.appendingPathComponent(test))
      let run = try Program.run("run --data up \(Self.tiny) --output r", in: folder)
      #expect(run.status == 0, "\(run.error)")
      #expect(
        run.error.contains(
          "warning: 1 class name stands in several splits, such as class000 in train and test"))
      #expect(run.error.contains("warning: 5 pictures of test classes are pictures of train classes too"))
      let report = try text(folder, "r/report.md")
      for words in [
        "Division of the classes: folders g/test, g/train, g/val.", "8 × 8, grey, inverted",
        "Warning: 1 class name stands in several splits", "Train, validation and test are not separate",
        "(figures/episode.png)",
      ] { #expect(report.replacing("\\", with: "").contains(words), "\(words)") }
      #expect(try text(folder, "r/report.html").contains("<img src=\"data:image/png;base64,"))
      #expect(exists(folder, "r/figures/episode.png"))
      let result = try JSONSerialization.jsonObject(with: Data(text(folder, "r/results.json").utf8))
      let data = try #require((result as? [String: Any])?["data"] as? [String: Any])
      #expect(data["shared_classes"] as? Int == 1 && data["shared_pictures"] as? Int == 5)

      // Pictures of the training are no other data.
      let shifted = try Program.run(
        "evaluate r --suite robustness --conditions short --robustness-episodes 2 --shift-data up/g/train --threads 1 --output e",
        in: folder)
      #expect(shifted.status == 64, "\(shifted.error)")
      #expect(
        shifted.error.contains("of its 15 pictures 15 are training pictures of the runs"), "\(shifted.error)")
    }
  }

  @Test("separate splits are said to be separate because they were compared")
  func separate() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      let run = try Program.run("run --data g \(Self.tiny) --output r", in: folder)
      #expect(run.status == 0 && !run.error.contains("warning"), "\(run.error)")
      #expect(try text(folder, "r/report.md").contains("No class name and no picture stands in two of train"))
    }
  }

  @Test(
    "results are never written into the folder of images",
    arguments: ["g", "g/", "./g/below/r", "link/r", "g/../g/r"])
  func output(_ place: String) throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      try FileManager.default.createSymbolicLink(
        atPath: folder.appendingPathComponent("link").path, withDestinationPath: "g")
      let run = try Program.run("run --data g \(Self.tiny) --output \(place)", in: folder)
      #expect(run.status == 73 && run.error.contains("the folder that images are read from"), "\(run.error)")
      #expect(!exists(folder, "g/config.json") && !exists(folder, "g/r") && !exists(folder, "g/below"))
    }
  }

  @Test("no command writes into the folder of images")
  func everyOutput() throws {
    try Program.withFolder { folder in
      try trained(folder)
      try Data("base: {data: g, iterations: 1}\ngrid: {seed: [0]}\n".utf8).write(
        to: folder.appendingPathComponent("grid.yaml"))
      let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/g")
      for line in [
        "evaluate r --suite speed --output g/e", "ablate grid.yaml --output g/a",
        "curves r --output g/train/class000/c.png",
        "data corrupt --data g --output g/c",
      ] {
        let refused = try Program.run(line, in: folder)
        #expect(
          refused.status == 73 && refused.error.contains("the folder that images are read from"),
          "\(line): \(refused.status) \(refused.error)")
      }
      // The folder of runs where none is named.
      let inside = try Program.run("run --data . \(Self.tiny)", in: folder.appendingPathComponent("g"))
      #expect(inside.status == 73, "\(inside.error)")
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/g") == before)
    }
  }

  @Test("a report says that classes were drawn, or that a file divides them")
  func division() throws {
    try Program.withFolder { folder in
      let made = try Program.run(
        "data glyphs --output h --train 12 --validation 0 --test 0 --images 5", in: folder)
      #expect(made.status == 0, "\(made.error)")
      try FileManager.default.moveItem(
        at: folder.appendingPathComponent("h/train"), to: folder.appendingPathComponent("g"))
      let check = try Program.run("data check --data g --write-split s.csv", in: folder)
      #expect(check.status == 0, "\(check.error)")
      for (more, words) in [("", "drawn with seed 0"), (" --split s.csv", "s.csv")] {
        let run = try Program.run("run --data g\(more) \(Self.tiny) --output r\(more.count)", in: folder)
        #expect(run.status == 0, "\(run.error)")
        let lines = try text(folder, "r\(more.count)/report.md").split(separator: "\n")
        let line = try #require(lines.first { $0.contains("Division of the classes") })
        #expect(line.replacing("\\", with: "").contains(words), "\(line)")
      }
    }
  }

  @Test("an import tells of labels with white space, with their line, and makes one class of them")
  func spacedLabels() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      let files = ["00", "01", "02"].map { "train/class000/\($0).png" }
      try Data("filename,label\n\(files[0]),cat\n\(files[1]),\"cat \"\n\(files[2]),Cat\n".utf8).write(
        to: folder.appendingPathComponent("l.csv"))
      let made = try Program.run("data import --list l.csv --images g --output i", in: folder)
      #expect(made.status == 0, "\(made.error)")
      #expect(made.error.contains("such as that of line 3"), "\(made.error)")
      #expect(made.error.contains("\"Cat\" of line 4"), "\(made.error)")
      let classes = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/i").sorted()
      #expect(classes == ["Cat", "cat"])
    }
  }

  @Test(
    "shift data with too few classes or images is refused with its folder and number, and nothing else is advised"
  )
  func smallShift() throws {
    try Program.withFolder { folder in
      try trained(folder)
      _ = try Program.run(
        "data glyphs --output one --train 0 --validation 0 --test 1 --images 5 --seed 9", in: folder)
      _ = try Program.run(
        "data glyphs --output few --train 0 --validation 0 --test 2 --images 2 --seed 9", in: folder)
      for (shift, words) in [("one", "it has 1 classes"), ("few", "need 3 images of a class")] {
        let refused = try Program.run(
          "evaluate r --suite robustness --conditions short --shift-data \(shift)/test --output e", in: folder
        )
        #expect(
          refused.status != 0 && refused.error.contains("shift-data \(shift)/test: ")
            && refused.error.contains(words),
          "\(refused.error)")
        for flag in ["--ways", "--split", "--queries"] {
          #expect(!refused.error.contains(flag), "\(refused.error)")
        }
      }
    }
  }

  @Test(
    "validation pictures are no other data, test pictures are told, and one training picture of many only warns"
  )
  func shiftOfTheRun() throws {
    try Program.withFolder { folder in
      try trained(folder)
      let line =
        "evaluate r --suite robustness --conditions short --robustness-episodes 2 --attribution none --threads 1 --shift-data"
      let chosen = try Program.run("\(line) g/val --output e", in: folder)
      #expect(
        chosen.status == 64 && chosen.error.contains("10 are validation pictures of the runs"),
        "\(chosen.error)")
      let tested = try Program.run("\(line) g/test --output t", in: folder)
      #expect(
        tested.status == 0 && tested.error.contains("10 of its 10 pictures are test pictures of the runs"),
        "\(tested.error)")
      _ = try Program.run(
        "data glyphs --output o --train 0 --validation 0 --test 5 --images 40 --seed 9", in: folder)
      let first = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/o/test").sorted()[0]
      try FileManager.default.copyItem(
        at: folder.appendingPathComponent("g/train/class000/00.png"),
        to: folder.appendingPathComponent("o/test/\(first)/z.png"))
      let few = try Program.run("\(line) o/test --output w", in: folder)
      #expect(
        few.status == 0 && few.error.contains("of its 201 pictures 1 are training pictures of the runs"),
        "\(few.error)")
    }
  }

  @Test("what was trained with paths from one folder is evaluated, quantized and resumed from another")
  func elsewhere() throws {
    try Program.withFolder { folder in
      let home = folder.appendingPathComponent("home")
      try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
      try glyphs(home)
      let check = try Program.run("data check --data g --write-split s.csv", in: home)
      #expect(check.status == 0, "\(check.error)")
      let run = try Program.run(
        "run --data g --split s.csv \(Self.tiny) --attribution-episodes 0 --output r", in: home)
      #expect(run.status == 0, "\(run.error)")
      for line in [
        "evaluate home/r --suite speed --probe-episodes 2 --attribution none", "quantize home/r",
        "run --resume home/r",
      ] {
        let done = try Program.run(line, in: folder)
        #expect(done.status == 0, "\(line): \(done.error)")
      }
    }
  }

  @Test("an import that is stopped leaves nothing")
  func stoppedImport() throws {
    try Program.withFolder { folder in
      let made = try Program.run(
        "data glyphs --output g --train 200 --validation 1 --test 1 --images 40", in: folder)
      #expect(made.status == 0, "\(made.error)")
      let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/g").filter {
        $0.hasSuffix(".png")
      }
      let rows = files.map { "\($0),\($0.split(separator: "/")[1])\n" }.joined()
      try Data(("filename,label\n" + rows).utf8).write(to: folder.appendingPathComponent("l.csv"))
      let program = try RunningProgram("data import --list l.csv --images g --output i", in: folder)
      try program.waitsForHandler(of: SIGTERM)
      // While its draft is there.
      let end = Date(timeIntervalSinceNow: 60)
      while !exists(folder, ".fewshot-i.draft"), program.isRunning, Date() < end { usleep(500) }
      program.send(SIGTERM)
      #expect(program.end() == 130)
      #expect(!exists(folder, "i") && !exists(folder, ".fewshot-i.draft"), "\(program.said)")
    }
  }

  @Test("small classes can be left out as the error says")
  func small() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      let lone = folder.appendingPathComponent("g/train/lone")
      try FileManager.default.createDirectory(at: lone, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: folder.appendingPathComponent("g/val/class003/00.png"), to: lone.appendingPathComponent("0.png"))
      let refused = try Program.run("run --data g \(Self.tiny) --output r", in: folder)
      #expect(refused.status == 64 && refused.error.contains("train/lone has 1 image"), "\(refused.error)")
      let command = try #require(
        refused.error.split(separator: "fewshot ").last?.split(separator: "\n").first)
      let kept = try Program.run(String(command), in: folder)
      #expect(kept.status == 0 && exists(folder, "kept.csv"), "\(kept.error)")
      let run = try Program.run("run --data g --split kept.csv \(Self.tiny) --output r", in: folder)
      #expect(run.status == 0, "\(run.error)")
    }
  }

  @Test("pictures in which nothing is left to see end a run with 65 and the reason")
  func blank() throws {
    try Program.withFolder { folder in
      // A white pixel with alpha 0, 1 × 1, as grey with alpha.
      let file = try #require(
        Data(
          base64Encoded:
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR4nGP4zwAAAgEBADK6K5IAAAAASUVORK5CYII="))
      for c in 0..<9 {
        let place = folder.appendingPathComponent("d/c\(c)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for i in 0..<5 { try file.write(to: place.appendingPathComponent("\(i).png")) }
      }
      let check = try Program.run("data check --data d", in: folder)
      #expect(check.status == 0 && check.error.contains("45 of 45 pictures are one colour"), "\(check.error)")
      let run = try Program.run("run --data d \(Self.tiny) --output r", in: folder)
      #expect(run.status == 65 && run.error.contains("nothing to learn"), "\(run.error)")
    }
  }

  @Test("parts go by any of their names", arguments: ["val", "validation", "valid", "train", "test"])
  func part(_ name: String) throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      let made = try Program.run(
        "episodes make --data g --part \(name) --ways 2 --queries 2 --count 2 --output e.jsonl", in: folder)
      #expect(made.status == 0, "\(made.error)")
    }
  }

  @Test("what a killed import or other command leaves is removed by the next")
  func drafts() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      try Data("filename,label\ntrain/class000/00.png,a\n".utf8).write(
        to: folder.appendingPathComponent("l.csv"))
      for (output, line) in [
        ("i", "data import --list l.csv --images g --output i"),
        ("h", "data glyphs --output h --train 1 --validation 1 --test 1 --images 1"),
      ] {
        let left = folder.appendingPathComponent(".fewshot-\(output).draft/b")
        try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
        try Data("half".utf8).write(to: left.appendingPathComponent("1.png"))
        // As it would have it: locked while it was written.
        try Data().write(to: left.deletingLastPathComponent().appendingPathComponent(".lock"))
        let made = try Program.run(line, in: folder)
        #expect(made.status == 0, "\(made.error)")
        #expect(!exists(folder, ".fewshot-\(output).draft") && !exists(folder, "\(output)/b"))
        #expect(!exists(folder, "\(output)/.lock"))
      }
    }
  }
}
