import Foundation
import Results
import Training

/// A made-up result, as its file has it.
///
/// Numbers follow simple formulas of the arm's position, so that a test knows what should stand where.
struct Fixture {
  /// An arm to be made up.
  struct Arm {
    var name: String
    var family = "standard"
    var adapt = "all"
    var accuracy = 0.9
    var steps: Int? = 3
    var interval: [Int]?
  }

  /// Markup of three languages, separators of files, control characters.
  static let hostile = [
    "<script>alert(1)</script>", "a|b`c`*d*_e_", "100% $x^2$ \\input{/etc/passwd} & #~{}",
    "\"quoted\", 'single'",
    "![x](http://example.org/x.png)", "new\nline\ttab\u{1}", "]]> <!-- --> &amp;",
  ]

  var arms: [Arm]
  var seeds = 1
  var hasSpeed = true
  var hasRobustness = true
  var comparisons: [[String: Any]] = []
  var path = "/data/images"
  /// What every arm is without a role, in points; nil for no attribution.
  var loss: Double?

  /// Nine arms, three seeds, everything measured; some names are hostile.
  static var large: Fixture {
    let names = ["acdc-atoms", "acdc-coefficients", "standard-all", "standard-head"] + hostile.prefix(5)
    var fixture = Fixture(
      arms: names.enumerated().map { i, name in
        let isStandard = name.hasPrefix("standard")
        return Arm(
          name: name, family: isStandard ? "standard" : "acdc",
          adapt: name == "standard-all" ? "all" : "atoms",
          accuracy: 0.93 - 0.015 * Double(i), steps: 1 + i / 2, interval: [1 + i / 2, 1 + i / 2 + min(1, i)])
      }, seeds: 3, path: hostile[0] + "/" + hostile[2], loss: 0.3)
    for (i, arm) in fixture.arms.enumerated() where arm.name != "standard-all" {
      let difference = arm.accuracy - 0.9
      fixture.comparisons.append(
        comparison(arm.name, "standard-all", "accuracy", difference, p: i == 3 ? 0.3 : 1e-6, seeds: 3))
      fixture.comparisons.append(
        comparison(
          arm.name, "standard-all", "relative_drop", 0.01 * Double(i - 3), p: i % 2 == 0 ? 0.001 : 0.4,
          seeds: 3, condition: ["group": "corruption", "name": "mean", "place": "both"]))
      for name in corruptions {
        for side in ["support", "query", "both"] {
          fixture.comparisons.append(
            comparison(
              arm.name, "standard-all", "relative_drop", 0.01 * Double(i - 3), p: i % 2 == 0 ? 0.001 : 0.4,
              seeds: 3, condition: ["group": "corruption", "name": name, "place": side]))
        }
      }
    }
    return fixture
  }

  static let corruptions = [
    "gaussian-noise", "shot-noise", "impulse-noise", "speckle-noise", "gaussian-blur", "defocus-blur",
    "motion-blur", "brightness", "contrast", "pixelate", "elastic", "occlusion", "translation", "rotation",
    "scale",
  ]

  /// Two arms and one comparison of their accuracies.
  static func pair(
    steps: (Int?, Int?) = (1, 3), speedP: Double? = 1e-6, difference: Double = 0.008, p: Double = 1e-6,
    seeds: Int = 3
  ) -> Fixture {
    var fixture = Fixture(
      arms: [
        Arm(
          name: "acdc-atoms", family: "acdc", adapt: "atoms", accuracy: 0.9 + difference, steps: steps.0,
          interval: [1, 1]),
        Arm(name: "standard-all", accuracy: 0.9, steps: steps.1, interval: [2, 4]),
      ], seeds: seeds, hasSpeed: speedP != nil, hasRobustness: false,
      comparisons: [comparison("acdc-atoms", "standard-all", "accuracy", difference, p: p, seeds: seeds)])
    if let speedP, let a = steps.0, let b = steps.1 {
      fixture.comparisons.append(
        comparison(
          "acdc-atoms", "standard-all", "steps_to_common_accuracy", Double(a - b), p: speedP, seeds: seeds,
          reach: [a, b]))
    }
    return fixture
  }

  static func comparison(
    _ a: String, _ b: String, _ metric: String, _ difference: Double, p: Double, seeds: Int,
    condition: [String: Any]? = nil, reach: [Int]? = nil
  ) -> [String: Any] {
    var result: [String: Any] = [
      "a": a, "b": b, "metric": metric, "difference": difference,
      "ci95": [difference - 0.002, difference + 0.002],
      "ci95_simultaneous": [difference - 0.003, difference + 0.003], "family": 3, "p": p,
      "p_uncorrected": p / 2, "p_sign_flip": p,
      "episodes": 600, "seeds": seeds, "episode_deviation": 0.05, "episodes_needed": 1234,
    ]
    result["condition"] = condition
    let isWhole = condition?["name"] as? String == "mean"
    result["primary"] = condition == nil || isWhole
    result["reach"] = reach?.map { steps -> [String: Any] in
      [
        "accuracy": 0.9, "steps": Double(steps), "milliseconds": 0.5 * Double(steps),
        "macs": 4e6 * Double(steps),
      ]
    }
    if seeds > 1 { result["seed_deviation"] = 0.004 }
    return result
  }

