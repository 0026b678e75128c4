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
  package static func secondOrderShare(_ arm: Arm, _ point: MetaParameters, _ task: MetaTask) -> Double {
    func gradient(_ order: DerivativeOrder) -> [Tensor] {
      var learner = arm.learner
      learner.innerLoop.order = order
      return learner.metaGradient(at: point, on: task).parameters
    }
    let first = gradient(.first)
    return globalNorm(zip(gradient(.second), first).map { $0 - $1 }) / globalNorm(first)
  }

  /// Second order that was asked for must differ from first order.
  package static func isSecondOrder(_ share: Double, _ plan: Plan) throws(SelfCheckError) {
    guard plan.order == .second, plan.steps > 0, !(share > 1e-6) else { return }
    throw SelfCheckError(
      check: "second order", found: "a meta-gradient \(share) away from first order, relative",
      expected: "a difference above 1e-6", advice: "The inner rates may be zero; set inner-rate")
  }
}
