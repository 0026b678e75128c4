internal import Foundation
package import MetaLearning
internal import Networks
package import Results
package import Settings
internal import Tensors

/// Everything that training one arm has come to: what goes on from it depends on nothing else but the plan and the
/// data.
///
/// Random numbers are functions of the seed and an index, so the count of updates stands for them.
package struct TrainingState: Sendable {
  /// A point that was validated.
  package struct Best: Sendable {
    /// The point.
    package let point: MetaParameters
    /// Updates made when it was found.
    package let iteration: Int
    /// Its validation accuracy.
    package let accuracy: Double
  }

  /// The arm as it was declared, before any rank fell.
  package let declared: Arm
  /// The arm, at the present ranks.
  package internal(set) var arm: Arm
  /// Where training stands.
  package internal(set) var point: MetaParameters
  /// Updates made.
  package internal(set) var iteration = 0
  /// Updates made at the last validation.
  package internal(set) var validated = 0
  /// The best point so far, once one was validated.
  package internal(set) var best: Best?
  /// The search for initial inner rates; nil without one.
  package internal(set) var sweep: RateSweep?
  /// The most tensor memory at once, in bytes.
  package internal(set) var peakBytes = 0
  /// The optimiser's moments.
  var moments = Adam()
  /// Sums since the last row, and the rows.
  package var log: TrainingLog
  /// The arm's rows of `ranks.csv`.
  package var rankText = ""

  /// Where training begins.
  package init(_ arm: Arm, _ plan: Plan) {
    declared = arm
    self.arm = arm
    point = arm.start(seed: plan.seed, rate: plan.startingRate)
    if plan.innerRate == .learned && plan.steps > 0 { sweep = RateSweep(arm) }
    log = TrainingLog(arm: arm.name)
  }

  /// What comes next.
  enum Step: Equatable {
    /// A trial of the search for initial rates.
    case trial
    /// An update on one batch of training episodes.
    case update
    /// A pass over the validation episodes.
    case validation
  }

  /// What comes next; nil if training is done.
  func nextStep(_ plan: Plan) -> Step? {
    if let sweep, !sweep.isComplete { return .trial }
    if iteration > validated, iteration % Self.interval(plan) == 0 || iteration >= plan.iterations {
      return .validation
    }
    return iteration < plan.iterations ? .update : nil
  }

  /// Whether training is done.
  package func isFinished(_ plan: Plan) -> Bool { nextStep(plan) == nil }

  /// Updates between two validations: about ten over a run.
  private static func interval(_ plan: Plan) -> Int { max(1, plan.iterations / 10) }

  /// What training gave, for the report.
  ///
  /// Without a single update the point itself is the best one.
  package var result: TrainedArm {
    TrainedArm(
      arm: best.map { declared.lowered(to: $0.point.initial.layout) } ?? arm, best: best?.point ?? point,
      bestIteration: best?.iteration ?? 0, bestValidation: best?.accuracy ?? 0, sweep: sweep?.trials ?? [],
      seconds: log.sums.trainingSeconds, peakBytes: peakBytes)
  }
}

/// What training one arm gave.
package struct TrainedArm: Sendable {
  /// The arm, at the ranks of the best point.
  package let arm: Arm
  /// The point with the best validation accuracy.
  package let best: MetaParameters
  /// Updates made when the best point was found.
  package let bestIteration: Int
  /// Its validation accuracy.
  package let bestValidation: Double
  /// What the rate sweep tried.
  package let sweep: [RunResult.RateTrial]
  /// Wall time of the updates, validation not counted.
  package let seconds: Double
  /// Most tensor memory at once.
  package let peakBytes: Int
}
