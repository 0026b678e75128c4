package import Evaluation
package import Settings
internal import Statistics
package import Training

extension SelfChecks {
  /// An arm with a linear head must not know labels before it adapts: classes stand in random order, so step 0 is at chance.
  ///
  /// A head that starts at the support's class means knows them. Five standard errors and half a percent leave room for
  /// a true run; a leak is far outside. Four more episodes of one guess each count in the variance, so that a few
  /// episodes which agree by chance raise no alarm.
  package static func startsAtChance(_ measures: SpeedMeasures, _ plan: Plan) throws(SelfCheckError) {
    guard plan.rule == nil, plan.head != .prototypes else { return }
    let found = Summary(measures.accuracies(after: 0))
    let (chance, count) = (1 / Double(plan.ways), Double(found.count))
    let (deviation, more) = (found.standardDeviation ?? 0, 4.0)
    let variance =
      (deviation * deviation * (count - 1) + chance * (1 - chance) * more) / (count - 1 + more)
    let room = 5 * (variance / count).squareRoot() + 0.005
    guard abs(found.mean - chance) > room else { return }
    throw SelfCheckError(
      check: "chance at step 0", found: "accuracy \(found.mean) of \(measures.candidate) before adaptation",
      expected: "\(chance) ± \(room)",
      advice: "Labels leak into the model or the episodes; do not use the results")
  }
}
