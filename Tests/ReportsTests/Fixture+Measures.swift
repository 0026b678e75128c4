import Foundation

// What an evaluation adds to the arms of a made-up result.
extension Fixture {
  /// Everything about speed, slower and further for later arms.
  func speed(_ arm: Arm, _ i: Int) -> [String: Any] {
    var speed: [String: Any] = ["trained_steps": 2, "degradation": estimate(0.002)]
    speed["area_under_curve"] = estimate(arm.accuracy - 0.05)
    speed["milliseconds_to_95_percent"] = 0.9 * Double(i + 1)
    speed["macs_to_95_percent"] = 1.25e7 * Double(i + 1)
    speed["steps_to_95_percent"] = arm.steps
    speed["steps_to_95_percent_interval"] = arm.interval
    speed["targets"] = [0.5, 0.99].map { target -> [String: Any] in
      var reach: [String: Any] = ["accuracy": target]
      if target < arm.accuracy { reach["steps"] = 0.5 * Double(i + 1) }
      return reach
    }
    speed["curve"] = (0...10).map { step(arm, i, $0) }
    let movement: [String: Any] = [
      "path": "layer_1.conv.kernel", "role": "kernels", "is_relative": true,
      "by_steps": (0...10).map { 0.04 * Double($0) },
    ]
    speed["movements"] = [movement]
    speed["matched"] = [0.05, 0.1, 0.2, 0.4].map { matched(arm, $0) }
    speed["rate_grid"] = rateGrid(arm)
    speed["similarity"] = (1...4).map { layer -> [String: Any] in
      let change = 0.04 * Double(layer) * Double(i + 1) / 3
      return ["layer": "layer\(layer)", "cka": estimate(1 - change)]
    }
    let shapes = [(5, 1), (5, 2), (5, 3), (5, 5), (5, 10), (10, 1), (20, 1)]
    speed["shapes"] = shapes.map { ways, shots -> [String: Any] in
      let mean = arm.accuracy + 0.02 * Double(shots - 1) / 9 - 0.01 * Double(ways - 5)
      return ["ways": ways, "shots": shots, "queries": 15, "tasks": 100, "accuracy": estimate(mean)]
    }
    return speed
  }

  /// An arm whose head reaches all but a loss, and whose body almost nothing.
  func attribution(_ arm: Arm, _ loss: Double) -> [[String: Any]] {
    let parts = [
      ("all", 0), ("none", arm.accuracy - 0.2), ("head", loss), ("body", arm.accuracy - 0.25),
      ("only:kernels", arm.accuracy - 0.25), ("without:kernels", loss),
    ]
    return parts.map { name, loss -> [String: Any] in
      var row: [String: Any] = [
        "adapted": name, "numbers": 165, "episodes": 200, "accuracy": estimate(arm.accuracy - loss),
      ]
      if name != "all" {
        row["difference"] =
          ["mean": -loss, "ci95": [-loss - 0.01, -loss + 0.01], "p": loss > 0.01 ? 1e-9 : 0.7]
          as [String: Any]
      }
      return row
    }
  }

  /// How an arm's answers are: surer than right, more so for later arms, and worst on two classes.
  func answers(_ arm: Arm, _ i: Int) -> [String: Any] {
    func calibration(_ error: Double) -> [String: Any] {
      [
        "ece": estimate(error), "nll": estimate(0.31 + error, 0.006), "brier": estimate(0.17 + error, 0.003),
        "bins": (0..<15).map { b -> [String: Any] in
          let (low, high) = (Double(b) / 15, Double(b + 1) / 15)
          guard b > 2 else { return ["low": low, "high": high, "count": 0] }
          let sure = (low + high) / 2
          return [
            "low": low, "high": high, "count": 100 * b, "confidence": sure,
            "accuracy": estimate(max(0, sure - error), 0.02),
          ]
        },
      ]
    }
    let classes = (0..<12).map { c -> [String: Any] in
      let mean = arm.accuracy - (c < 2 ? 0.3 : 0.01 * Double(c % 3))
      return ["name": "Greek/\(c)", "episodes": 40, "queries": 600, "accuracy": estimate(mean, 0.03)]
    }
    let pairs = (0..<3).map { k -> [String: Any] in
      ["true": "Greek/\(k)", "predicted": "Greek/\(k + 1)", "count": 90 - k, "asked": 300]
    }
    return [
      "calibration": [
        "before": calibration(0.01), "after": calibration(0.04 + 0.01 * Double(i)),
      ], "classes": classes, "confusion": ["wrong": 1234, "pairs": 77, "most": pairs] as [String: Any],
    ]
  }

