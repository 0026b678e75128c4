internal import Foundation
internal import Kernels
internal import MetaLearning
internal import Networks
package import Results
internal import Settings
internal import Tensors

/// Finds inner rates on validation episodes, one factor per adapted role: before the first update, and once more when
/// some training has shown what the roles are good for.
///
/// One shared rate would not be a fair comparison: the same step on atoms moves a kernel about 2·O/m times further than
/// on the kernel itself. So that no arm is favoured, all have the same number of trials, however many roles adapt.
///
/// The search is a value: what comes next follows from the losses so far, so that it can be interrupted after any trial.
package struct RateSearch: Sendable {
  /// Trials that belong together: all start from the rates of one point.
  private struct Round {
    /// Updates made before it.
    let update: Int
    let trials: Int
    /// The first change of a rate, in powers of ten.
    let stride: Double
  }

  /// Validation episodes used.
  package static let episodes = 24
  /// The rate of every role before the first trial.
  package static let start = 0.1

  private let refs: [(index: Int, role: String)]
  private let roles: [String]
  private let rounds: [Round]
  private var round = 0
  private var walk: RateWalk
  /// What was tried so far, in order.
  package private(set) var trials: [RunResult.RateTrial] = []

  /// The search of an arm with nothing tried yet; nil where rates are fixed or nothing steps.
  init?(_ arm: Arm, _ plan: Plan) {
    guard plan.innerRate == .learned, plan.steps > 0, plan.rateTrials > 0 else { return nil }
    let layout = arm.network.layout
    refs = arm.learner.innerLoop.refs.enumerated().map { ($0, layout[$1].role.rawValue) }
    // The head first: without it nothing else can show.
    roles = arm.audit.map(\.role).reversed()
    let later = min(300, plan.iterations / 4)
    rounds =
      [Round(update: 0, trials: plan.rateTrials, stride: 1)]
      + (later >= 25 && plan.rateTrials > 1
        ? [Round(update: later, trials: plan.rateTrials / 2, stride: 0.5)] : [])
    walk = RateWalk(axes: roles.count, stride: rounds[0].stride)
  }

  /// The same search after trials with these losses.
  func continued(with losses: [Double]) -> RateSearch {
    var search = self
    for loss in losses { _ = search.add(loss) }
    return search
  }

  /// How many trials there are in all.
  var count: Int { rounds.reduce(0) { $0 + $1.trials } }

  /// Whether a trial comes before the update that follows so many.
  func isDue(after updates: Int) -> Bool { round < rounds.count && updates >= rounds[round].update }

  /// The point that comes next: one role's rates changed, the others at their best so far.
  func candidate(from point: MetaParameters) -> MetaParameters { moved(point, by: walk.candidate) }

  /// Records the mean query loss of the candidate.
  ///
  /// - Returns: After the last trial of a round, the best factors in powers of ten, by role; else nil.
  /// - Precondition: the search is not over.
  mutating func add(_ loss: Double) -> [Double]? {
    let (now, tried, axis) = (rounds[round], walk.candidate, walk.axis)
    let isKept = walk.add(loss)
    let factor = axis.map { pow(10, tried[$0]) } ?? 1
    trials.append(
      RunResult.RateTrial(
        update: now.update, role: axis.map { roles[$0] } ?? "start",
        rate: now.update == 0 ? Self.start * factor : nil, factor: factor, loss: loss, kept: isKept))
    guard walk.count == now.trials else { return nil }
    let best = walk.best
    round += 1
    if round < rounds.count { walk = RateWalk(axes: roles.count, stride: rounds[round].stride) }
    return best
  }

  /// A point with its rates multiplied, by powers of ten in the order of the roles.
  func moved(_ point: MetaParameters, by powers: [Double]) -> MetaParameters {
    let factors = Dictionary(uniqueKeysWithValues: zip(roles, powers.map { pow(10, $0) }))
    var moved = point
    for (index, role) in refs {
      moved.rates[index] = point.rates[index].affine(scale: Scalar(factors[role] ?? 1))
    }
    return moved
  }
}
