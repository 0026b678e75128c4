import Foundation
import Testing

@Suite struct CommandTests {
  @Test("families lists names, roles and options as one document")
  func families() throws {
    let outcome = try Program.run("families --json")
    let families = try #require(try outcome.json() as? [[String: Any]])
    #expect(families.compactMap { $0["name"] as? String }.prefix(2) == ["standard", "acdc"])
    #expect(families[1]["roles"] as? [String] == ["kernels", "coefficients", "atoms", "norm", "head"])
    #expect((families[1]["options"] as? [[String: Any]])?.first?["name"] as? String == "atoms")
    #expect(outcome.error.isEmpty)
    #expect(try Program.run("families").output.contains("acdc"))
  }

  @Test("backbones lists names, widths and sizes as one document")
  func backbones() throws {
    let listed = try #require(try Program.run("backbones --json").json() as? [[String: Any]])
    let twelve = try #require(listed.first { $0["name"] as? String == "resnet12" })
    #expect(twelve["parameters"] as? Int == 12_424_320)
    #expect(twelve["multiply_adds"] as? Int == 3_507_980_288)
    #expect(twelve["default_filters"] as? Int == 64)
    #expect(try Program.run("backbones").output.contains("resnet50-shared++"))
  }

  // 9·3·64 + 3·(64·64·9 + 9·9) + 512 numbers in the body; 27·9 atoms and 5·1600 + 5 of the head adapt.
  @Test("inspect prints counts as one document")
  func inspect() throws {
    let line =
      "inspect --backbone conv4 --filters 64 --channels 3 --image-size 84 --family acdc --option atoms=9 --adapt atoms --head adapts"
    let counts = try #require(try Program.run(line + " --json").json() as? [String: Any])
    let body = try #require(counts["body"] as? [String: Any])
    #expect(body["parameters"] as? Int == 113_075)
    #expect((body["multiply_adds"] as? [String: Any])?["dense"] as? Int == 97_164_288)
    #expect(counts["adapted"] as? Int == 243 + 8005)
    // Layer 1 forward only, layer 2 twice, layers 3 and 4 three times.
    let step = try #require(body["inner_step"] as? [String: Any])
    #expect(step["dense"] as? Int == 12_192_768 + 2 * 65_028_096 + 3 * (16_257_024 + 3_686_400))
    let roles = try #require(counts["roles"] as? [[String: Any]])
    let atoms = try #require(roles.first { $0["role"] as? String == "atoms" })
    let mean = try #require((atoms["amplification"] as? [String: Any])?["mean"] as? Double)
    // 2·O/m = 128/9.
    #expect(abs(mean - 128 / 9) < 0.7)
    #expect(roles.first { $0["role"] as? String == "norm" }?["amplification"] is NSNull)
    #expect(try Program.run(line).output.contains("113,075"))
  }

  @Test("a printed configuration runs again as the same, and flags win over it")
  func configuration() throws {
    try Program.withFolder { folder in
      let flags =
        "--ways 7 --no-invert --option atoms=9 --option share=net --inner-rate 0.1 --seed 3 --order first"
      let saved = try Program.run("run \(flags) --dry-run --json")
      let file = folder.appendingPathComponent("config.json")
      try saved.output.write(to: file, atomically: true, encoding: .utf8)
      let again = try Program.run("run --config config.json --dry-run --json", in: folder)
      #expect(again.status == 0 && again.output == saved.output)
      #expect(try Program.run("run \(flags) --dry-run").output == saved.output)
      let changed = try Program.run("run --config config.json --ways 9 --invert --dry-run --json", in: folder)
      let plan = try #require(try changed.json() as? [String: Any])
      #expect(plan["ways"] as? Int == 9)
      #expect(plan["invert"] as? Bool == true)
      #expect(plan["order"] as? String == "first")
    }
  }

  @Test("episodes are made the same twice, verified, summarised; a changed list is refused")
  func episodes() throws {
    try Program.withFolder { folder in
      let data = "--data g"
      _ = try Program.run(
        "data glyphs --output g --train 2 --validation 2 --test 6 --images 4", in: folder)
      let make =
        "episodes make \(data) --ways 3 --shots 1 --queries 2 --count 10 --episode-seed 5 --json --output"
      #expect(try Program.run("\(make) a.jsonl", in: folder).status == 0)
      #expect(try Program.run("\(make) b.jsonl", in: folder).status == 0)
      let text = try String(contentsOf: folder.appendingPathComponent("a.jsonl"), encoding: .utf8)
      #expect(try text == String(contentsOf: folder.appendingPathComponent("b.jsonl"), encoding: .utf8))

      let verified = try Program.run("episodes verify a.jsonl \(data) --json", in: folder)
      #expect(try (verified.json() as? [String: Any])?["valid"] as? Bool == true)
      let stats = try Program.run("episodes stats a.jsonl --json", in: folder)
      #expect(try (stats.json() as? [String: Any])?["episodes"] as? Int == 10)

      try text.replacingOccurrences(of: "/00.png", with: "/77.png")
        .write(to: folder.appendingPathComponent("b.jsonl"), atomically: true, encoding: .utf8)
      let refused = try Program.run("episodes verify b.jsonl \(data)", in: folder)
      #expect(refused.status == 65)
      #expect(refused.error.contains("line"))
    }
  }

