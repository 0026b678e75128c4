import Foundation
import Testing

@Suite("Sheets of pictures on the command line")
struct DataSheetTests {
  @Test("a sheet of classes is a PNG file, the same again, and another for other pictures")
  func classes() throws {
    try Program.withFolder { folder in
      try SmallRun.done("data glyphs --output g --train 6 --validation 3 --test 5 --images 6", in: folder)
      let made = try SmallRun.done(
        "data sheet --data g --classes 4 --images 3 --output a.png --json", in: folder)
      let document = try #require(try made.json() as? [String: Any])
      #expect(document["classes"] as? Int == 4 && document["classes_in_all"] as? Int == 14)
      try SmallRun.done("data sheet --data g --classes 4 --images 3 --output b.png", in: folder)
      try SmallRun.done("data sheet --data g --part test --images 3 --output c.png", in: folder)
      let files = try ["a", "b", "c"].map { try Data(contentsOf: folder.appendingPathComponent("\($0).png")) }
      #expect(
        files[0].starts(with: [0x89, 0x50, 0x4e, 0x47]) && files[0] == files[1] && files[0] != files[2])
      let inside = try Program.run("data sheet --data g --output g/sheet.png", in: folder)
      #expect(inside.status == 73 || inside.status == 64 || inside.status == 65, "\(inside.error)")
    }
  }

  @Test(
    "the sheet of an episode counts what the run's predictions say; a wrong number, arm or folder is named")
  func episode() throws {
    try Program.withFolder { folder in
      try SmallRun.make("run", in: folder)
      let made = try SmallRun.done("data sheet --run r --episode 2 --output e.png --json", in: folder)
      let document = try #require(try made.json() as? [String: Any])
      let table = try String(
        contentsOf: folder.appendingPathComponent("r/eval/predictions.csv"), encoding: .utf8)
      let lines = table.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
      let places = try ["episode", "true", "predicted"].map { try #require(lines[0].firstIndex(of: $0)) }
      let own = lines.dropFirst().filter { $0[places[0]] == "2" }
      #expect(own.count == 9 && document["queries"] as? Int == 9)
      #expect(document["right"] as? Int == own.count { $0[places[1]] == $0[places[2]] })

      for (flags, word) in [
        ("--run r --episode 99", "test episodes 0 to 3"), ("--run r --episode 1 --arm x", "acdc"),
        ("--run g --episode 1", "config.json"), ("--episode 1", "belong together"),
      ] {
        let wrong = try Program.run("data sheet \(flags) --output w.png", in: folder)
        #expect(wrong.status != 0 && wrong.error.contains(word), "\(flags): \(wrong.error)")
      }
    }
  }

  @Test("a damaged or missing file of arrays, and a wrong mixture of flags, are named")
  func arrays() throws {
    try Program.withFolder { folder in
      try Data("no archive".utf8).write(to: folder.appendingPathComponent("a.npz"))
      let damaged = try Program.run("data import --arrays train=a.npz --output o", in: folder)
      #expect(
        damaged.status == 65 && damaged.error.contains("a.npz: it is no whole ZIP archive"),
        "\(damaged.error)")
      let both = try Program.run("data import --arrays a.npz --list l --images i --output o", in: folder)
      #expect(both.status == 64 && both.error.contains("either --list and --images, or --arrays"))
      let missing = try Program.run("data import --arrays train=b.npz --output o", in: folder)
      #expect(missing.status == 66, "\(missing.error)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("o").path))
    }
  }
}
