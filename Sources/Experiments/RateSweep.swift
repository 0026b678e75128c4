internal import Episodes
internal import MetaLearning
internal import Networks
internal import Tensors

/// Finds where the meta-learned inner rates start: a short search on validation episodes, per adapted role.
///
/// One shared rate would not be a fair comparison: the same step on atoms moves a kernel about 2·O/m times
/// further than on the kernel itself.
public struct RateSweep: Sendable {
  /// The rates that are tried, log-spaced.
  public static let grid: [Double] = [0.01, 0.03, 0.1, 0.3, 1, 3]
  /// Validation episodes used.
  public static let episodes = 24
  /// The rate of the roles that have not had their turn.
  static let start = 0.1

  /// One rate tried for one role.
  public struct Trial: Codable, Hashable, Sendable {
    /// The role.
    public let role: String
    /// The rate.
    public let rate: Double
    /// Mean query loss after adaptation.
    public let loss: Double
  }

  /// Tries every rate for one role after another, the others at their best so far.
  ///
  /// - Parameters:
  ///   - arm: Whose rates.
  ///   - point: Where the network stands.
  ///   - tasks: Validation tasks.
  ///   - workers: How many run at once.
  /// - Returns: The point with the chosen rates, and everything that was tried.
  /// - Throws: `CancellationError` if the run is interrupted.
  static func run(
    _ arm: Arm, from point: MetaParameters, on tasks: [MetaTask], workers: Int
  ) async throws -> (MetaParameters, [Trial]) {
    let layout = arm.network.layout
    let roles = arm.audit.map(\.role)
    var chosen = Dictionary(uniqueKeysWithValues: roles.map { ($0, start) })
    var trials: [Trial] = []
    func at(_ rates: [String: Double]) -> MetaParameters {
      var moved = point
      moved.rates = zip(arm.learner.innerLoop.refs, point.rates).map { ref, old in
        Tensor(repeating: Scalar(rates[layout[ref].role.rawValue] ?? start), shape: old.shape)
      }
      return moved
    }
    // The head first: without it nothing else can show.
    for role in roles.reversed() {
      var best = (rate: start, loss: Double.infinity)
      for rate in grid {
        var rates = chosen
        rates[role] = rate
        let candidate = at(rates)
        let losses = try await mapTasks(tasks.count, workers: workers) { i in
          arm.learner.assess(arm.learner.fit(candidate, to: tasks[i].support), on: tasks[i]).loss
        }
        let loss = losses.reduce(0, +) / Double(losses.count)
        trials.append(Trial(role: role, rate: rate, loss: loss))
        // A rate that blows up has no finite loss and cannot win.
        if loss < best.loss { best = (rate, loss) }
      }
      chosen[role] = best.rate
    }
    return (at(chosen), trials)
  }
}
