internal import Formats
internal import MetaLearning
package import Networks

extension Plan {
  /// Names of the backbones.
  package static let backbones = BackboneRegistry.backbones.map(\.name)

  /// Checks every field, and whether they fit together as far as that can be told without building a network.
  ///
  /// - Parameter families: The convolution families there are.
  /// - Throws: If a value is out of range, a name unknown, or two settings contradict each other.
  package func validateSettings(families: [any ConvFamily.Type]) throws(ConfigurationError) {
    try validateFields()
    try validateSteps()
    try validateShots()
    try validateHead()
    _ = try familyType(among: families)
  }

  /// What `adapt` stands for: the family's default if unset.
  ///
  /// - Throws: If there is no such family or the text is not a selector.
  package func selector(families: [any ConvFamily.Type]) throws(ConfigurationError) -> AdaptSelector {
    let family = try familyType(among: families)
    return try AdaptSelector(adapt ?? (steps == 0 ? "none" : family.defaultAdaptation))
  }

  /// Each field must read back what it prints, so that ranges are written once.
  private func validateFields() throws(ConfigurationError) {
    for field in Self.fields where !field.isRepeatable {
      guard let value = field.write(self) else { continue }
      var scratch = self
      try field.read(&scratch, value.plainText)
    }
  }

  private func validateShots() throws(ConfigurationError) {
    let all = [shotRule, trainShotRule ?? shotRule]
    if shortClasses == .use, all.allSatisfy({ $0 == .variable }) {
      throw ConfigurationError(
        field: "short-classes", value: shortClasses.rawValue,
        reason: "with variable shots every class gives what it has",
        remedy: "Leave it out, or set shots to a number")
    }
  }

  private func validateSteps() throws(ConfigurationError) {
    if rule == nil && innerSteps == 0 {
      throw ConfigurationError(
        field: "inner-steps", value: "0", reason: "a linear head knows nothing of a task before a step",
        remedy: "Use 1...10, or learner prototypical, or a head with a rule, such as centroid")
    }
    if evaluationSteps < steps {
      throw ConfigurationError(
        field: "evaluation-steps", value: "\(evaluationSteps)", reason: "training takes \(steps) inner steps",
        remedy: "Use \(steps) or more")
    }
    if multiStepLoss, steps == 0 {
      throw ConfigurationError(
        field: "multi-step-loss", value: "true", reason: "there are no inner steps to count",
        remedy: "Set inner-steps to 1 or more, or leave it out")
    }
    if multiStepUpdates != nil, !multiStepLoss {
      throw ConfigurationError(
        field: "multi-step-updates", value: "\(multiStepUpdates ?? 0)",
        reason: "only the loss after the last step counts", remedy: "Set multi-step-loss too, or leave it out"
      )
    }
    if firstOrderUpdates > 0, metaOrder == .first {
      throw ConfigurationError(
        field: "first-order-updates", value: "\(firstOrderUpdates)",
        reason: learner == .reptile ? "reptile takes no meta-gradients" : "order first makes all of them so",
        remedy: learner == .reptile ? "Leave it out" : "Leave one of the two out")
    }
    try validateInnerLoop()
  }

  package func adaptedTensors(
    of network: Network, families: [any ConvFamily.Type]
  ) throws(ConfigurationError) -> [AdaptedTensor] {
    try adaptedTensors(of: network, by: selector(families: families))
  }

  /// What a selector means in a network of this plan: a linear head adapts even if it is not named, or never.
  package func adaptedTensors(
    of network: Network, by selector: AdaptSelector
  ) throws(ConfigurationError) -> [AdaptedTensor] {
    if stepNorms, selector.names(.norm) || selector.drawsNumbers {
      throw ConfigurationError(
        field: "step-norms", value: "true",
        reason: "adapt is \(selector), and normalisations that every step replaces cannot adapt too",
        remedy: "Leave it out, or let adapt name other roles")
    }
    let adapted = try selector.adapted(
      in: network.layout, withHead: headAdapts, seed: seed
    ).filter { !stepNorms || network.layout[$0.ref].role != .norm }
    // One regime for all arms: where an arm that names its roles keeps its head, so does one that adapts all.
    return headAdapts ? adapted : adapted.filter { network.layout[$0.ref].role != .head }
  }

  /// The family's type.
  ///
  /// - Throws: If there is none of this name; the error names the nearest.
  func familyType(among families: [any ConvFamily.Type]) throws(ConfigurationError) -> any ConvFamily.Type {
    if let type = families.first(where: { $0.name == family }) { return type }
    let names = families.map { $0.name }
    throw ConfigurationError(
      field: "family", value: family, reason: "there is no such convolution family",
      remedy: NearestName.of(family, among: names).map { "The nearest name is \($0)" }
        ?? "Use \(names.joined(separator: ", "))")
  }

  /// The network of the plan.
  package func skeleton(families: [any ConvFamily.Type]) throws(ConfigurationError) -> Network {
    _ = try familyType(among: families)
    return try network(of: families.family(named: family, options: options))
  }

  /// The plan's backbone made of any family, with a linear head where there is no rule.
  package func network(of family: any ConvFamily) throws(ConfigurationError) -> Network {
    var network = try network(of: family, ways: rule == nil ? ways : nil)
    if runningStatistics == true || learner == .supervised { network.declareRunningStatistics(for: image) }
    return network
  }

  /// The plan's backbone alone, which normalises by each batch.
  ///
  /// - Throws: If there is no such family or backbone, or they do not fit.
  package func bareNetwork(families: [any ConvFamily.Type]) throws(ConfigurationError) -> Network {
    try network(of: families.family(named: family, options: options), ways: nil)
  }

  private func network(of family: any ConvFamily, ways: Int?) throws(ConfigurationError) -> Network {
    let kind = try BackboneRegistry.backbones.known(backbone)
    if let pixelStatistics, pixelStatistics.mean.count != channels {
      throw ConfigurationError(
        field: "pixel-statistics", value: pixelStatistics.text,
        reason: "they are of \(pixelStatistics.mean.count) channels, and images have \(channels)",
        remedy: channels == 1 ? "Write one mean and one deviation, or use channels 3" : "Write three of each")
    }
    return try Network(ways: ways, pixels: pixelStatistics) { layout throws(ConfigurationError) in
      try kind.backbone(filters: filters, image: image, family: family, in: &layout)
    }
  }
}
