import Foundation
import Testing

@Suite struct ExitStatusTests {
  @Test(
    "wrong usage and configuration end with 64 and at most three lines that say what to do",
    arguments: [
      ("run --wyas 5", "--ways"), ("frobnicate", "frobnicate"), ("runn", "The nearest is run"),
      ("data chek", "there is no command \"fewshot data chek\". The nearest is check"),
      ("run --ways 1 --dry-run", "2...1000"),
      ("run --ways five --dry-run", "whole number"), ("run --family acdcc --dry-run", "acdc"),
      ("run --family standard --adapt atoms --dry-run", "kernels, norm, head"),
      ("run --inner-steps 0 --dry-run", "a linear head knows nothing of a task before a step"),
      ("run --option atom=6 --dry-run", "atoms, share"), ("inspect --backbone conv5", "conv4"),
      ("inspect --filters 0", "1...4096"), ("bench --work nothing", "maml-all"),
      ("bench --ways 1", "2...1000"), ("bench --backbone resnet11", "resnet12"),
      ("bench --layers --scaling", "two measurements"),
      ("episodes make --count 5", "--output"), ("episodes stats", "<file>"),
      ("convert --family svd", "<run>"), ("curves missing --format png", "--output"),
      ("curves missing --json --format svg", "--json"), ("curves", "<run>"), ("report", "<folder>"),
    ])
  func usage(_ line: String, _ words: String) throws {
    let outcome = try Program.run(line)
    #expect(outcome.status == 64)
    #expect(outcome.error.contains(words), "\(outcome.error)")
    #expect(outcome.output.isEmpty)
  }

  @Test(
    "missing input ends with 66",
    arguments: [
      "run --config missing.yaml", "data check --data missing", "episodes verify missing.jsonl",
      "episodes stats missing.jsonl", "convert missing --family svd",
      "data check --data . --split missing.csv", "report missing", "curves missing --x ms",
    ])
  func missing(_ line: String) throws {
    try Program.withFolder { folder in
      let outcome = try Program.run(line, in: folder)
      #expect(outcome.status == 66, "\(outcome.error)")
      #expect(outcome.error.contains("missing"))
    }
  }

  @Test("an unknown key of a file ends with 64, its line and the nearest name")
  func unknownKey() throws {
    try Program.withFolder { folder in
      try "shots: 1\nwyas: 5\n".write(
        to: folder.appendingPathComponent("plan.yaml"), atomically: true, encoding: .utf8)
      let outcome = try Program.run("run --config plan.yaml", in: folder)
      #expect(outcome.status == 64)
      #expect(outcome.error.contains("plan.yaml, line 2: wyas"))
      #expect(outcome.error.contains("ways"))
    }
  }

  @Test("cells whose settings contradict each other are named before any is trained, and end with 64")
  func impossibleCells() throws {
    try Program.withFolder { folder in
      try "grid: {family: [standard, svd], adapt: [atoms]}\n".write(
        to: folder.appendingPathComponent("grid.yaml"), atomically: true, encoding: .utf8)
      let listed = try Program.run("ablate grid.yaml --dry-run", in: folder)
      #expect(listed.status == 64 && listed.output == "standard-atoms\nsvd-atoms\n")
      #expect(
        listed.error.contains("2 of 2 cells") && listed.error.contains("kernels, norm, head"),
        "\(listed.error)")
      let trained = try Program.run("ablate grid.yaml --output r", in: folder)
      #expect(trained.status == 64, "\(trained.error)")
      #expect(trained.error.contains("cell svd-atoms cannot be trained: "), "\(trained.error)")
      let table = try String(contentsOf: folder.appendingPathComponent("r/cells.csv"), encoding: .utf8)
      #expect(table.contains("svd-atoms,failed,,"))
      #expect(
        !FileManager.default.fileExists(atPath: folder.appendingPathComponent("r/cells/svd-atoms").path))
    }
  }

  @Test("bad data ends with 65 and names the file; leaving it out is a choice")
  func badData() throws {
    try Program.withFolder { folder in
      #expect(
        try Program.run("data glyphs --output g --train 2 --validation 2 --test 2 --images 3", in: folder)
          .status == 0)
      let image = folder.appendingPathComponent("g/test/class004/01.png")
      try Data("not a picture".utf8).write(to: image)
      let refused = try Program.run("data check --data g", in: folder)
      #expect(refused.status == 65)
      #expect(refused.error.contains("test/class004/01.png"))
      let skipping = try Program.run("data check --data g --skip-unreadable --json", in: folder)
      #expect(skipping.status == 0)
      // What is left out is not counted anywhere.
      let report = try #require(try skipping.json() as? [String: Any])
      let splits = try #require(report["splits"] as? [[String: Any]])
      #expect(report["images"] as? Int == 17 && splits.map { $0["images"] as? Int } == [6, 6, 5])
      #expect(splits[2]["fewest_images"] as? Int == 2)
      try Data("{}\n".utf8).write(to: folder.appendingPathComponent("list.jsonl"))
      #expect(try Program.run("episodes stats list.jsonl", in: folder).status == 65)
      #expect(try Program.run("data check --data g/test/class005", in: folder).status == 65)
      let file = try Program.run("data check --data list.jsonl", in: folder)
      #expect(file.status == 65 && file.error.contains("list.jsonl: not a folder"), "\(file.error)")
    }
  }

  @Test("output that is there already, or cannot be made, ends with 73")
  func output() throws {
    try Program.withFolder { folder in
      try Data().write(to: folder.appendingPathComponent("taken"))
      #expect(try Program.run("data glyphs --output taken", in: folder).status == 73)
      #expect(try Program.run("data glyphs --output taken/below", in: folder).status == 73)
      #expect(try Program.run("episodes make --count 2 --output taken", in: folder).status == 73)
    }
  }
}
