internal import Kernels
internal import MetaLearning
internal import Networks
package import Results
internal import Tensors

/// Finds where the meta-learned inner rates start: a short search on validation episodes, per adapted role.
///
/// One shared rate would not be a fair comparison: the same step on atoms moves a kernel about 2·O/m times
/// further than on the kernel itself.
///
/// The search is a value: what comes next follows from the losses so far, so that it can be interrupted after any trial.
package struct RateSweep: Sendable {
  /// The rates that are tried, log-spaced.
  package static let grid: [Double] = [0.01, 0.03, 0.1, 0.3, 1, 3]
  /// Validation episodes used.
  package static let episodes = 24
  /// The rate of the roles that have not had their turn.
  package static let start = 0.1

  /// Roles in the order of their turns: the head first, for without it nothing else can show.
  private let roles: [String]
  private let arm: Arm
  /// What was tried so far, in order.
  package private(set) var trials: [RunResult.RateTrial] = []

  /// A search for an arm, with nothing tried yet.
  init(_ arm: Arm) {
    self.arm = arm
    roles = arm.audit.map(\.role).reversed()
  }

  /// A search that continues after trials with these losses.
  init(_ arm: Arm, losses: [Double]) {
    self.init(arm)
    for loss in losses { add(loss) }
  }

  /// How many trials there are in all.
  var count: Int { roles.count * Self.grid.count }

  /// Whether every rate of every role was tried.
  var isComplete: Bool { trials.count >= count }

  /// The point that comes next: the role whose turn it is at its next rate, the others at their best so far.
  ///
  /// - Precondition: the search is not complete.
  func candidate(from point: MetaParameters) -> MetaParameters {
    var rates = chosen
    rates[role(of: trials.count)] = rate(of: trials.count)
    return moved(point, to: rates)
  }

  /// Records the mean query loss of the candidate; ignored after the last one.
  mutating func add(_ loss: Double) {
    guard !isComplete else { return }
    trials.append(RunResult.RateTrial(role: role(of: trials.count), rate: rate(of: trials.count), loss: loss))
  }

  /// The point with the best rates found.
  func result(from point: MetaParameters) -> MetaParameters { moved(point, to: chosen) }

  private func role(of trial: Int) -> String { roles[trial / Self.grid.count] }

  private func rate(of trial: Int) -> Double { Self.grid[trial % Self.grid.count] }

  /// The best rate of every role that has had its whole turn; the first of equals.
  private var chosen: [String: Double] {
    var chosen: [String: Double] = [:]
    for (i, role) in roles.enumerated() {
      let own = trials.dropFirst(i * Self.grid.count).prefix(Self.grid.count)
      guard own.count == Self.grid.count else { break }
      // A rate that blows up has no finite loss and cannot win.
      chosen[role] = own.filter { $0.loss < .infinity }.min { $0.loss < $1.loss }?.rate ?? Self.start
    }
    return chosen
  }

  private func moved(_ point: MetaParameters, to rates: [String: Double]) -> MetaParameters {
    let layout = arm.network.layout
    var moved = point
    moved.rates = zip(arm.learner.innerLoop.refs, point.rates).map { ref, old in
      Tensor(repeating: Scalar(rates[layout[ref].role.rawValue] ?? Self.start), shape: old.shape)
    }
    return moved
  }
}
