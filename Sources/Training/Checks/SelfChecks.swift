package import Episodes
package import Images
package import MetaLearning
package import Settings
internal import Tensors

/// Checks that stop a run whose numbers cannot be right.
package enum SelfChecks {
  /// Support and query share no image, by path and by content.
  package static func isDisjoint(_ list: EpisodeList, _ store: ImageStore) throws(SelfCheckError) {
    for episode in list.episodes {
      let support = Set(episode.support.joined())
      let keys = Set(support.compactMap(store.contentKey))
      let shared = episode.query.joined().first { path in
        support.contains(path) || store.contentKey(of: path).map(keys.contains) ?? true
      }
      guard let shared else { continue }
      throw SelfCheckError(
        check: "disjoint support and query", found: "\(shared) on both sides of episode \(episode.index)",
        expected: "no shared image", advice: "Draw the episodes again")
    }
  }

  /// ‖second − first‖/‖first‖ of the meta-gradient on one task, by the given learner.
  ///
  /// - Returns: nil where the task cannot tell, since both orders are the same but for rounding: its support loss has no
  ///   slope, as behind a head that fits the support at once, or its query loss has none where the steps end, as where a
  ///   long step has switched all activations off.
  package static func secondOrderShare(_ arm: Arm, _ point: MetaParameters, _ task: MetaTask) -> Double? {
    guard hasSlope(arm, point, task), !(arm.learner.endSlope(at: point, on: task) < least) else { return nil }
    func gradient(_ order: DerivativeOrder) -> [Tensor] {
      var learner = arm.learner
      learner.innerLoop.order = order
      return learner.metaGradient(at: point, on: task).parameters
    }
    let first = gradient(.first)
    return globalNorm(zip(gradient(.second), first).map { $0 - $1 }) / globalNorm(first)
  }

  /// A slope below this leaves nothing but rounding to compare.
  private static let least = 1e-4

  /// Whether the support loss has a slope at some inner step.
  private static func hasSlope(_ arm: Arm, _ point: MetaParameters, _ task: MetaTask) -> Bool {
    let norms = arm.learner.trace(at: point, on: task).flatMap(\.movements).map(\.gradientNorm)
    // A norm that is no number is not small.
    return norms.contains { !($0 < least) }
  }

  /// Second order that was asked for must differ from first order, where a task can tell.
  package static func isSecondOrder(_ share: Double?, _ plan: Plan) throws(SelfCheckError) {
    guard let share, plan.metaOrder == .second, plan.steps > 0, !(share > 1e-6) else { return }
    throw SelfCheckError(
      check: "second order", found: "a meta-gradient \(share) away from first order, relative",
      expected: "a difference above 1e-6", advice: "The inner rates may be zero; set inner-rate")
  }
}
