import Evaluation
import Foundation
import Results
import Testing

@Suite("Stored results")
struct StoredResultTests {
  private func object(_ data: Data) throws -> NSDictionary {
    try #require(try JSONSerialization.jsonObject(with: data) as? NSDictionary)
  }

  @Test("what was written reads back, and writes again as the same bytes")
  func roundTrip() throws {
    for fixture in [Fixture.large, .pair(), .pair(speedP: nil, seeds: 1)] {
      let result = try fixture.result()
      let written = try result.json()
      #expect(try RunResult(json: written).json() == written)
      // Every key of the made-up file is one the program writes, so nothing was lost on the way in.
      #expect(try object(written) == object(fixture.data()))
    }
  }

  @Test("keys of dictionaries are names, not properties: they stay as they are")
  func dictionaryKeys() throws {
    let arm = try #require(try RunResult(json: Fixture.large.result().json()).arms.first)
    #expect(arm.options == ["some_atoms": "6"])
    #expect(arm.train.rates.keys.sorted() == ["head.weight", "layer_1.conv.kernel"])
    #expect(arm.parameters.byRole["layer_factors"] == 9)
    #expect(arm.test.stepsTo95Percent == 1 && arm.speed?.stepsTo95PercentInterval == [1, 1])
    #expect(arm.test.curve.last?.loss == .infinity)
  }

  @Test(
    "a result of another schema is refused by its number; one of an earlier version, without any, is read")
  func schema() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("results.json")
      var object = Fixture.pair().object
      #expect(try RunResult(json: Fixture.pair().data()).schema == 1)
      object["schema"] = nil
      try JSONSerialization.data(withJSONObject: object).write(to: file)
      #expect(try RunResult(folder: folder.path).schema == nil)
      for schema in [0, 2, 1.5, -1, 1e9] {
        object["schema"] = schema
        // Whatever else such a file holds.
        object["arms"] = nil
        try JSONSerialization.data(withJSONObject: object).write(to: file)
        #expect(throws: StoredResultError.otherSchema(path: file.path, schema: schema, version: "0.2.0")) {
          try RunResult(folder: folder.path)
        }
      }
    }
  }

  @Test("a file that is not a result is refused, with its path and what to do")
  func refused() throws {
    try withFolder { folder in
      #expect(throws: StoredResultError.missing(path: folder.path + "/results.json")) {
        try RunResult(folder: folder.path)
      }
      let file = folder.appendingPathComponent("results.json")
      var broken = Fixture.pair().object
      broken["machine"] = nil
      let cases: [(Data, String)] = [
        (Data("{".utf8), "not a JSON object"), (Data("[1]".utf8), "not a JSON object"),
        (try JSONSerialization.data(withJSONObject: broken), "machine is missing"),
        (Data("{\"kind\":\"run\",\"version\":7}".utf8), "is missing"),
      ]
      for (data, words) in cases {
        try data.write(to: file)
        #expect {
          try RunResult(folder: folder.path)
        } throws: { error in
          guard case StoredResultError.malformed = error else { return false }
          return "\(error)".contains(words) && "\(error)".split(separator: "\n").count <= 3
        }
      }
    }
  }
}
