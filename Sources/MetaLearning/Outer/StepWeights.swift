/// What the query loss after each inner step counts in the outer loss.
///
/// outer loss = Σₜ wₜ · query loss after step t, for t = 1…T
public struct StepWeights: Hashable, Sendable {
  /// One weight for each step, from the first to the last, with the sum 1; none for a learner without steps.
  public let values: [Double]

  /// The loss after the last step alone, as in MAML.
  public init(last steps: Int) { self.init(values: (0..<steps).map { $0 == steps - 1 ? 1 : 0 }) }

  /// The same weight for every step: a learner that is to do well after any number of them.
  public init(equal steps: Int) {
    self.init(values: [Double](repeating: 1 / Double(max(1, steps)), count: steps))
  }

  /// Weights that move from all steps to the last one while training goes on.
  ///
  /// All start at 1/T. Those of the earlier steps fall in a straight line, but not below 0.03/T, and the last step
  /// takes what they lose; after `updates` updates only the last counts.
  ///
  /// - Parameters:
  ///   - steps: T.
  ///   - done: Updates made so far.
  ///   - updates: Updates after which only the last step counts.
  /// - Source: Antoniou et al. 2019 (MAML++), and their code, which counts epochs instead of updates.
  public init(annealed steps: Int, after done: Int, of updates: Int) {
    guard steps > 1, done < updates else {
      self.init(last: steps)
      return
    }
    let (start, floor) = (1 / Double(steps), 0.03 / Double(steps))
    let early = max(floor, start * (1 - Double(done) / Double(updates)))
    self.init(values: (0..<steps).map { $0 == steps - 1 ? 1 - Double(steps - 1) * early : early })
  }

  private init(values: [Double]) { self.values = values }

  /// The weight of the last step; 1 for a learner without steps, whose only loss it is.
  var last: Double { values.last ?? 1 }
}
