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

  @Test("what is no result is refused with the place and what to do")
  func refused() throws {
    try withFolder { folder in
      #expect(throws: StoredResultError.missing(path: folder.path + "/results.json")) {
        try RunResult(folder: folder.path)
      }
      let file = folder.appendingPathComponent("results.json")
      var broken = Fixture.pair().object
      broken["machine"] = nil
      let cases: [(Data, String)] = [
        (Data("{".utf8), "no JSON object"), (Data("[1]".utf8), "no JSON object"),
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
