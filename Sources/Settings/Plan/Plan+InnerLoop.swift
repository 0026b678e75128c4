internal import MetaLearning
package import Networks

extension Plan {
  /// Checks that the settings of the inner loop fit the learner and each other.
  ///
  /// - Throws: If they do not.
  func validateInnerLoop() throws(ConfigurationError) {
    if elementwiseRates, tieRates {
      throw ConfigurationError(
        field: "elementwise-rates", value: "true", reason: "tie-rates asks for one rate per tensor",
        remedy: "Leave one of the two out")
    }
    if stepNorms, steps == 0 {
      throw ConfigurationError(
        field: "step-norms", value: "true", reason: "there are no inner steps",
        remedy: "Set inner-steps to 1 or more, or leave it out")
    }
    if stepNorms, initial != nil || learner == .reptile {
      throw ConfigurationError(
        field: "step-norms", value: "true",
        reason: learner == .reptile
          ? "reptile trains what adapts, and these do not" : "the start has none",
        remedy: "Leave it out")
    }
    if innerOptimizer != .descent, steps == 0 {
      throw ConfigurationError(
        field: "inner-optimizer", value: innerOptimizer.rawValue, reason: "there are no inner steps",
        remedy: "Set inner-steps to 1 or more, or leave it out")
    }
    if innerOptimizer != .descent, learner != .reptile, iterations > 0 {
      throw ConfigurationError(
        field: "inner-optimizer", value: innerOptimizer.rawValue,
        reason: "a meta-gradient goes through steps of sgd only",
        remedy: "Set iterations to 0, and initial to a trained network; or use learner reptile")
    }
    if multiStepLoss, learner == .reptile {
      throw ConfigurationError(
        field: "multi-step-loss", value: "true", reason: "reptile has no query loss in training",
        remedy: "Leave it out, or use learner maml")
    }
  }

  /// Checks that training reaches every number: Reptile moves what adapts and nothing else.
  ///
  /// - Parameters:
  ///   - adapted: What the inner loop changes.
  ///   - layout: The parameters of the network.
  /// - Throws: If something would stay at its random start; the error names its first tensor.
  package func validateReach(
    of adapted: [AdaptedTensor], in layout: ParameterLayout
  ) throws(ConfigurationError) {
    guard learner == .reptile, iterations > 0, initial == nil else { return }
    let whole = Set(adapted.filter { $0.mask == nil }.map(\.ref))
    guard
      let left = layout.refs.first(where: {
        layout[$0].isLearned && layout[$0].isMetaTrained && !whole.contains($0)
      })
    else { return }
    throw ConfigurationError(
      field: "learner", value: learner.rawValue,
      reason: "it trains what adapts, so \(layout[left].path) would stay at its random start",
      remedy: "Use adapt all, and head adapts or a head with a rule; or set initial to a trained network")
  }
}
