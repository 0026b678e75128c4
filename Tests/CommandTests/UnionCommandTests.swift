import Foundation
import Testing

@Suite("Unions on the command line")
struct UnionCommandTests {
  private static let tiny =
    "--image-size 8 --filters 4 --ways 2 --queries 2 --train-queries 2 --validation-queries 2 --meta-batch 2 --iterations 1 "
    + "--episodes 8 --validation-episodes 2 --evaluation-steps 2 --baseline none --robustness-episodes 0 "
    + "--attribution-episodes 0 --rate-trials 1 --threads 1"

  private func glyphs(_ folder: URL) throws {
    for (seed, name) in ["a", "b"].enumerated() {
      let made = try Program.run(
        "data glyphs --seed \(seed) --output \(name) --train 3 --validation 2 --test 2 --images 5", in: folder
      )
      #expect(made.status == 0, "\(made.error)")
    }
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("a check lists the classes of every set, and keeps a division that is read again")
  func check() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      let found = try Program.run("data check --data a --data b --write-split kept.csv", in: folder)
      #expect(found.status == 0, "\(found.error)")
      for row in [/a +train +3 +15/, /b +test +2 +10/] {
        #expect(found.output.contains(row), "\(found.output)")
      }
      let told = try json(
        Program.run("data check --data a --data b --split kept.csv --json", in: folder).output)
      #expect(told["path"] as? [String] == ["a", "b"] && told["classes"] as? Int == 14)
      let sets = try #require(told["sets"] as? [[String: Any]])
      #expect(sets.map { $0["name"] as? String } == ["a", "b"])
      let alone = try json(Program.run("data check --data b --json", in: folder).output)
      #expect(sets[1]["hash"] as? String == alone["hash"] as? String && alone["path"] as? String == "b")
      #expect((alone["sets"] as? [Any])?.isEmpty == true)
      let sheet = try Program.run("data sheet --data a --data b --output sheet.png --json", in: folder)
      let shown = try json(sheet.output)
      #expect(shown["classes_in_all"] as? Int == 14)
      let own = try #require(shown["sets"] as? [[String: Any]])
      #expect(own.map { $0["name"] as? String } == ["a", "b"])
      #expect(own.map { $0["classes_in_all"] as? Int } == [7, 7])
      #expect(own.compactMap { $0["classes"] as? Int }.reduce(0, +) == shown["classes"] as? Int)
    }
  }

  @Test("a run on a union is evaluated, sampled and resumed by commands that name it, or find it")
  func run() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      let run = try Program.run("run --data a --data b \(Self.tiny) --output r", in: folder)
      #expect(run.status == 0, "\(run.error)")
      let config = try json(
        String(contentsOf: folder.appendingPathComponent("r/config.json"), encoding: .utf8))
      #expect(config["data"] as? [String] == ["a", "b"])
      let again = try Program.run("run --config r/config.json --output again", in: folder)
      #expect(again.status == 0, "\(again.error)")
      for name in ["episodes/test.jsonl", "eval/episodes.csv", "checkpoints/best.safetensors"] {
        #expect(
          try Data(contentsOf: folder.appendingPathComponent("r/\(name)"))
            == Data(contentsOf: folder.appendingPathComponent("again/\(name)")), "\(name)")
      }
      for line in [
        "episodes verify r/episodes/test.jsonl --data a --data b", "run --resume r",
        "episodes make --data a --data b --ways 2 --queries 2 --count 5 --output list.jsonl",
        "data sheet --run r --episode 0 --output e.png", "data corrupt --data a --data b --output c",
        "check --data a --data b \(Self.tiny)",
      ] {
        let done = try Program.run(line, in: folder)
        #expect(done.status == 0, "\(line): \(done.error)")
      }
      let part = try Program.run("evaluate r --data a --output e", in: folder)
      #expect(part.status == 64 && part.error.contains("union of 2 folders, a and b"), "\(part.error)")
      let turned = try Program.run(
        "evaluate r --data b --data a --suite speed --probe-episodes 2 --attribution none --output e",
        in: folder)
      #expect(
        turned.status == 64 && turned.error.contains("or its folders have other names or another order"),
        "\(turned.error)")
    }
  }

  @Test(
    "bad unions end at once, with the status of their kind and what to do",
    arguments: [
      ("--data a --data a", 64, "one folder twice"), ("--data a --data a/train", 64, "which lies in"),
      ("--data a --data gone", 66, "gone: not found"), ("--data a --data ''", 64, "--data is empty"),
      ("--data a --data b --ways 3", 64, "--ways"),
      ("--data a --data few", 64, "The data set few has too few classes"),
      ("--data a --data b --output b/r", 73, "the folder that images are read from"),
    ])
  func refusals(flags: String, status: Int32, words: String) throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      let few = try Program.run(
        "data glyphs --output few --train 3 --validation 1 --test 2 --images 5", in: folder)
      #expect(few.status == 0)
      let line = "$fewshot run \(Self.tiny) --output r \(flags) 2> said.txt"
      #expect(try Program.shell(line, in: folder) == status)
      let said = try String(contentsOf: folder.appendingPathComponent("said.txt"), encoding: .utf8)
      #expect(said.contains(words), "\(said)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("r").path))
    }
  }

  @Test("an ablation takes a union as one value of a setting")
  func ablation() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      let settings = Self.tiny.split(separator: " --").map { part in
        part.replacing("--", with: "").replacing(" ", with: ": ")
      }.filter { !$0.hasPrefix("threads") && !$0.hasPrefix("baseline") }
      let grid = "base: {\(settings.joined(separator: ", "))}\ngrid: {data: [a, [a, b]], seed: [0]}\n"
      try Data(grid.utf8).write(to: folder.appendingPathComponent("grid.yaml"))
      let done = try Program.run("ablate grid.yaml --output g --jobs 1", in: folder)
      #expect(done.status == 0, "\(done.error)")
      let cells = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/g/cells")
        .filter { $0.hasSuffix("seed0") }
      let data = try cells.map { cell in
        try json(
          String(contentsOf: folder.appendingPathComponent("g/cells/\(cell)/config.json"), encoding: .utf8))[
            "data"]
      }
      #expect(data.contains { $0 as? String == "a" } && data.contains { $0 as? [String] == ["a", "b"] })
    }
  }
}
