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
  ///
  /// - Parameters:
  ///   - measures: Curves of the arm.
  ///   - plan: Its settings.
  ///   - ways: Classes of each of its tasks; nil where they do not vary.
  /// - Throws: ``SelfCheckError`` if accuracy is too far from chance.
  package static func startsAtChance(
    _ measures: SpeedMeasures, _ plan: Plan, ways: [Int]? = nil
  ) throws(SelfCheckError) {
    guard plan.rule == nil, plan.head != .prototypes else { return }
    let accuracies = measures.accuracies(after: 0)
    let chances = ways.map { $0.map { 1 / Double($0) } } ?? accuracies.map { _ in 1 / Double(plan.ways) }
    let found = Summary(accuracies)
    let (chance, count) = (Summary(chances).mean, Double(found.count))
    // What tasks of different sizes differ in by chance alone is no spread.
    let (deviation, more) = (Summary(zip(accuracies, chances).map(-)).standardDeviation ?? 0, 4.0)
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
