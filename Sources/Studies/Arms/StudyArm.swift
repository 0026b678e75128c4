internal import Evaluation
internal import MetaLearning
internal import Networks
internal import Results
internal import Settings
internal import Tensors
internal import Training

/// One arm of a study: all its trainings, one per seed, in the order of the seeds, and the same as candidates.
///
/// A ``TrainedRun`` is one of these trainings, with its folder and plan; a `Candidate` of the module Evaluation is the
/// network and learner of one alone, with the statistics that it normalises by.
struct StudyArm: Sendable {
  /// Its name in tables.
  let label: String
  /// Its trainings.
  private(set) var runs: [TrainedRun]

  /// The trainings as candidates, with the seed in the name where there are several.
  var candidates: [Candidate]

  init(label: String, runs: [TrainedRun]) {
    self.label = label
    self.runs = runs
    candidates = runs.map { run in
      Candidate(
        name: runs.count > 1 ? "\(label) seed \(run.plan.seed)" : label, network: run.arm.network,
        learner: run.arm.learner, point: run.point, macsPerImageStep: run.arm.macsPerStep(images: 1))
    }
  }

  /// The arm with some of its trainings, asked as before; nil without any.
  func keeping(_ positions: [Int]) -> StudyArm? {
    guard !positions.isEmpty else { return nil }
    var arm = self
    (arm.runs, arm.candidates) = (positions.map { runs[$0] }, positions.map { candidates[$0] })
    return arm
  }

  /// Positions of trainings that belong together: those with the same seed saw the same training episodes.
  func pairs(with other: StudyArm) -> [(Int, Int)] {
    let shared = runs.indices.compactMap { i in
      other.runs.firstIndex { $0.plan.seed == runs[i].plan.seed }.map { (i, $0) }
    }
    return shared.isEmpty ? (0..<min(runs.count, other.runs.count)).map { ($0, $0) } : shared
  }

  /// Sorts runs into arms, in the order of their first runs.
  ///
  /// - Parameter runs: Trainings; several may include the same baseline, which is needed once.
  /// - Returns: The arms, and baselines that should be identical to one of them but are not.
  /// - Throws: ``ConfigurationError`` if runs would not be tested on the same episodes, or one training is named twice.
  static func group(
    _ runs: [TrainedRun]
  ) throws(ConfigurationError) -> (arms: [StudyArm], others: [RunResult.FailedTraining]) {
    try requireSameEpisodes(runs)
    let labels = ArmLabels(runs).labels
    var others: [RunResult.FailedTraining] = []
    var order: [String] = []
    var members: [String: [TrainedRun]] = [:]
    for (label, run) in zip(labels, runs) {
      if members[label] == nil { order.append(label) }
      if let twin = members[label]?.first(where: { $0.plan.seed == run.plan.seed }) {
        if run.isBaseline || twin.isBaseline {
          if run.fingerprint != twin.fingerprint {
            others.append(
              .init(
                arm: label, seed: run.plan.seed, folder: run.folder,
                reason:
                  "\(twin.folder) has the same training with other numbers, and is reported instead: they may come from "
                  + "different processors, BLAS libraries or versions"))
          }
          continue
        }
        throw ConfigurationError(
          field: "run", value: run.folder, reason: "\(twin.folder) is the same training of \(label)",
          remedy: "Name each training once")
      }
      members[label, default: []].append(run)
    }
    let arms = order.map { label in
      StudyArm(label: label, runs: (members[label] ?? []).sorted { $0.plan.seed < $1.plan.seed })
    }
    return (arms, others)
  }

  private static func requireSameEpisodes(_ runs: [TrainedRun]) throws(ConfigurationError) {
    guard let first = runs.first else { return }
    let wanted = first.plan.episodeSettings
    for run in runs {
      if let difference = run.difference(inDataFrom: first) {
        throw ConfigurationError(
          field: "data", value: Plan.words("data", run.plan.data?.text),
          reason: "\(difference) of \(first.folder), and this is \(run.folder)",
          remedy: "Evaluate runs together only if they share data and episode shape")
      }
      let there = run.plan.episodeSettings
      let keys = Set(wanted.keys).union(there.keys).sorted()
      guard let key = keys.first(where: { wanted[$0] != there[$0] }) else { continue }
      throw ConfigurationError(
        field: key, value: Plan.words(key, there[key]),
        reason: "it is \(Plan.words(key, wanted[key])) in \(first.folder) and this is \(run.folder)",
        remedy: "Evaluate runs together only if they share data and episode shape")
    }
  }

