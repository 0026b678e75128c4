internal import Formats
package import Networks

extension Plan {
  /// What `fewshot pretrain` begins with: supervised training, and the nearest class mean for tasks.
  package static var pretraining: Plan {
    var plan = Plan()
    (plan.learner, plan.head, plan.baseline) = (.supervised, .centroid, .none)
    (plan.family, plan.outerRate, plan.clip, plan.iterations) = ("standard", 0.05, 1e9, 2000)
    return plan
  }

  /// Checks that settings of supervised training go with its learner, and fit each other.
  ///
  /// - Throws: If they do not.
  func validateSupervision() throws(ConfigurationError) {
    guard learner == .supervised else {
      guard let key = Self.supervisionKeys.first(where: { Self.field($0)?.write(self) != nil }) else {
        return
      }
      throw ConfigurationError(
        field: key, value: Self.field(key)?.write(self)?.plainText ?? "",
        reason: "only the learner supervised has it, and this one is \(learner.rawValue)",
        remedy: key == "batch-size"
          ? "Use meta-batch, the episodes per update, or fewshot pretrain"
          : "Leave it out, or use fewshot pretrain")
    }
    if steps > 0 {
      throw ConfigurationError(
        field: "inner-steps", value: "\(steps)", reason: "supervised training takes no inner steps",
        remedy: "Leave it out; adapt the trained network with fewshot run --initial")
    }
    if let warmUp = supervision.warmUp, warmUp > iterations {
      throw ConfigurationError(
        field: "warm-up", value: "\(warmUp)", reason: "there are only \(iterations) updates",
        remedy: "Use \(iterations) or less")
    }
    if let optimizer = supervision.optimizer, optimizer != .sgd,
      supervision.momentum != nil || supervision.nesterov != nil
    {
      throw ConfigurationError(
        field: "optimizer", value: optimizer.rawValue, reason: "momentum and nesterov are settings of sgd",
        remedy: "Leave them out, or use sgd")
    }
  }

  /// Checks that weight decay is for roles that there are.
  ///
  /// - Parameter layout: The parameters of the network.
  /// - Throws: If one is unknown; the error lists them.
  package func validateDecay(in layout: ParameterLayout) throws(ConfigurationError) {
    guard learner == .supervised, let text = supervision.decayRoles else { return }
    // The classifier is a head, also where the network has none.
    let known = layout.roles.map(\.rawValue).filter { $0 != "head" } + ["head", "all", "none"]
    let names = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    guard let stranger = names.first(where: { !known.contains($0) }) else { return }
    throw ConfigurationError(
      field: "decay-roles", value: text, reason: "this network has no parameters of the role \(stranger)",
      remedy: "Use \(known.joined(separator: ", ")), joined by +")
  }

  /// The settings that only supervised training has.
  private static let supervisionKeys = [
    "batch-size", "batch-parts", "optimizer", "momentum", "nesterov", "weight-decay", "decay-roles",
    "label-smoothing",
    "schedule", "warm-up", "classifier", "augment", "averaging", "held-out",
  ]
}
