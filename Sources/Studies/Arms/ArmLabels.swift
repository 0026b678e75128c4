internal import Settings
internal import Training

/// Short names for the arms of a study: what an arm adapts, and whatever else sets it apart from its namesakes.
struct ArmLabels {
  /// Runs with the same label are trainings of one arm with different seeds.
  let labels: [String]

  /// Names every run.
  init(_ runs: [TrainedRun]) {
    let settings = runs.map { $0.plan.armSettings }
    labels = runs.indices.map { i in
      let namesakes = runs.indices.filter { runs[$0].arm.name == runs[i].arm.name }
      let keys = Set(namesakes.flatMap { settings[$0].keys }).sorted()
      let telling = keys.filter { key in Set(namesakes.map { settings[$0][key] }).count > 1 }
      let words = telling.map { "\($0)=\(settings[i][$0] ?? "default")" }
      return ([runs[i].arm.name] + words).joined(separator: " ")
    }
  }
}

extension Plan {
  /// What makes two trainings different arms, as text by key: everything but the seed and where it ran.
  fileprivate var armSettings: [String: String] {
    var settings = trainingSettings
    settings["seed"] = nil
    (settings["option"], settings["head-option"]) = (nil, nil)
    for (name, value) in options.merging(headOptions, uniquingKeysWith: { $1 }) { settings[name] = value }
    return settings
  }
}
