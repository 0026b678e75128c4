import ConvFamilies
import Foundation
import Networks
import Settings
import Testing

@Suite("What was set, and what follows from it")
struct FollowedSettingTests {
  /// A plan with little set, saved as a run saves it.
  private func saved(_ settings: [Setting] = []) throws -> String {
    var plan = Plan()
    try plan.apply(settings)
    let selector = try plan.selector(families: FamilyRegistry.families).description
    return plan.configurationText(resolved: plan.resolved(adapting: selector))
  }

  private func plan(_ text: String, _ changes: [Setting] = []) throws -> Plan {
    var plan = try ConfigurationFile(text, from: "config.json").applied(to: Plan())
    try plan.apply(changes)
    let selector = try plan.selector(families: FamilyRegistry.families).description
    return plan.resolved(adapting: selector)
  }

  @Test(
    "a saved configuration with a change resolves as the same settings with that change",
    arguments: [
      [Setting("shots", "3")], [Setting("ways", "3")], [Setting("learner", "prototypical")],
      [Setting("channels", "3")], [Setting("family", "standard")], [Setting("backbone", "resnet12")], [],
    ])
  func changed(_ changes: [Setting]) throws {
    var fresh = Plan()
    try fresh.apply(changes)
    let selector = try fresh.selector(families: FamilyRegistry.families).description
    #expect(try plan(saved(), changes) == fresh.resolved(adapting: selector))
  }

  @Test("what was set stays set, whatever changes")
  func kept() throws {
    let text = try saved([Setting("train-shots", "1"), Setting("image-size", "28")])
    let plan = try plan(text, [Setting("shots", "3"), Setting("channels", "3")])
    #expect(plan.trainShots == 1 && plan.imageSize == 28 && plan.invert == false)
  }

  @Test("every value stands in the file for other programs, and can be changed there by hand")
  func edited() throws {
    let text = try saved()
    let file = try ConfigurationFile(text, from: "config.json")
    #expect(try file.resolved() == plan(text))
    #expect(text.contains("\"train-shots\": 1,") && text.contains("\"image-size\": 28,"))
    // The first is the value, the second the note of what followed.
    let change = try #require(text.range(of: "\"train-shots\": 1"))
    let edited = text.replacingCharacters(in: change, with: "\"train-shots\": 2")
    #expect(try plan(edited, [Setting("shots", "3")]).trainShots == 2)
  }

  @Test("of the family's options those that were set stay, and the others follow again")
  func options() throws {
    var given = Plan()
    try given.apply([Setting("option", "share=net"), Setting("adapt-budget", "162")])
    var chosen = given
    chosen.options["atoms"] = "6"
    let file = try ConfigurationFile(given.configurationText(resolved: chosen), from: "config.json")
    #expect(try file.resolved().options == ["share": "net", "atoms": "6"])
    #expect(try file.applied(to: Plan()) == given)
  }

  @Test("a file without that note, as earlier versions wrote it, sets all its values")
  func older() throws {
    let text = "{\"shots\": 1, \"train-shots\": 1, \"environment\": {\"version\": \"0.1.0\"}}"
    #expect(try plan(text, [Setting("shots", "3")]).trainShots == 1)
  }

  @Test(
    "notes that are none do no harm",
    arguments: [
      "\"follows\": 3", "\"follows\": [1]", "\"follows\": {\"shots\": [1]}", "\"places\": \"x\"",
      "\"places\": {\"a\": {\"absolute\": 1}}", "\"places\": {\"images\": {\"absolute\": \"/\"}}",
    ])
  func hostile(_ note: String) throws {
    let file = try ConfigurationFile(
      "{\"data\": \"images\", \"environment\": {\(note)}}", from: "config.json")
    #expect(try file.applied(to: Plan()).data == DataFolders("images"))
  }

  @Test("a switch is true or false, or on or off", arguments: ["true", "on", "false", "off"])
  func switches(_ text: String) throws {
    var plan = Plan()
    try plan.set("tie-rates", to: text)
    #expect(plan.tieRates == (text == "true" || text == "on"))
  }
}

@Suite("Where the images of a saved configuration are")
struct SavedPlaceTests {
  /// Two folders of one project, `images` and `run`, with a configuration in the second.
  private func withProject(_ body: (URL) throws -> Void) throws {
    let base = FileManager.default.temporaryDirectory.appendingPathComponent("fewshot-\(UUID().uuidString)")
      .resolvingSymlinksInPath()
    let project = base.appendingPathComponent("project")
    for name in ["images", "run"] {
      try FileManager.default.createDirectory(
        at: project.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(at: base) }
    var plan = Plan()
    plan.data = DataFolders(project.path + "/./images")
    try plan.configurationText(in: project.path + "/run")
      .write(toFile: project.path + "/run/config.json", atomically: true, encoding: .utf8)
    try body(project)
  }

  private func data(_ folder: String) throws -> String? {
    try ConfigurationFile(contentsOf: folder + "/config.json").applied(to: Plan()).data?.text
  }

  @Test(
    "as it was given while it leads there, beside the run if both moved, and where they were if only the run did"
  )
  func moved() throws {
    try withProject { project in
      let files = FileManager.default
      #expect(try data(project.path + "/run") == project.path + "/./images")
      let moved = project.deletingLastPathComponent().path + "/elsewhere"
      try files.copyItem(atPath: project.path, toPath: moved)
      #expect(try data(moved + "/run") == moved + "/images")
      let alone = project.deletingLastPathComponent().path + "/alone/deep"
      try files.createDirectory(atPath: alone, withIntermediateDirectories: true)
      try files.copyItem(atPath: project.path + "/run", toPath: alone + "/run")
      #expect(try data(alone + "/run") == project.path + "/./images")
      // Nowhere: then the error names what was given.
      try files.removeItem(atPath: project.path)
      #expect(try data(alone + "/run") == project.path + "/./images")
    }
  }
}
