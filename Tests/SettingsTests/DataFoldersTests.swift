import Foundation
import Formats
import Settings
import Testing

@Suite("Several folders of images as a setting")
struct DataFoldersTests {
  private func plan(_ text: String) throws -> Plan {
    try ConfigurationFile(text, from: "config.json").applied(to: Plan())
  }

  @Test(
    "any paths are read back from their text, from a configuration and in a command",
    arguments: [
      ["images"], ["a", "b"], ["with, comma", "and \"quotes\"", "ü/ 'x'"], ["[\"a\"]"],
      ["[\"a\",\"b\"]", "c"],
      ["[a]"], ["null", "~"], ["~"], ["a\nb", "c"], ["1", "true"],
    ])
  func roundTrip(_ folders: [String]) throws {
    let data = try #require(DataFolders(folders))
    #expect(DataFolders(text: data.text) == data)
    var plan = Plan()
    try plan.set("data", to: data.text)
    #expect(plan.data == data)
    #expect(try self.plan(plan.configurationText()) == plan)
    #expect(plan.command.components(separatedBy: " --data ").count == folders.count + 1)
    for folder in folders { #expect(plan.command.contains("--data \(shellQuoted(folder))")) }
  }

  @Test("one folder is the plain text that it always was")
  func plain() throws {
    var plan = Plan()
    plan.data = DataFolders("images")
    #expect(plan.configurationText().contains("\"data\": \"images\""))
    #expect(plan.dataSettings["data"] == "images" && plan.dataWords == "images")
    #expect(Plan().dataWords == "built-in glyphs" && Plan().dataSettings["data"] == nil)
    #expect(DataFolders([]) == nil && DataFolders(["a", ""]) == nil && DataFolders(text: "") == nil)
  }

  @Test("a configuration has a text or a list, in JSON and YAML, and flags take its place whole")
  func configuration() throws {
    #expect(try plan("data: images").data == DataFolders("images"))
    #expect(try plan("data: [a, b]").data == DataFolders(["a", "b"]))
    #expect(try plan("data:\n- a\n- b c\n").data == DataFolders(["a", "b c"]))
    #expect(try plan("{\"data\": [\"a\"]}").data == DataFolders("a"))
    #expect(try plan("data: null").data == nil)
    var plan = try plan("data: [a, b]")
    try plan.apply([Setting("data", "c")])
    #expect(plan.data == DataFolders("c"))
    for text in [
      "data: []", "data: [a, [b]]", "data: {a: b}", "data: [a, \"\"]", "data: \"\"", "split: [a, b]",
    ] {
      #expect(throws: ConfigurationFileError.self) { try self.plan(text) }
    }
  }

  @Test("every folder is found where it is now, each by itself")
  func places() throws {
    let base = FileManager.default.temporaryDirectory.appendingPathComponent("fewshot-\(UUID().uuidString)")
      .resolvingSymlinksInPath().path
    let files = FileManager.default
    for name in ["there/a", "b", "run"] {
      try files.createDirectory(atPath: "\(base)/\(name)", withIntermediateDirectories: true)
    }
    defer { try? files.removeItem(atPath: base) }
    var plan = Plan()
    plan.data = DataFolders(["\(base)/there/a", "\(base)/b"])
    try plan.configurationText(in: "\(base)/run")
      .write(toFile: "\(base)/run/config.json", atomically: true, encoding: .utf8)
    func found() throws -> [String]? {
      try ConfigurationFile(contentsOf: "\(base)/run/config.json").applied(to: Plan()).data?.all
    }
    #expect(try found() == ["\(base)/there/a", "\(base)/b"])
    // The run and one folder move together, the other stays.
    for name in ["run", "b"] {
      try files.createDirectory(atPath: "\(base)/moved", withIntermediateDirectories: true)
      try files.moveItem(atPath: "\(base)/\(name)", toPath: "\(base)/moved/\(name)")
    }
    let now = try ConfigurationFile(contentsOf: "\(base)/moved/run/config.json").applied(to: Plan()).data?.all
    #expect(now == ["\(base)/there/a", "\(base)/moved/b"])
  }

  @Test("an evaluation's command names every folder") func command() {
    let place = DataPlace(data: DataFolders(["a b", "c"]), split: "list.csv")
    #expect(
      StudySettings().command(evaluating: ["r"], imagesAt: place)
        == "fewshot evaluate r --data 'a b' --data c --split list.csv")
  }
}
