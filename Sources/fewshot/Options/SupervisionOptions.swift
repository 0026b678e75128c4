import ArgumentParser
import Settings

/// How a supervised learner trains.
struct SupervisionOptions: SettingsGroup {
  @Option(help: .field("batch-size"), completion: .field("batch-size")) var batchSize: String?
  @Option(help: .field("batch-parts"), completion: .field("batch-parts")) var batchParts: String?
  @Option(help: .field("optimizer"), completion: .field("optimizer")) var optimizer: String?
  @Option(help: .field("momentum"), completion: .field("momentum")) var momentum: String?
  @Flag(inversion: .prefixedNo, help: .toggle("nesterov")) var nesterov: Bool?
  @Option(help: .field("weight-decay"), completion: .field("weight-decay")) var weightDecay: String?
  @Option(help: .field("decay-roles"), completion: .field("decay-roles")) var decayRoles: String?
  @Option(help: .field("label-smoothing"), completion: .field("label-smoothing")) var labelSmoothing: String?
  @Option(help: .field("schedule"), completion: .field("schedule")) var schedule: String?
  @Option(help: .field("warm-up"), completion: .field("warm-up")) var warmUp: String?
  @Option(help: .field("classifier"), completion: .field("classifier")) var classifier: String?
  @Option(help: .field("augment"), completion: .field("augment")) var augment: String?
  @Option(help: .field("averaging"), completion: .field("averaging")) var averaging: String?
  @Option(help: .field("held-out"), completion: .field("held-out")) var heldOut: String?

  var settings: [Setting] {
    Self.given([
      "batch-size": batchSize, "batch-parts": batchParts, "optimizer": optimizer, "momentum": momentum,
      "nesterov": nesterov.map { "\($0)" }, "weight-decay": weightDecay, "decay-roles": decayRoles,
      "label-smoothing": labelSmoothing, "schedule": schedule, "warm-up": warmUp, "classifier": classifier,
      "augment": augment, "averaging": averaging, "held-out": heldOut,
    ])
  }
}