  /// An arm on two further data sets, at three numbers of shots each.
  func dataSets(_ arm: Arm) -> [[String: Any]] {
    ["birds", "leaves"].flatMap { name in
      [5, 20, 50].map { shots in
        [
          "name": name, "hash": "ab", "classes": 20, "images": 1200, "ways": 5, "shots": shots, "queries": 15,
          "episodes": 600, "accuracy": estimate(arm.accuracy - 1 / Double(shots)),
        ] as [String: Any]
      }
    }
  }

  private func step(_ arm: Arm, _ i: Int, _ step: Int) -> [String: Any] {
    let mean = accuracy(arm, after: step)
    var result: [String: Any] = ["step": step, "query_accuracy": estimate(mean), "query_loss": 0.5]
    result["support_accuracy"] = min(1, mean + 0.05)
    result["support_loss"] = 0.3
    result["milliseconds"] = Double(step) * (0.6 + 0.1 * Double(i))
    result["macs"] = Double(step) * 1e7 * (1 + 0.2 * Double(i))
    result["kernel_movement"] = 0.05 * Double(step) * (1 + 0.3 * Double(i))
    return result
  }

  private func matched(_ arm: Arm, _ movement: Double) -> [String: Any] {
    var point: [String: Any] = ["kernel_movement": movement, "reached": movement < 0.3 ? 0.9 : 0.1]
    if movement < 0.3 { point["accuracy"] = estimate(arm.accuracy - 0.1 * (0.3 - movement)) }
    return point
  }

  private func rateGrid(_ arm: Arm) -> [String: Any] {
    let factors = [0.1, 0.3, 1, 3, 10]
    let steps = [1, 2, 5, 10]
    let accuracy = factors.map { factor -> [Double] in
      let loss = 0.08 * log10(factor) * log10(factor)
      return steps.map { arm.accuracy - loss * (1 + Double($0) / 20) }
    }
    return [
      "factors": factors, "steps": steps, "accuracy": accuracy, "tolerated": [0.3, 3], "tolerated_range": 10,
      "trained_steps": 2, "tasks": 100, "best_factor": 1, "is_open_below": false, "is_open_above": false,
    ]
  }

  /// Corruptions, wrong labels and an attack; later arms lose more.
  func robustness(_ arm: Arm, _ i: Int) -> [[String: Any]] {
    var rows: [[String: Any]] = []
    func row(_ condition: [String: Any], _ drop: Double) {
      var row: [String: Any] = ["condition": condition, "relative_drop": drop]
      row["accuracy"] = estimate(arm.accuracy * (1 - drop))
      row["relative_error"] = 1 + 0.05 * Double(i)
      rows.append(row)
    }
    func add(_ group: String, _ name: String, _ severities: [Double], _ sides: [String?]) {
      let top = severities.max() ?? 1
      let drops = severities.map { 0.06 * Double(i + 2) * $0 / top }
      for side in sides {
        var condition: [String: Any] = ["group": group, "name": name]
        condition["place"] = side
        for (severity, drop) in zip(severities, drops) {
          condition["severity"] = severity
          row(condition, drop)
        }
        condition["severity"] = nil
        row(condition, drops.reduce(0, +) / Double(drops.count))
      }
    }
    for name in Self.corruptions {
      add("corruption", name, [1, 2, 3, 4, 5], ["support", "query", "both"])
    }
    for name in ["symmetric", "pair-swap"] { add("labels", name, [0, 0.2, 0.4, 0.6], [nil]) }
    add("attack", "pgd", [0.01, 0.02, 0.05], ["support", "query"])
    return rows
  }
}