  /// The position of the arm that each is compared with; nil for one that is a reference itself.
  ///
  /// References are standard convolutions that adapt everything; without such an arm standard ones, else the last.
  /// Among several, as where an ablation varies the order of the gradient or the width, an arm is compared with the
  /// one that shares most of its training settings, the first of equals.
  static func references(among arms: [StudyArm]) -> [Int?] {
    let standard = arms.indices.filter { arms[$0].runs[0].arm.family == "standard" }
    let whole = standard.filter { arms[$0].runs[0].plan.adapt == "all" }
    let candidates = !whole.isEmpty ? whole : standard.prefix(1) + (standard.isEmpty ? [arms.count - 1] : [])
    return arms.indices.map { i in
      if candidates.contains(i) { return nil }
      let own = arms[i].runs[0].plan.sharedSettings
      func distance(_ k: Int) -> Int {
        let other = arms[k].runs[0].plan.sharedSettings
        return Set(own.keys).union(other.keys).count { own[$0] != other[$0] }
      }
      return candidates.min { distance($0) < distance($1) }
    }
  }
}

extension TrainedRun {
  /// How its images differ from another's, by hashes, or by paths where a folder does not say; nil if they do not.
  fileprivate func difference(inDataFrom other: TrainedRun) -> String? {
    data.difference(to: other.data, at: plan.dataSettings, and: other.plan.dataSettings)
  }
}

extension StudyArm {
  /// The position of the arm in which the head alone learns a task, of the same network trained in the same way; nil for
  /// an arm that has none beside it, or is one.
  ///
  /// What an arm reaches beyond it is what its body's adaptation adds, and not what the head would have done anyway. A
  /// head with a rule learns without steps, so there the settings of steps may differ.
  static func heads(among arms: [StudyArm]) -> [Int?] {
    arms.indices.map { i in
      arms[i].isHeadAlone
        ? nil
        : arms.indices.first { arms[$0].isHeadAlone && arms[$0].headSettings == arms[i].headSettings }
    }
  }

  private var isHeadAlone: Bool {
    let (plan, roles) = (runs[0].plan, runs[0].arm.audit.map(\.role))
    return plan.rule == nil ? roles == [ParameterRole.head.rawValue] : roles.isEmpty
  }

  /// What an arm must share with one in which the head alone learns.
  private var headSettings: [String: String] {
    let plan = runs[0].plan
    var settings = plan.trainingSettings
    settings["seed"] = nil
    guard plan.rule != nil else { return settings }
    for key in Self.stepSettings { settings[key] = nil }
    return settings
  }

  /// Settings that say nothing where there are no inner steps.
  private static let stepSettings = [
    "learner", "order", "memory", "inner-steps", "inner-rate", "tie-rates", "rate-trials", "multi-step-loss",
    "multi-step-updates", "first-order-updates",
  ]
}

extension RunResult.ArmResult {
  /// An arm with all but its robustness; counts and training are its first seed's.
  init(
    _ arm: StudyArm, test: RunResult.Test, speed: SpeedResult, seeds: [RunResult.SeedResult],
    deviation: Double?
  ) {
    let (run, layout) = (arm.runs[0], arm.runs[0].arm.network.layout)
    let audit = run.arm.audit
    self.init(
      name: arm.label, family: run.arm.family, learner: run.plan.learner.rawValue,
      adapt: run.arm.selector.description, order: run.plan.order.rawValue,
      secondOrderShare: run.secondOrderShare,
      parameters: .init(
        total: layout.count(), adapted: audit.reduce(0) { $0 + $1.numbers },
        byRole: Dictionary(uniqueKeysWithValues: layout.roles.map { ($0.rawValue, layout.count(of: $0)) }),
        audit: audit),
      train: run.training ?? .none, test: test, options: run.arm.options, command: run.plan.command,
      seeds: seeds, betweenSeedDeviation: deviation, speed: speed, robustness: [])
  }
}

extension RunResult.Training {
  /// The training of a network that was not trained but fitted: see `fewshot convert`.
  static var none: Self {
    .init(
      iterations: 0, tasks: 0, seconds: 0, msPerTask: 0, peakBytes: 0, bestIteration: 0,
      validationAccuracy: 0, rateSweep: [], rates: [:])
  }
}
