/// One row of `metrics.csv`.
public struct MetricsRow: Sendable {
  /// The arm.
  public let arm: String
  /// Updates made.
  public let iteration: Int
  /// `train` or `validation`.
  public let split: String
  /// Mean query loss, without the regularizer.
  public let loss: Double
  /// Mean query accuracy.
  public let accuracy: Double
  /// Half-width of its 95 % interval over the episodes of this row.
  public let ci95: Double
  /// Adam's step size.
  public let outerRate: Double
  /// Mean norm of the gradient before clipping; 0 for validation.
  public let gradientNorm: Double
  /// Since training began.
  public let seconds: Double
  /// Wall time per task, all workers busy.
  public let msPerTask: Double
  /// Memory of the process.
  public let residentBytes: Int
  /// Mean of what the family adds to the outer loss; 0 without a regularizer and for validation.
  public let regularizer: Double
  /// Numbers in the model, which pruning lowers.
  public let parameters: Int
  /// The sum of the ranks that training may lower; 0 without any.
  public let rank: Int
  /// Tasks since the last row of this split that were left out because their numbers were not finite.
  public let skipped: Int
  /// Tasks since the last row of this split whose query loss after the inner steps was finite but above ten times
  /// ln(ways), that of a uniform guess: see ``ExplodedTask``.
  public let exploded: Int
}
