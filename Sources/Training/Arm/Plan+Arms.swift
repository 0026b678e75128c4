package import Networks
package import Settings

extension Plan {
  /// Checks every field and whether they fit together.
  ///
  /// - Parameter families: The convolution families there are.
  /// - Throws: If a value is out of range, a name unknown, or two settings contradict each other.
  package func validate(families: [any ConvFamily.Type]) throws(ConfigurationError) {
    try validateSettings(families: families)
    _ = try Arm(self, family: family, options: options, adapt: adapt, families: families)
  }

  /// The arms that a run of this plan trains.
  ///
  /// - Parameter families: All families.
  /// - Returns: The chosen one first, then the baseline if there is one.
  /// - Throws: If the settings do not fit each other.
  package func arms(families: [any ConvFamily.Type]) throws(ConfigurationError) -> [Arm] {
    let main = try Arm(self, family: family, options: options, adapt: adapt, families: families)
    guard baseline == .standard else { return [main] }
    let standard = try Arm(self, family: "standard", options: [:], adapt: nil, families: families)
    return main.name == standard.name ? [main] : [main, standard]
  }

  /// The plan with everything written out that follows from other settings and from what an arm of it was built as.
  package func resolved(as arm: Arm) -> Plan {
    var plan = resolved(adapting: arm.selector.description)
    plan.options = arm.options
    return plan
  }

  /// The command that trains an arm of this plan alone.
  package func command(of arm: Arm) -> String {
    var plan = self
    (plan.family, plan.options, plan.adapt) = (arm.family, arm.options, arm.selector.description)
    plan.baseline = .none
    return plan.command
  }

  /// The inner rate before any search: the fixed one, or the middle of the search.
  package var startingRate: Double { if case .fixed(let rate) = innerRate { rate } else { RateSearch.start } }
}
