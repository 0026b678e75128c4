import Foundation
import SafeTensors
import Testing

@Suite("Features on the command line")
struct EmbedTests {
  @Test("features are those that the centroid head compares; the same bytes for any threads")
  func features() throws {
    try Program.withFolder { folder in
      try SmallRun.make("run --family standard --learner prototypical", in: folder)
      for threads in [1, 3] {
        try SmallRun.done(
          "embed r --images g/test --output e\(threads) --threads \(threads)", in: folder)
      }
      for file in ["features.safetensors", "features.csv"] {
        #expect(
          FileManager.default.contentsEqual(
            atPath: folder.path + "/e1/\(file)", andPath: folder.path + "/e3/\(file)"))
      }
      let tensors = try SafeTensorsFile(
        contentsOf: folder.appendingPathComponent("e1/features.safetensors"))
      let rows = try tensors.doubles("features")
      let labels = try tensors.int64s("labels")
      let width = try #require(tensors["features"]?.shape.last)
      #expect(tensors["features"]?.shape == [30, 4] && labels.count == 30)
      let names = try #require(
        try JSONSerialization.jsonObject(with: Data((tensors.metadata["files"] ?? "").utf8)) as? [String])
      #expect(names.count == 30 && names[0].hasSuffix("/00.png"))
      // The table has the same numbers.
      let table = try String(contentsOf: folder.appendingPathComponent("e1/features.csv"), encoding: .utf8)
        .split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
      #expect(table[0] == ["file", "class", "f0", "f1", "f2", "f3"] && table.count == 31)
      for (i, row) in table.dropFirst().enumerated() {
        #expect(row[0] == names[i] && names[i].hasPrefix(row[1] + "/"))
        for d in 0..<width { #expect(abs((Double(row[2 + d]) ?? .nan) - rows[i * width + d]) < 1e-6) }
      }

      // All test pictures as a support and as what is asked: one batch, whose statistics are those of the folder.
      // softmax(−‖x − p‖²) from the features alone must be what predict says.
      let document = try #require(
        try SmallRun.done("predict r --support g/test --images g/test --json", in: folder).json()
          as? [String: Any])
      let predictions = try #require(document["predictions"] as? [[String: Any]])
      let classes = try #require(document["classes"] as? [String])
      let means = classes.indices.map { k -> [Double] in
        let own = labels.indices.filter { labels[$0] == Int64(k) }
        return (0..<width).map { d in own.reduce(0) { $0 + rows[$1 * width + d] } / Double(own.count) }
      }
      for (i, prediction) in predictions.enumerated() {
        let scores = means.map { mean in
          -(0..<width).reduce(0) { $0 + pow(rows[i * width + $1] - mean[$1], 2) }
        }
        let top = scores.max() ?? 0
        let shares = scores.map { exp($0 - top) }
        let said = try #require(prediction["probabilities"] as? [String: Double])
        for (k, name) in classes.enumerated() {
          #expect(abs((said[name] ?? 0) - shares[k] / shares.reduce(0, +)) < 1e-4)
        }
      }
    }
  }

  @Test("what cannot be is refused, and nothing is left")
  func refusals() throws {
    try Program.withFolder { folder in
      try SmallRun.make("run --family standard --learner prototypical", in: folder)
      try Data("no picture".utf8).write(to: folder.appendingPathComponent("g/test/x.png"))
      for (flags, status, words) in [
        ("--images nowhere --output e", 66, "nowhere"), ("--images g/test --output e", 65, "x.png"),
        ("--images g/train --output r", 73, "already exists"),
        ("--images r/episodes --output e", 64, "no .png"),
        ("--images g/train --output g/train/e", 73, "images of the data"),
      ] {
        let outcome = try Program.run("embed r \(flags)", in: folder)
        #expect(outcome.status == status && outcome.error.contains(words), "\(flags): \(outcome.error)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/e"))
      }
    }
  }
}
