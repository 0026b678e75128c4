import Foundation
import Reports
import Results
import Testing

@Suite("Verdicts")
struct VerdictTests {
  private func verdict(_ fixture: Fixture) throws -> String { try fixture.result().verdict }

  @Test("faster and more accurate is said with numbers, intervals, p, seeds and episodes")
  func faster() throws {
    let text = try verdict(.pair())
    #expect(
      text.contains(
        "acdc-atoms makes 95 % of its gain after 1 step, standard-all after 3 steps: acdc-atoms adapts faster "
          + "(on average its gain comes 2.00 steps earlier, 95 % interval of the difference −2.00 to −2.00; "
          + "corrected p < 0.0001; over 3 seeds and 600 episodes)."
      ),
      "\(text)")
    #expect(
      text.contains(
        "Accuracy: 0.80 points higher (95 % interval 0.50 to 1.10; corrected p < 0.0001; over 3 seeds and 600 "
          + "episodes)."), "\(text)")
    #expect(text.contains("Each arm was trained with 3 seeds"))
  }

  @Test("slower and less accurate is said as such")
  func slower() throws {
    let text = try verdict(
      .pair(steps: (5, 2), difference: -0.02, p: 0.012, seeds: 1))
    #expect(text.contains("acdc-atoms adapts slower (on average its gain comes 3.00 steps later,"), "\(text)")
    #expect(
      text.contains("Accuracy: 2.00 points lower (95 % interval −2.30 to −1.70; corrected p = 0.0120;"),
      "\(text)")
  }

  @Test("no difference is called none, however the numbers look, and what would show one is said")
  func none() throws {
    let text = try verdict(.pair(steps: (2, 3), speedP: 0.3, difference: 0.001, p: 0.6))
    #expect(
      text.contains("no significant difference in speed (on average its gain comes 1.00 steps earlier"),
      "\(text)")
    #expect(
      text.contains(
        "Accuracy: no significant difference (+0.10 points, 95 % interval −0.20 to 0.40; corrected p = 0.6"),
      "\(text)")
    #expect(text.contains("would need 1,234 episodes"), "\(text)")
    #expect(!text.contains("faster") && !text.contains("higher"))
  }

  @Test("without a comparison speed is not tested")
  func untested() throws {
    let text = try verdict(.pair(speedP: nil))
    #expect(text.contains("after 1 step, standard-all after 3 steps: not tested."), "\(text)")
  }

  @Test("an arm that adapting does not help is said to be one")
  func neverRises() throws {
    #expect(try verdict(.pair(steps: (nil, 3))).contains("acdc-atoms does not get better by adapting"))
    #expect(try verdict(.pair(steps: (nil, nil))).contains("Neither acdc-atoms nor standard-all gets better"))
  }

  @Test("one seed: the intervals do not cover training again")
  func oneSeed() throws {
    let text = try verdict(.pair(seeds: 1))
    #expect(text.contains("over 1 seed and 600 episodes"))
    #expect(text.contains("trained once (one seed)") && text.contains("not training again"), "\(text)")
  }

  private func perturbed(_ differences: [Double], p: Double) throws -> String {
    var fixture = Fixture.pair()
    fixture.hasRobustness = true
    for (i, difference) in differences.enumerated() {
      fixture.comparisons.append(
        Fixture.comparison(
          "acdc-atoms", "standard-all", "relative_drop", difference, p: p, seeds: 3,
          condition: ["group": "corruption", "name": Fixture.corruptions[i], "severity": 3]))
    }
    return try verdict(fixture)
  }

  @Test("robustness is more, less, neither or none, by what is significant")
  func robustness() throws {
    #expect(
      try perturbed([-0.1, -0.2], p: 0.01).contains(
        "more robust; its accuracy drops relatively less under 2 of"))
    #expect(
      try perturbed([0.1, 0.2, 0.1], p: 0.01).contains(
        "less robust; its accuracy drops relatively more under 3"))
    #expect(try perturbed([0.1, -0.2], p: 0.01).contains("neither more nor less robust"))
    #expect(
      try perturbed([-0.1, -0.2], p: 0.2).contains(
        "no significant difference in the relative drop under any of 2 conditions"))
  }

  @Test("each arm is told against the arm it was compared with, whatever their order")
  func reference() throws {
    var fixture = Fixture.pair()
    fixture.arms.reverse()
    #expect(try verdict(fixture) == verdict(.pair()))
    fixture.arms += [
      .init(name: "first-order", family: "acdc", adapt: "atoms"), .init(name: "standard-all order=first"),
    ]
    fixture.comparisons.append(
      Fixture.comparison("first-order", "standard-all order=first", "accuracy", 0.02, p: 0.001, seeds: 3))
    let text = try verdict(fixture)
    #expect(text.contains("Accuracy: 0.80 points higher") && text.contains("Accuracy: 2.00 points higher"))
  }

  @Test("statistics of normalisation other than the batch's are named in the verdict, the batch's are not")
  func statistics() throws {
    let words =
      "Test figures are under support statistics: normalisation of the query uses those of the support set"
    #expect(try verdict(.pair()).contains(words))
    for (name, isSaid) in [("running", true), ("batch", false)] {
      var object = Fixture.pair().object
      object["norm_statistics"] = name
      let text = try RunResult(json: JSONSerialization.data(withJSONObject: object)).verdict
      #expect(text.contains("Test figures are under \(name) statistics") == isSaid, "\(text)")
    }
  }

  @Test("an arm that is no better than raw pixels is named")
  func pixels() throws {
    var fixture = Fixture.pair()
    fixture.arms[0].accuracy = 0.43
    #expect(try verdict(fixture).contains("raw pixels (44.00 %): acdc-atoms."))
  }

  @Test("many arms are told in one sentence each about speed, accuracy and robustness")
  func many() throws {
    let text = try verdict(.large)
    #expect(
      text.contains(
        "standard-all, the reference, reaches 90.00 ± 0.40 %, with 95 % of the way after 2 steps."), "\(text)"
    )
    for words in [
      "Accuracy: higher: acdc-atoms (+3.0 points)", "more robust: acdc-atoms",
    ] {
      #expect(text.contains(words), "\(words): \(text)")
    }
    for arm in Fixture.large.arms { #expect(text.contains(arm.name)) }
  }

  @Test("an arm that was not tested is named where others were, and nobody is where nobody was")
  func untestedAmongMany() throws {
    var fixture = Fixture.large
    func isOwn(_ comparison: [String: Any], _ metric: String) -> Bool {
      comparison["a"] as? String == "acdc-coefficients" && comparison["metric"] as? String == metric
    }
    fixture.comparisons.removeAll { isOwn($0, "relative_drop") }
    #expect(try verdict(fixture).contains("not tested: acdc-coefficients."))
    fixture = .large
    fixture.comparisons.removeAll { isOwn($0, "accuracy") }
    let text = try verdict(fixture)
    #expect(text.firstMatch(of: /Accuracy: [^.]*\+3\.0.*; not tested: acdc-coefficients\./) != nil, "\(text)")
    fixture.comparisons.removeAll { $0["metric"] as? String == "relative_drop" }
    #expect(try !verdict(fixture).contains("Robustness"))
  }
}
