import Networks
import Settings
import Testing

@Suite struct PlanFileTests {
  private func plan(_ text: String) throws -> Plan {
    try ConfigurationFile(text, from: "plan.yaml").applied(to: Plan())
  }

  @Test(
    "options may be a map, a list of pairs or one pair, in YAML or JSON",
    arguments: [
      "option:\n  atoms: 9\n  share: net\n", "options: [atoms=9, share=net]\n",
      "{\"options\": {\"atoms\": 9, \"share\": \"net\"}}", "{\n\t\"option\": [\"atoms=9\", \"share=net\"]\n}",
    ])
  func options(_ text: String) throws {
    #expect(try plan(text).options == ["atoms": "9", "share": "net"])
  }

  @Test("null leaves a setting at its default, and an empty file all of them")
  func null() throws {
    #expect(try plan("ways:\nshots: null\nadapt: ~\n") == Plan())
    #expect(try plan("# nothing\n") == Plan())
    #expect(try plan("adapt: none\n").adapt == "none")
  }

  @Test("an unknown key is refused with its line and the nearest name")
  func unknownKey() {
    let expected =
      "plan.yaml, line 2: wyas is \"5\", but there is no setting with this name. "
      + "The nearest name is ways."
    #expect {
      try plan("shots: 1\nwyas: 5\n")
    } throws: {
      "\($0)" == expected
    }
  }

  @Test(
    "what is no mapping of keys to single values is refused with its line",
    arguments: [
      ("- ways\n", 1), ("ways: [5, 6]\n", 1), ("ways: 5\nways: 6\n", 1), ("shots: 1\nways: {a: 1}\n", 2),
      ("ways: 5\n  shots: 1\n", 2), ("a: 'open\n", 2), ("{\"ways\": 5", 1),
    ])
  func malformed(_ text: String, _ line: Int) {
    #expect {
      try plan(text)
    } throws: { error in
      guard case ConfigurationFileError.malformed(_, let found, _) = error else { return false }
      return abs(found - line) <= 1
    }
  }

  @Test("files that are missing or not text are told apart")
  func missing() {
    #expect(throws: ConfigurationFileError.notFound(path: "/no/such/file.yaml")) {
      try ConfigurationFile(contentsOf: "/no/such/file.yaml")
    }
  }
}