  var object: [String: Any] {
    [
      "schema": 1, "kind": seeds > 1 ? "ablation" : "run", "ways": 5, "shots": 1, "queries": 15,
      "arms": arms.enumerated().map { arm($1, $0) }, "comparisons": comparisons,
      "second_order_share": 0.7, "pixel_baseline": estimate(0.44), "norm_statistics": "support",
      "data": ["path": path, "hash": "8745d3284205c709", "classes": 100, "images": 2000, "skipped": 2],
      "command": "fewshot ablate grid.yaml --output ablation", "folder": "runs/a b", "version": "0.2.0",
      "machine": ["blas_core": "Zen", "threads": 2], "seconds": 4000.5,
    ]
  }

  func data() throws -> Data { try JSONSerialization.data(withJSONObject: object) }
  func result() throws -> RunResult { try RunResult(json: data()) }

  /// Writes the result into a folder, with a list of test episodes and a configuration.
  func write(to folder: URL) throws {
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("episodes"), withIntermediateDirectories: true)
    try data().write(to: folder.appendingPathComponent("results.json"))
    try Data("{\"index\":0}\n".utf8).write(to: folder.appendingPathComponent("episodes/test.jsonl"))
    try Data("{\"ways\":5}".utf8)
      .write(to: folder.appendingPathComponent("config.json"))
  }

  func estimate(_ mean: Double, _ ci: Double = 0.004) -> [String: Any] { ["mean": mean, "ci95": ci] }

  func accuracy(_ arm: Arm, after step: Int) -> Double {
    0.2 + (arm.accuracy - 0.2) * (1 - pow(0.05, Double(step) / Double(max(1, arm.steps ?? 1))))
  }

  private func testStep(_ arm: Arm, _ step: Int) -> [String: Any] {
    // A blown-up loss is written as text.
    let loss: Any = step == 10 ? "Infinity" : 0.5
    return ["step": step, "accuracy": accuracy(arm, after: step), "ci95": 0.004, "loss": loss]
  }

  private func seed(_ arm: Arm, _ i: Int, _ seed: Int) -> [String: Any] {
    let mean = arm.accuracy + 0.003 * Double(seed - 1)
    return ["seed": seed, "folder": "runs/\(i)-\(seed)", "accuracy": estimate(mean), "train_seconds": 150.5]
  }

  private func arm(_ arm: Arm, _ i: Int) -> [String: Any] {
    var test: [String: Any] = [
      "episodes": 600, "accuracy": estimate(arm.accuracy), "area_under_curve": arm.accuracy - 0.05,
      "ms_per_task": 2.5,
      "curve": (0...10).map { testStep(arm, $0) },
      "disjoint": ["episodes": 60, "accuracy": estimate(arm.accuracy - 0.001, 0.012)],
    ]
    test["steps_to_95_percent"] = arm.steps
    if hasSpeed { test["worst_decile"] = estimate(arm.accuracy - 0.12) }
    var result: [String: Any] = [
      "name": arm.name, "family": arm.family, "learner": "maml", "adapt": arm.adapt, "order": "second",
      "second_order_share": 0.7,
      "parameters": [
        "total": 28357, "adapted": 28357 / (i + 1), "by_role": ["head": 165, "layer_factors": 9],
        "audit": [
          ["role": "kernels", "tensors": 4, "numbers": 27936, "share": 0.985] as [String: Any],
          ["role": "head", "tensors": 2, "numbers": 165, "share": 0.006],
        ],
      ],
      "train": [
        "iterations": 4000, "tasks": 32000, "seconds": 150.5, "ms_per_task": 4.7, "peak_bytes": 5_923_456,
        "best_iteration": 3600, "validation_accuracy": 0.963,
        "rate_sweep": [
          ["role": "head", "rate": 0.01, "loss": 1.5883],
          ["update": 125, "role": "kernels", "factor": 0.5, "loss": 1.2, "kept": true] as [String: Any],
        ],
        "rates": ["layer_1.conv.kernel": [0.08, 0.12], "head.weight": [1.2, 1.6]],
      ],
      "test": test, "options": ["some_atoms": "6"],
      "command": "fewshot run --family \(arm.family) --adapt '\(arm.name)' --seed 0",
      "seeds": (0..<seeds).map { seed(arm, i, $0) },
      "robustness": hasRobustness ? robustness(arm, i) : [],
    ]
    if seeds > 1 { result["between_seed_deviation"] = 0.003 }
    if hasSpeed {
      result["speed"] = speed(arm, i)
      result["data_sets"] = dataSets(arm)
      result.merge(answers(arm, i)) { _, new in new }
    }
    result["attribution"] = loss.map { attribution(arm, $0) }
    return result
  }
}

/// Lends a new folder.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fewshot-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
