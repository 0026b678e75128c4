package import MetaLearning
package import Networks

extension Plan {
  /// Whether the network has a linear head that the inner loop changes.
  var headAdapts: Bool { rule == nil && head.adapts }

  /// The plan's rule, its parameters declared in a network; nil for a linear head.
  ///
  /// - Throws: If a setting of the head is unknown or out of range.
  package func declareRule(in network: inout Network) throws(ConfigurationError) -> (any FeatureHead)? {
    guard let rule else { return nil }
    return try network.declaring { layout, features throws(ConfigurationError) -> any FeatureHead in
      try rule.made(with: headOptions, features: features, in: &layout)
    }
  }

  /// Checks that the head fits the learner, and what adapts.
  ///
  /// - Throws: If they contradict each other.
  func validateHead() throws(ConfigurationError) {
    if runningStatistics == true, initial == nil, learner != .supervised {
      throw ConfigurationError(
        field: "running-statistics", value: "true", reason: "a drawn start has none",
        remedy: "Leave it out, or set initial to a network that was trained with some")
    }
    try validateSupervision()
    let named = adapt?.split(separator: "+").contains("head") ?? false
    if let rule {
      if !learner.hasLinearHead, head.start != .parameters {
        throw ConfigurationError(
          field: "head", value: head.rawValue, reason: "the \(learner.rawValue) learner has no linear head",
          remedy: "Leave head out, or use learner maml")
      }
      if named {
        throw ConfigurationError(
          field: "adapt", value: adapt ?? "",
          reason: "the head \(rule.name) is a rule, without weights that adapt",
          remedy: "Leave the head out of adapt, or set head to adapts")
      }
      if !rule.isDifferentiable, iterations > 0 {
        throw ConfigurationError(
          field: "head", value: rule.name, reason: "training cannot go through it, only tests",
          remedy: "Set iterations to 0, and initial to a trained network; or use centroid, cosine or ridge")
      }
      if steps == 0, let adapt, adapt != "none" {
        throw ConfigurationError(
          field: "adapt", value: adapt, reason: "with 0 inner steps nothing adapts",
          remedy: "Set inner-steps to 1 or more, or leave adapt out")
      }
      return
    }
    if head == .frozen, named {
      throw ConfigurationError(
        field: "head", value: "frozen",
        reason: "adapt names the head, which is frozen unless head says otherwise",
        remedy: "Set head to adapts, or leave the head out of adapt")
    }
    if let option = headOptions.keys.min() {
      throw ConfigurationError(
        field: "head-option", value: option, reason: "a linear head has no options",
        remedy: "Leave it out, or use a head with a rule, such as ridge")
    }
    if let trainWays, trainWays != ways {
      throw ConfigurationError(
        field: "train-ways", value: trainWayRange.map { "\($0)" } ?? "",
        reason: "a linear head has one output per class, \(ways) here",
        remedy: "Leave train-ways out, or use learner prototypical or a head with a rule")
    }
  }
}
