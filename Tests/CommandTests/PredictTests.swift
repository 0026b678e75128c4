import Foundation
import Testing

/// A run of seconds on tiny images, made once for all tests of a kind.
enum SmallRun {
  /// Flags of runs that take a second.
  static let flags =
    "--data g --image-size 16 --filters 4 --ways 3 --queries 3 --meta-batch 2 --iterations 3 --episodes 4 "
    + "--validation-queries 2 --validation-episodes 2 --evaluation-steps 2 --robustness-episodes 0 "
    + "--attribution-episodes 0 --baseline none --rate-trials 0 --inner-rate 0.1 --output r"

  /// Makes the images `g` and trains the run `r`.
  static func make(_ command: String, in folder: URL) throws {
    let images = try Program.run(
      "data glyphs --output g --train 6 --validation 3 --test 5 --images 6", in: folder)
    try #require(images.status == 0, "\(images.error)")
    let run = try Program.run("\(command) \(flags)", in: folder)
    try #require(run.status == 0, "\(run.error)")
  }

  /// Runs a command that must end well.
  @discardableResult
  static func done(_ line: String, in folder: URL) throws -> Program.Outcome {
    let outcome = try Program.run(line, in: folder)
    try #require(outcome.status == 0, "\(line): \(outcome.error)")
    return outcome
  }

  /// The predictions of a command, by the name of the file.
  static func predictions(_ line: String, in folder: URL) throws -> [String: [String: Any]] {
    let document = try #require(try done("\(line) --json", in: folder).json() as? [String: Any])
    let rows = try #require(document["predictions"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: rows.map { ($0["file"] as? String ?? "", $0) })
  }
}

