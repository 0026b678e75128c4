import Foundation
import Synchronization
import Testing

@Suite("Data sets on the command line")
struct DataCommandTests {
  private func glyphs(_ folder: URL) throws {
    let made = try Program.run(
      "data glyphs --output g --train 3 --validation 2 --test 2 --images 8", in: folder)
    #expect(made.status == 0)
  }

  @Test("data check names twenty bad files, and all of them when asked")
  func listing() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      for i in 10..<35 {
        try Data("bad".utf8).write(to: folder.appendingPathComponent("g/train/class000/x\(i).png"))
      }
      try Data().write(to: folder.appendingPathComponent("g/train/class000/00.jpg"))
      let some = try Program.run("data check --data g", in: folder)
      #expect(some.status == 65 && some.output.isEmpty)
      #expect(some.error.contains("25 of 81 images") && some.error.contains("and 5 more"), "\(some.error)")
      #expect(
        some.error.contains("passed over 1 pictures that have a PNG file of the same name"), "\(some.error)")
      let all = try Program.run("data check --data g --all", in: folder)
      #expect(all.status == 65 && all.output.split(separator: "\n").count == 25)
      let json = try Program.run("data check --data g --json", in: folder)
      #expect(json.status == 65)
      let report = try #require(try json.json() as? [String: Any])
      #expect((report["skipped"] as? [[String: Any]])?.count == 25)
      #expect((report["passed_over"] as? [String: Any])?["originals"] as? Int == 1)
      #expect(report["images"] as? Int == 56)
    }
  }

  @Test("an import is what run reads; it overwrites nothing and names bad rows")
  func importing() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      var list = "filename,label,split\n"
      for (split, classes) in [("train", 0..<3), ("val", 3..<5), ("test", 5..<7)] {
        for c in classes {
          for i in 0..<8 { list += "\(split)/class00\(c)/0\(i).png,letter \(c),\(split)\n" }
        }
      }
      try list.write(to: folder.appendingPathComponent("l.csv"), atomically: true, encoding: .utf8)
      let line = "data import --list l.csv --images g --output"
      let made = try Program.run("\(line) i --json", in: folder)
      #expect(made.status == 0, "\(made.error)")
      let splits = try #require((made.json() as? [String: Any])?["splits"] as? [[String: Any]])
      #expect(splits.map { $0["images"] as? Int } == [24, 16, 16])
      #expect(try Program.run("data check --data i", in: folder).status == 0)
      #expect(try Program.run("\(line) i", in: folder).status == 73)
      #expect(try Program.run("\(line) j --link", in: folder).status == 0)
      try (list + "../l.csv,x,train\n").write(
        to: folder.appendingPathComponent("l.csv"), atomically: true, encoding: .utf8)
      let refused = try Program.run("\(line) k", in: folder)
      #expect(refused.status == 65 && refused.error.contains("l.csv, line 58"), "\(refused.error)")
      #expect(try Program.run("data import --list no.csv --images g --output k", in: folder).status == 66)
      #expect(try Program.run("data import --list l.csv --images no --output k", in: folder).status == 66)
    }
  }

  @Test("a data folder that may not be written to is enough for a run")
  func readOnly() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      let chmod = { (mode: String) in
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/chmod")
        process.arguments = ["-R", mode, folder.appendingPathComponent("g").path]
        try process.run()
        process.waitUntilExit()
      }
      try chmod("a-w")
      defer { try? chmod("u+w") }
      let run = try Program.run("run --data g \(Self.tiny) --output r", in: folder)
      #expect(run.status == 0, "\(run.error)")
    }
  }

  private static let tiny =
    "--image-size 16 --filters 4 --ways 2 --queries 3 --validation-queries 2 --meta-batch 2 --iterations 1 --episodes 4 "
    + "--validation-episodes 2 --evaluation-steps 2 --baseline none --threads 1"

  @Test("two programs on one data folder, and on the built-in glyphs at their first use, agree")
  func twoPrograms() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "fewshot-two-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try glyphs(folder)
    let cache = ["XDG_CACHE_HOME": folder.appendingPathComponent("cache").path]
    let outcomes = try await withThrowingTaskGroup(of: (String, Program.Outcome).self) { group in
      for i in 0..<2 {
        group.addTask {
          ("given", try Program.run("run --data g \(Self.tiny) --output r\(i) --json", in: folder))
        }
        group.addTask { ("built-in", try Program.run("data check --json", in: folder, environment: cache)) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0, default: []].append($1.1) }
    }
    for (name, pair) in outcomes {
      for outcome in pair { #expect(outcome.status == 0, "\(name): \(outcome.error)") }
    }
    #expect(outcomes["built-in"]?[0].output == outcomes["built-in"]?[1].output)
    for file in ["checkpoints/last.safetensors", "eval/episodes.csv", "episodes/test.jsonl"] {
      let contents = try (0..<2).map { try Data(contentsOf: folder.appendingPathComponent("r\($0)/\(file)")) }
      #expect(contents[0] == contents[1], "\(file)")
    }
    // No half-made copy of the glyphs is left.
    let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache/fewshot")
    #expect(kept.count == 1, "\(kept)")
  }

  @Test("where too few files may be open, no good image passes for a bad one", arguments: 6...12)
  func openFiles(_ most: Int) throws {
    try Program.withFolder { folder in
      _ = try Program.run("data glyphs --output g --train 4 --validation 3 --test 3 --images 4", in: folder)
      let status = try Program.shell(
        "ulimit -n \(most); $fewshot data check --data g --skip-unreadable --json > out 2> err", in: folder)
      let out = try String(contentsOf: folder.appendingPathComponent("out"), encoding: .utf8)
      let error = try String(contentsOf: folder.appendingPathComponent("err"), encoding: .utf8)
      // With still fewer the system's own libraries may not start.
      #expect(status != 65 && (status != 0 || out.contains("\"images\": 40")), "\(status): \(error)")
    }
  }
}
