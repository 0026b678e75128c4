internal import Foundation
package import MetaLearning
internal import Networks
package import Results
package import Settings
internal import Tensors

/// The state of training one arm: the rest of the training depends on nothing but this, the plan and the data.
///
/// It is what is saved and continued, and it changes with every step. An ``Arm`` is only declared; a `TrainedRun` of the
/// module Studies is one whose training has ended.
///
/// Random numbers are functions of the seed and an index, so the count of updates stands for them.
package struct TrainingState: Sendable {
  /// A point with its validation accuracy.
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
  /// The present meta-parameters.
  package internal(set) var point: MetaParameters
  /// Updates made.
  package internal(set) var iteration = 0
  /// Updates made at the last validation.
  package internal(set) var validated = 0
  /// The best point so far, once one was validated.
  package internal(set) var best: Best?
  /// What it took over of the network it began at; nil for a drawn start.
  package var origin: RunResult.Start?
  /// The search for inner rates; nil without one.
  package internal(set) var search: RateSearch?
  /// Whether this process has said that the body takes no part.
  var isIdleBodyReported = false
  /// The most tensor memory at once, in bytes.
  package internal(set) var peakBytes = 0
  /// The optimiser's moments.
  var moments = Adam()
  /// What supervised training has beside the point; nil before its first update, and for other learners.
  var supervised: SupervisedState?
  /// Sums since the last row, and the rows.
  package var log: TrainingLog
  /// The arm's rows of `ranks.csv`.
  package var rankText = ""

  /// The state in which training begins.
  ///
  /// - Parameters:
  ///   - arm: What is trained.
  ///   - plan: How.
  ///   - start: Where it starts; nil where the plan's seed draws it.
  package init(_ arm: Arm, _ plan: Plan, from start: MetaParameters? = nil) {
    declared = arm
    self.arm = arm
    point = start ?? arm.start(seed: plan.seed, rate: plan.startingRate)
    search = RateSearch(arm, plan)
    log = TrainingLog(arm: arm.name)
  }

  /// The next step of training.
  enum Step: Equatable {
    /// A trial of the search for rates.
    case trial
    /// An update on one batch of training episodes.
    case update
    /// A pass over the validation episodes.
    case validation
  }

  /// The next step; nil if training is done.
  func nextStep(_ plan: Plan) -> Step? {
    if search?.isDue(after: iteration) == true { return .trial }
    if iteration > validated, iteration % Self.interval(plan) == 0 || iteration >= plan.iterations {
      return .validation
    }
    return iteration < plan.iterations ? .update : nil
  }

  /// Whether training is done.
  package func isFinished(_ plan: Plan) -> Bool { nextStep(plan) == nil }

  /// Updates between two validations: about ten over a run.
  private static func interval(_ plan: Plan) -> Int { max(1, plan.iterations / 10) }

  /// The present point as it is tested: the running mean of the weights, where there is one.
  package var tested: MetaParameters {
    MetaParameters(initial: supervised?.average ?? point.initial, rates: point.rates)
  }

  /// The point with the best validation accuracy; without a validated point, the present one.
  package var bestPoint: MetaParameters { best?.point ?? tested }

  /// The arm at the ranks of ``bestPoint``.
  package var bestArm: Arm { best.map { declared.lowered(to: $0.point.initial.layout) } ?? arm }

  /// How the arm was trained, as results keep it.
  ///
  /// - Parameter plan: The plan of the training.
  /// - Returns: Counts, times and the inner rates of ``bestPoint``; validation is not part of the seconds.
  package func summary(of plan: Plan) -> RunResult.Training {
    let tasks = plan.iterations * (plan.learner == .supervised ? 1 : plan.metaBatch)
    let seconds = log.sums.trainingSeconds
    let isElementwise = bestArm.learner.innerLoop.rates == .elementwise
    let rates = zip(bestArm.adaptedPaths, bestPoint.rates).map { path, rate in
      let numbers = rate.scalars.map { Double($0) }
      return (path, isElementwise ? [Self.geometricMean(numbers)] : numbers)
    }
    return RunResult.Training(
      iterations: plan.iterations, tasks: tasks, seconds: seconds,
      msPerTask: 1000 * seconds / Double(max(1, tasks)), peakBytes: peakBytes,
      bestIteration: best?.iteration ?? 0, validationAccuracy: best?.accuracy ?? 0,
      rateSweep: search?.trials ?? [],
      rates: plan.steps == 0 ? [:] : Dictionary(uniqueKeysWithValues: rates), start: origin)
  }

  /// The mean on the scale on which rates are learned.
  private static func geometricMean(_ numbers: [Double]) -> Double {
    exp(numbers.reduce(0) { $0 + Foundation.log($1) } / Double(max(1, numbers.count)))
  }
}
