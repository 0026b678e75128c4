import Settings
import Testing

@Suite struct HelpTests {
  @Test(
    "every command has help with an example",
    arguments: [
      "", "run", "inspect", "families", "backbones", "episodes", "episodes make", "episodes verify",
      "episodes stats",
      "data", "data glyphs", "data check", "data import", "check", "bench", "report", "curves", "evaluate",
      "ablate", "quantize", "convert", "predict", "embed", "import", "export",
    ])
  func help(_ command: String) throws {
    let outcome = try Program.run(command + " --help")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("Example: fewshot \(command)"))
    #expect(outcome.error.isEmpty)
  }

  @Test("evaluate takes the statistics of normalisation as a flag, as its own command in a report has it")
  func statistics() throws {
    let missing = try Program.run("evaluate missing --norm-statistics support")
    #expect(missing.status == 66, "\(missing.error)")
    let wrong = try Program.run("evaluate missing --norm-statistics mean")
    #expect(wrong.status == 64 && wrong.error.contains("norm-statistics"), "\(wrong.error)")
  }

  @Test("the help of run names every setting of its configuration")
  func settings() throws {
    let help = try Program.run("run --help").output
    let plan = try #require(try Program.run("run --dry-run --json").json() as? [String: Any])
    #expect(plan.count > 25)
    for key in plan.keys where key != "environment" { #expect(help.contains("--\(key)"), "\(key)") }
  }

  @Test("the help of evaluate names every setting of an evaluation")
  func evaluation() throws {
    let help = try Program.run("evaluate --help").output
    for field in StudySettings.fields {
      let end = field.values == "true|false" ? "/" : " "
      #expect(help.contains("--\(field.key)\(end)"), "\(field.key)")
    }
  }
}