  @Test("data check counts classes and finds identical images")
  func dataCheck() throws {
    try Program.withFolder { folder in
      _ = try Program.run(
        "data glyphs --output g --train 2 --validation 1 --test 1 --images 2", in: folder)
      let train = folder.appendingPathComponent("g/train/class000")
      try FileManager.default.copyItem(
        at: train.appendingPathComponent("00.png"), to: train.appendingPathComponent("copy.png"))
      let outcome = try Program.run("data check --data g --json", in: folder)
      let report = try #require(try outcome.json() as? [String: Any])
      #expect(report["classes"] as? Int == 4)
      #expect(report["images"] as? Int == 9)
      #expect(
        report["duplicates"] as? [[String]] == [["train/class000/00.png", "train/class000/copy.png"]])
    }
  }

  @Test("run prints one document and leaves its folder; check writes what another program needs")
  func runAndCheck() throws {
    try Program.withFolder { folder in
      _ = try Program.run(
        "data glyphs --output g --train 4 --validation 3 --test 3 --images 6", in: folder)
      let small = "--data g --image-size 16 --filters 4 --ways 3 --queries 3 --train-queries 2 --seed 1"
      let run = try Program.run(
        "run \(small) --validation-queries 2 --meta-batch 2 --iterations 2 --episodes 4 --validation-episodes 2 "
          + "--evaluation-steps 2 --output r --json", in: folder)
      #expect(run.status == 0, "\(run.error)")
      let arms = try #require((run.json() as? [String: Any])?["arms"] as? [[String: Any]])
      #expect(arms.map { $0["name"] as? String } == ["acdc-atoms", "standard-all"])
      let report = folder.appendingPathComponent("r/report.html")
      let page = try Data(contentsOf: report)
      try FileManager.default.removeItem(at: report)
      let again = try Program.run("report r --json", in: folder)
      let files = try #require((again.json() as? [String: Any])?["files"] as? [String])
      #expect(files.contains("report.html") && files.contains("figures/curves-macs.png"))
      #expect(try Data(contentsOf: report) == page)
      for (options, start) in [("", "run,arm,step,"), ("--json", "{"), ("--format svg --x ms", "<svg")] {
        let curves = try Program.run("curves r \(options)", in: folder)
        #expect(curves.status == 0 && curves.output.hasPrefix(start), "\(options): \(curves.error)")
      }
      #expect(try Program.run("curves r --format png --output c.png", in: folder).status == 0)
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("c.png").path))
      #expect(try Program.run("run \(small) --output r", in: folder).status == 73)

      // Whether differences in 32 bits are sure enough is the check's own verdict; the files come first.
      _ = try Program.run("check \(small) --export e", in: folder)
      for name in ["parameters", "episode", "rates", "gradient", "adapted"] {
        let file = folder.appendingPathComponent("e/\(name).safetensors")
        #expect(FileManager.default.fileExists(atPath: file.path), "\(name)")
      }
      let plan = try JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.appendingPathComponent("e/plan.json")))
      #expect((plan as? [String: Any])?["inner-steps"] as? Int == 2)
    }
  }

  @Test("arms of several learners are evaluated in any order, and ablated")
  func learners() throws {
    try Program.withFolder { folder in
      _ = try Program.run("data glyphs --output g --train 6 --validation 3 --test 5 --images 6", in: folder)
      let base =
        "data: g, image-size: 16, filters: 4, ways: 3, queries: 3, validation-queries: 2, meta-batch: 2, "
        + "iterations: 20, episodes: 20, validation-episodes: 2, evaluation-steps: 2, family: standard, rate-trials: 0, "
        + "inner-rate: 0.1, outer-rate: 0.02"
      try Data(
        "base: {\(base)}\ngrid: {learner: [maml, prototypical]}\nevaluate: {suite: speed, probe-episodes: 2}\n"
          .utf8
      ).write(to: folder.appendingPathComponent("grid.yaml"))
      let ablated = try Program.run("ablate grid.yaml --output a --json", in: folder)
      #expect(ablated.status == 0, "\(ablated.error)")
      let cells = ["standard-all-learnermaml", "standard-learnerprototypical"].map { "a/cells/\($0)" }
      for (i, order) in [cells, cells.reversed()].enumerated() {
        let outcome = try Program.run(
          "evaluate \(order.joined(separator: " ")) --suite speed --probe-episodes 2 --output e\(i) --json",
          in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let arms = try #require((outcome.json() as? [String: Any])?["arms"] as? [[String: Any]])
        #expect(Set(arms.compactMap { $0["learner"] as? String }) == ["maml", "prototypical"])
      }
    }
  }
}
