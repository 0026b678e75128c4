/// What depends on a setting; it decides which settings name an arm, must agree in a comparison, may change on resuming,
/// and are repeated in a command.
package enum SettingScope: Sendable {
  /// Which images and test episodes there are, and so the training too: compared arms share it.
  case episodes
  /// What is trained.
  case training
  /// How a trained network is tested, and what beside it is trained.
  case testing
  /// No number depends on it: where files are and how fast the work is done.
  case nothing
}
