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
        "Speed: to 90.00 %, nine tenths of the way to the lower of both ends, acdc-atoms takes 1.00 steps (0.500 ms, 4.00 million "
          + "multiply-adds), standard-all 3.00 steps (1.50 ms, 12.00 million multiply-adds): acdc-atoms is faster "
          + "(difference −2.00 steps, simultaneous 95 % interval −2.00 to −2.00; corrected p < 0.0001; over 3 seeds and "
          + "600 episodes)."
      ),
      "\(text)")
    #expect(
      text.contains(
        "Accuracy: 0.80 points higher (simultaneous 95 % interval 0.50 to 1.10; corrected p < 0.0001; over 3 seeds "
          + "and 600 episodes)."), "\(text)")
    #expect(text.contains("Each arm was trained with 3 seeds"))
  }

  @Test("slower and less accurate is said as such")
  func slower() throws {
    let text = try verdict(
      .pair(steps: (5, 2), difference: -0.02, p: 0.012, seeds: 1))
    #expect(text.contains("acdc-atoms is slower (difference +3.00 steps,"), "\(text)")
    #expect(
      text.contains(
        "Accuracy: 2.00 points lower (simultaneous 95 % interval −2.30 to −1.70; corrected p = 0.0120;"),
      "\(text)")
  }

  @Test("an arm that ends less accurate is not called faster, nor one slower that ends more accurate")
  func guarded() throws {
    for (steps, difference) in [((1, 3), -0.02), ((3, 1), 0.02)] {
      let text = try verdict(.pair(steps: steps, difference: difference))
      let lower = difference < 0 ? "acdc-atoms" : "standard-all"
      #expect(text.contains("\(lower) is not called faster, since it ends less accurate"), "\(text)")
      #expect(!text.contains("is faster") && !text.contains("is slower"), "\(text)")
    }
  }

  @Test("no difference is called none, however the numbers look, and what would show one is said")
  func none() throws {
    let text = try verdict(.pair(steps: (2, 3), speedP: 0.3, difference: 0.001, p: 0.6))
    #expect(text.contains("no significant difference (difference −1.00 steps"), "\(text)")
    #expect(
      text.contains(
        "Accuracy: no significant difference (+0.10 points, simultaneous 95 % interval −0.20 to 0.40; corrected p = "
          + "0.6"),
      "\(text)")
    #expect(text.contains("would need 1,234 episodes"), "\(text)")
    #expect(!text.contains("is faster") && !text.contains("higher"))
  }

  @Test("without a comparison speed is not tested")
  func untested() throws {
    #expect(try verdict(.pair(speedP: nil)).contains("Speed: not tested"))
  }

  @Test("where the named role takes no part, that is the first sentence, and nothing is due to it")
  func idle() throws {
    var fixture = Fixture.pair()
    fixture.loss = 0.001
    let text = try verdict(fixture)
    #expect(text.hasPrefix("In acdc-atoms the kernels take no part in adaptation"), "\(text)")
    #expect(
      text.contains(
        "(90.70 % against 90.80 %, difference −0.10 points, 95 % interval −1.10 to 0.90, 200 episodes)"),
      "\(text)")
    #expect(text.contains("this is a comparison of heads, and shows nothing about kernels."))
  }

  @Test("what a role is worth is said in points, and whether the head does most")
  func worth() throws {
    var fixture = Fixture.pair()
    fixture.loss = 0.6
    #expect(try verdict(fixture).hasPrefix("Without its kernels acdc-atoms loses 60.00 points ("))
    #expect(try !verdict(fixture).contains("the head does most of it"))
    fixture.loss = 0.1
    #expect(
      try verdict(fixture).contains("less than half of what adaptation gains: the head does most of it."))
  }

  @Test("one seed: the intervals do not cover training again")
  func oneSeed() throws {
    let text = try verdict(.pair(seeds: 1))
    #expect(text.contains("over 1 seed and 600 episodes"))
    #expect(text.contains("trained once (one seed)") && text.contains("not training again"), "\(text)")
  }

  private func perturbed(_ drop: Double, _ accuracy: Double = 0, p: Double) throws -> String {
    var fixture = Fixture.pair()
    fixture.hasRobustness = true
    for (metric, difference) in [("relative_drop", drop), ("accuracy", accuracy)] {
      fixture.comparisons.append(
        Fixture.comparison(
          "acdc-atoms", "standard-all", metric, difference, p: metric == "accuracy" && accuracy == 0 ? 1 : p,
          seeds: 3, condition: ["group": "corruption", "name": "mean", "place": "both"]))
    }
    fixture.comparisons.append(
      Fixture.comparison(
        "acdc-atoms", "standard-all", "relative_drop", drop, p: p, seeds: 3,
        condition: ["group": "corruption", "name": Fixture.corruptions[0], "severity": 3]))
    return try verdict(fixture)
  }

  @Test("robustness is more, less or none, by all corruptions together; single conditions are secondary")
  func robustness() throws {
    #expect(try perturbed(-0.1, p: 0.01).contains("Robustness: more robust (relative drop"))
    #expect(try perturbed(0.1, p: 0.01).contains("Robustness: less robust (relative drop"))
    #expect(
      try perturbed(-0.1, -0.05, p: 0.01).contains(
        "not called more robust, since the smaller drop leads to a lower accuracy"))
    let text = try perturbed(-0.1, p: 0.2)
    #expect(text.contains("Robustness: no significant difference (relative drop"), "\(text)")
    #expect(
      try perturbed(-0.1, p: 0.01).contains(
        "Of 1 single condition, secondary, it drops less under 1 and more under 0."))
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
