import Foundation
import Testing

@Suite("Corrupted images on the command line")
struct DataCorruptTests {
  private func glyphs(_ folder: URL) throws {
    let made = try Program.run(
      "data glyphs --output g --train 3 --validation 2 --test 2 --images 3", in: folder)
    #expect(made.status == 0)
  }

  private static let line =
    "data corrupt --data g --image-size 16 --corruptions pixelate,gaussian-noise --severities 5,1 --images 5"

  @Test("a picture for each image, corruption and severity, tables and a sheet; the same bytes again")
  func files() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      let made = try Program.run("\(Self.line) --output c --json", in: folder)
      #expect(made.status == 0, "\(made.error)")
      let document = try #require(try made.json() as? [String: Any])
      #expect(document["corrupt_at"] as? String == "network" && document["images"] as? Int == 5)
      let rows = try #require(document["corruptions"] as? [[String: Any]])
      #expect(rows.compactMap { $0["severity"] as? Int } == [1, 5, 1, 5])
      #expect(rows.prefix(2).allSatisfy { $0["corruption"] as? String == "gaussian-noise" })
      let changes = rows.compactMap { $0["rms_change"] as? Double }
      #expect(changes.count == 4 && 0 < changes[0] && changes[0] < changes[1] && changes[2] < changes[3])

      let whole = folder.appendingPathComponent("c").path
      let files = try #require(FileManager.default.enumerator(atPath: whole)).compactMap { $0 as? String }
        .filter { $0.contains(".") }
      let numbers = (1...5).map { "00\($0).png" }
      let folders = ["clean"] + ["gaussian-noise", "pixelate"].flatMap { ["\($0)/1", "\($0)/5"] }
      let expected = folders.flatMap { folder in numbers.map { "\(folder)/\($0)" } }
      #expect(Set(files) == Set(expected + ["images.csv", "corruptions.csv", "sheet.png"]))
      let table = try String(contentsOfFile: whole + "/corruptions.csv", encoding: .utf8)
        .split(whereSeparator: \.isNewline)
      #expect(table.count == 5 && table[0] == "corruption,severity,rms_change")
      #expect(table[2] == "gaussian-noise,5,\(changes[1])")
      // Of two test classes by turns.
      let images = try String(contentsOfFile: whole + "/images.csv", encoding: .utf8)
      #expect(images.contains("001.png,test/class005,test/class005/00.png"), "\(images)")
      #expect(images.contains("002.png,test/class006,test/class006/00.png"), "\(images)")
      #expect(images.contains("005.png,test/class005,test/class005/02.png"), "\(images)")

      for place in ["network", "original"] {
        let again = try Program.run("\(Self.line) --corrupt-at \(place) --output \(place)", in: folder)
        #expect(again.status == 0 && again.output.contains("rms change"), "\(again.error)")
        for file in files {
          let isSame = FileManager.default.contentsEqual(
            atPath: "\(whole)/\(file)", andPath: folder.appendingPathComponent("\(place)/\(file)").path)
          let isChanged = !file.hasPrefix("clean") && file != "images.csv"
          #expect(isSame == (place == "network" || !isChanged), "\(place) \(file)")
        }
      }
      // What a network sees is bright ink on black; with --no-invert it is the file's.
      let plain = try Program.run("\(Self.line) --no-invert --output plain", in: folder)
      #expect(plain.status == 0)
      #expect(
        !FileManager.default.contentsEqual(
          atPath: whole + "/clean/001.png", andPath: folder.appendingPathComponent("plain/clean/001.png").path
        ))
    }
  }

  @Test("what cannot be is refused, with what to do, and nothing is written over")
  func refusals() throws {
    try Program.withFolder { folder in
      try glyphs(folder)
      for (flags, status, words) in [
        ("--output g", 73, "already exists"), ("--output c --corruptions pixelat", 64, "nearest is pixelate"),
        ("--output c --corruptions pixelate,", 64, "gaussian-noise"),
        ("--output c --severities 1,6", 64, "from 1 to 5"), ("--output c --images 0", 64, "1...10000"),
        ("--output c --corrupt-at file", 64, "network or original"),
        ("--output c --data nowhere", 66, "nowhere"),
      ] {
        let given = flags.contains("--data") ? flags : "--data g \(flags)"
        let outcome = try Program.run("data corrupt \(given)", in: folder)
        #expect(outcome.status == status && outcome.error.contains(words), "\(flags): \(outcome.error)")
        #expect(outcome.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("c").path))
      }
      let few = try Program.run(
        "data corrupt --data g --images 9 --corruptions contrast --severities 2 --channels 3 --output few",
        in: folder)
      #expect(few.status == 0 && few.error.contains("test has only 6 images"), "\(few.error)")
    }
  }
}
