package import Networks

/// What a budget of adapted numbers makes of an arm.
package struct BudgetedArm: Hashable, Sendable {
  /// The family's settings, with the one that was chosen.
  package let options: [String: String]
  /// The selector of what adapts.
  package let adapt: String
  /// A sentence that says what was chosen, and how many numbers of the body adapt.
  package let note: String
}

extension Plan {
  /// This plan with what its budget makes of its own arm; the same plan without a budget.
  ///
  /// - Throws: As ``budgeted(_:options:adapt:)``, or if there is no such family.
  package func fittingBudget(families: [any ConvFamily.Type]) throws(ConfigurationError) -> Plan {
    guard let arm = try budgeted(families: families) else { return self }
    var plan = self
    (plan.options, plan.adapt) = (arm.options, arm.adapt)
    return plan
  }

  /// What the plan's budget makes of its own arm; nil without a budget.
  ///
  /// - Throws: As ``budgeted(_:options:adapt:)``, or if there is no such family.
  package func budgeted(families: [any ConvFamily.Type]) throws(ConfigurationError) -> BudgetedArm? {
    try budgeted(familyType(among: families), options: options, adapt: adapt)
  }

  /// What the plan's budget makes of an arm: as many numbers of the body adapt as it allows.
  ///
  /// What is set stays. Of what is not, the family's ``ConvFamily/size`` is chosen; or K of a selector `random`. Where
  /// neither can be, what adapts must fit by itself; if it is the family's default and does not, `random` takes its
  /// place. The head does not count, since all arms of a run have the same. What was chosen fits again, so a plan with
  /// the choice written out means the same.
  ///
  /// - Parameters:
  ///   - family: The convolution family.
  ///   - options: Its settings.
  ///   - adapt: What adapts; nil for the family's default.
  /// - Returns: The choice; nil without a budget.
  /// - Throws: If nothing fits, naming the least that would.
  package func budgeted(
    _ family: any ConvFamily.Type, options: [String: String], adapt: String?
  ) throws(ConfigurationError) -> BudgetedArm? {
    guard let adaptBudget else { return nil }
    return try Budget(plan: self, limit: adaptBudget, family: family).arm(options, adapt)
  }
}

/// A budget for an arm of one family.
private struct Budget {
  let plan: Plan
  let limit: Int
  let family: any ConvFamily.Type

  /// The most that still counts as the same budget, where nothing smaller can be chosen: a tenth more.
  private var most: Int { limit + limit / 10 }

  func arm(_ options: [String: String], _ adapt: String?) throws(ConfigurationError) -> BudgetedArm {
    let text = adapt ?? (plan.steps == 0 ? "none" : family.defaultAdaptation)
    if let layers = Self.layersOfRandom(text) { return try random(options, layers) }
    let selector = try AdaptSelector(text)
    if let size = family.size, options[size.name] == nil,
      let values = try Values(self, options, size, selector)
    {
      let position = values.nearest(to: limit)
      let numbers = try values.numbers(at: position)
      guard numbers <= most else {
        throw refusal(
          "the least that \(family.name) adapts is \(numbers) numbers, with \(size.name)=\(size[position])",
          "Use adapt-budget \(numbers) or more, limit adapt to some layers, as in \(family.defaultAdaptation)@2, "
            + "or set adapt to random")
      }
      return chosen(options.merging([size.name: size[position]]) { $1 }, text, numbers)
    }
    let numbers = try count(options, selector)
    if numbers <= most { return chosen(options, text, numbers) }
    let set = family.size.flatMap { size in options[size.name].map { "option \(size.name)=\($0)" } }
    guard let given = set ?? adapt.map({ "adapt \($0)" }) else { return try random(options, "") }
    throw refusal(
      "\(family.name) adapts \(numbers) numbers with \(given)",
      "Leave that out, use adapt-budget \(numbers) or more, or set adapt to random")
  }

  /// The numbers of the body that a selector picks.
  func count(_ options: [String: String], _ selector: AdaptSelector) throws(ConfigurationError) -> Int {
    let layout = try plan.network(of: [family].family(named: family.name, options: options)).layout
    return try selector.adapted(in: layout, withHead: false, seed: plan.seed)
      .filter { layout[$0.ref].role != .head }.reduce(0) { $0 + $1.count(in: layout) }
  }

  /// The layers of a selector `random` without a number, as written behind it; nil for any other selector.
  private static func layersOfRandom(_ text: String) -> Substring? {
    text == "random" || text.hasPrefix("random@") && !text.contains("+") ? text.dropFirst(6) : nil
  }

  private func random(_ options: [String: String], _ layers: Substring) throws(ConfigurationError)
    -> BudgetedArm
  {
    let numbers = min(limit, try count(options, AdaptSelector("all\(layers)")))
    return chosen(options, "random:\(numbers)\(layers)", numbers)
  }

  private func chosen(_ options: [String: String], _ adapt: String, _ numbers: Int) -> BudgetedArm {
    let size = family.size.flatMap { size in options[size.name].map { " with \(size.name) \($0)" } } ?? ""
    let what = adapt == family.defaultAdaptation ? "" : " (\(adapt))"
    return BudgetedArm(
      options: options, adapt: adapt,
      note: "adapt-budget \(limit): \(family.name)\(size) adapts \(numbers) numbers\(what)")
  }

  private func refusal(_ reason: String, _ remedy: String) -> ConfigurationError {
    ConfigurationError(field: "adapt-budget", value: "\(limit)", reason: reason, remedy: remedy)
  }

  /// The values of a setting, with how many numbers adapt at each; they never fall from one value to the next.
  private struct Values {
    private let budget: Budget
    private let options: [String: String]
    private let size: SizeOption
    private let selector: AdaptSelector

    /// - Returns: nil where the setting has no part in what the selector picks.
    init?(
      _ budget: Budget, _ options: [String: String], _ size: SizeOption, _ selector: AdaptSelector
    ) throws(ConfigurationError) {
      (self.budget, self.options, self.size, self.selector) = (budget, options, size, selector)
      guard size.count > 1 else { return nil }
      let least = try numbers(at: 0)
      guard least > 0, (try? numbers(at: 1)) != least else { return nil }
    }

    func numbers(at position: Int) throws(ConfigurationError) -> Int {
      try budget.count(options.merging([size.name: size[position]]) { $1 }, selector)
    }

    /// The first of the values that adapt the most numbers within a limit; the first of all if none does.
    func nearest(to limit: Int) -> Int {
      // A value that cannot stand here is too large: the first one can.
      let last = firstPosition { $0 > limit } - 1
      guard last > 0, let numbers = try? numbers(at: last) else { return 0 }
      return firstPosition { $0 >= numbers }
    }

    /// The first value whose numbers are large enough; behind the last if none's are.
    private func firstPosition(_ isLarge: (Int) -> Bool) -> Int {
      var (low, high) = (0, size.count)
      while low < high {
        let middle = (low + high) / 2
        let numbers = (try? numbers(at: middle)) ?? .max
        if isLarge(numbers) { high = middle } else { low = middle + 1 }
      }
      return low
    }
  }
}