@Suite("Pictures told apart on the command line")
struct PredictTests {
  /// One test episode of the run's frozen list as folders: `0`, `1`, … in the order of its classes.
  private func export(episode number: Int, in folder: URL) throws {
    let lines = try String(
      contentsOf: folder.appendingPathComponent("r/episodes/test.jsonl"), encoding: .utf8
    ).split(separator: "\n")
    let episode = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[number + 1].utf8)) as? [String: Any])
    for side in ["support", "query"] {
      for (label, paths) in try #require(episode[side] as? [[String]]).enumerated() {
        let place = folder.appendingPathComponent("\(side)/\(label)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for (i, path) in paths.enumerated() {
          try FileManager.default.copyItem(
            at: folder.appendingPathComponent("g/\(path)"), to: place.appendingPathComponent("\(i).png"))
        }
      }
    }
  }

  /// The accuracy of each test episode that the run itself found.
  private func accuracies(in folder: URL) throws -> [Double] {
    let text = try String(contentsOf: folder.appendingPathComponent("r/eval/episodes.csv"), encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
      let cells = line.split(separator: ",")
      return cells[1] == "clean" ? Double(cells[5]) : nil
    }
  }

  @Test(
    "an episode of the run's own list gets the accuracy that its evaluation found",
    arguments: [
      "run --family acdc --head adapts", "run --family acdc --head prototypes --adapt norm",
      "run --family standard --learner prototypical",
      "pretrain --backbone conv4 --batch-size 8 --held-out 0.2",
    ])
  func episode(command: String) throws {
    try Program.withFolder { folder in
      try SmallRun.make(command, in: folder)
      let found = try accuracies(in: folder)
      #expect(found.count == 4)
      for number in found.indices {
        for side in ["support", "query"] {
          try? FileManager.default.removeItem(at: folder.appendingPathComponent(side))
        }
        try export(episode: number, in: folder)
        let rows = try SmallRun.predictions("predict r --support support --images query", in: folder)
        #expect(rows.count == 9)
        let right = rows.count { file, row in
          row["predicted"] as? String == file.split(separator: "/").dropFirst().first.map(String.init)
        }
        #expect(abs(Double(right) / 9 - found[number]) < 1e-9, "episode \(number)")
      }
    }
  }

  @Test(
    "a saved task gives the same answers as the support it was learned from, whatever the head",
    arguments: [
      "", "--head centroid", "--head cosine", "--head logistic", "--head ridge", "--adapt atoms@2-4",
    ])
  func task(flags: String) throws {
    try Program.withFolder { folder in
      try SmallRun.make("run --family acdc --head adapts", in: folder)
      try export(episode: 0, in: folder)
      let asked = "--images query/0 query/1/0.png"
      let first = try SmallRun.predictions(
        "predict r --support support \(asked) --save t.safetensors \(flags)", in: folder)
      let again = try SmallRun.predictions("predict r --task t.safetensors \(asked)", in: folder)
      #expect(first.count == 4 && Set(first.keys) == Set(again.keys))
      for (file, row) in first {
        #expect(NSDictionary(dictionary: row) == NSDictionary(dictionary: again[file] ?? [:]), "\(file)")
      }
      // Judged alone, a picture's answer does not depend on the others.
      let alone = try SmallRun.predictions(
        "predict r --task t.safetensors --images query/1/0.png", in: folder)
      let probability = alone["query/1/0.png"]?["probability"] as? Double ?? 0
      #expect(abs(probability - (first["query/1/0.png"]?["probability"] as? Double ?? 1)) < 1e-5)
      // What was learned is small: no kernel of the network is in it.
      let bytes = try Data(contentsOf: folder.appendingPathComponent("t.safetensors")).count
      #expect(bytes < 8000)
    }
  }

  @Test("any number of classes and shots, a table, lines and a sheet; the same bytes again")
  func outputs() throws {
    try Program.withFolder { folder in
      try SmallRun.make("run --family acdc --head adapts", in: folder)
      let files = FileManager.default
      let base = folder.appendingPathComponent("g/test")
      let names = try files.contentsOfDirectory(atPath: base.path).sorted()
      try #require(names.count == 5)
      for (i, name) in names.enumerated() {
        let place = folder.appendingPathComponent("few/\(name)")
        try files.createDirectory(at: place, withIntermediateDirectories: true)
        for shot in 0...(i % 3) {
          try files.copyItem(
            at: base.appendingPathComponent("\(name)/0\(shot).png"),
            to: place.appendingPathComponent("0\(shot).png"))
        }
      }
      // Three rows of the head meet five classes.
      let line = "predict r --support few --images g/test --norm-statistics support"
      let table = try SmallRun.done(line, in: folder)
      #expect(table.error.contains("3 rows and there are 5 classes"), "\(table.error)")
      #expect(table.error.contains("9 of 30 pictures are support pictures"), "\(table.error)")
      let lines = table.output.split(whereSeparator: \.isNewline)
      #expect(lines.count == 31)
      #expect(
        lines[0] == "file,predicted,probability,"
          + names.map { "probability:\($0)" }.joined(separator: ","))
      for row in lines.dropFirst() {
        let shares = row.split(separator: ",").dropFirst(3).compactMap { Double($0) }
        #expect(shares.count == 5 && abs(shares.reduce(0, +) - 1) < 1e-9)
      }
      for threads in [1, 3] {
        let written = try SmallRun.done(
          "\(line) --threads \(threads) --output p.csv --sheet s.png", in: folder)
        #expect(written.output.contains("pictures lie in the folder of the class"))
        let text = try String(contentsOf: folder.appendingPathComponent("p.csv"), encoding: .utf8)
        #expect(text == table.output)
      }
      let sheet = try Data(contentsOf: folder.appendingPathComponent("s.png"))
      #expect(sheet.starts(with: [0x89, 0x50, 0x4e, 0x47]) && sheet.count > 5000)
      try SmallRun.done("\(line) --output p.jsonl", in: folder)
      let documents = try String(contentsOf: folder.appendingPathComponent("p.jsonl"), encoding: .utf8)
        .split(separator: "\n")
      let first = try #require(
        try JSONSerialization.jsonObject(with: Data(documents[0].utf8)) as? [String: Any])
      #expect(documents.count == 30 && (first["probabilities"] as? [String: Double])?.count == 5)
      // Two classes use the first rows; heads that are rules take any number.
      try files.removeItem(at: folder.appendingPathComponent("few/\(names[0])"))
      for flags in ["--head centroid", "--head shared --steps 3", "--head prototypes"] {
        let outcome = try SmallRun.done("\(line) \(flags)", in: folder)
        #expect(outcome.output.split(whereSeparator: \.isNewline).count == 31, "\(flags)")
      }
    }
  }

  @Test("what cannot be is refused, with what to do")
  func refusals() throws {
    try Program.withFolder { folder in
      try SmallRun.make("run --family acdc --head frozen", in: folder)
      let files = FileManager.default
      func copy(_ path: String, _ place: String) throws {
        let target = folder.appendingPathComponent(place)
        try files.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try files.copyItem(at: folder.appendingPathComponent("g/test/\(path)"), to: target)
      }
      let names = try files.contentsOfDirectory(atPath: folder.path + "/g/test").sorted()
      for (support, count) in [("one", 1), ("two", 2), ("four", 4)] {
        for name in names.prefix(count) { try copy(name, "\(support)/\(name)") }
      }
      try copy(names[0], "bad/a")
      try copy(names[1], "bad/b")
      try Data("no picture".utf8).write(to: folder.appendingPathComponent("bad/b/03.png"))
      try copy(names[0], "hollow/a")
      try copy(names[1], "hollow/b")
      try files.createDirectory(
        at: folder.appendingPathComponent("hollow/c"), withIntermediateDirectories: true)
      for (flags, status, words) in [
        ("--support one --images two", 64, "one class"),
        ("--support hollow --images two", 64, "the class c has no"),
        ("--support bad --images two", 65, "bad/b/03.png"),
        ("--support two --images bad", 65, "bad/b/03.png"),
        ("--support nowhere --images two", 66, "nowhere"), ("--support two --images nowhere", 66, "nowhere"),
        ("--support four --images two", 64, "frozen head of 3 rows"),
        ("--support two --images two --head centroids", 64, "nearest is centroid"),
        (
          "--support two --images two --head simpleshot", 64,
          "fewshot run --config r/config.json --initial r --head simpleshot"
        ),
        ("--support two --images two --arm svd", 64, "acdc-atoms"),
        ("--support two --images two --adapt bases", 64, "kernels, coefficients, atoms"),
        ("--support two --images two --steps 0", 64, "before a step"),
        ("--images two", 64, "--support"), ("--support two", 64, "--images"),
        ("--support two --images two --save t --norm-statistics batch", 64, "alone"),
      ] {
        let outcome = try Program.run("predict r \(flags)", in: folder)
        #expect(
          outcome.status == status && outcome.error.contains(words),
          "\(flags): \(outcome.status) \(outcome.error)")
        #expect(outcome.output.isEmpty, "\(flags)")
      }
      let left = try SmallRun.done(
        "predict r --support two --images bad --skip-unreadable", in: folder)
      #expect(left.error.contains("left out 1 unreadable"), "\(left.error)")

      // A task belongs to its network, whole or not at all.
      try SmallRun.done("predict r --support two --save t.safetensors", in: folder)
      try SmallRun.done(
        "run --family acdc \(SmallRun.flags.replacing("--output r", with: "--output other")) --seed 9",
        in: folder)
      let other = try Program.run("predict other --task t.safetensors --images two", in: folder)
      #expect(other.status == 64 && other.error.contains("another network"), "\(other.error)")
      var bytes = try Data(contentsOf: folder.appendingPathComponent("t.safetensors"))
      bytes[bytes.count - 1] ^= 1
      try bytes.write(to: folder.appendingPathComponent("t.safetensors"))
      let damaged = try Program.run("predict r --task t.safetensors --images two", in: folder)
      #expect(damaged.status == 65 && damaged.error.contains("checksum"), "\(damaged.error)")
      #expect(try Program.run("predict nowhere --support two --images two", in: folder).status == 66)
      #expect(try Program.run("predict g --support two --images two", in: folder).status == 66)
    }
  }
}
