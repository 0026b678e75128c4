/// What it costs an arm to get to an accuracy: the first place where its mean curve is that high.
public struct Reach: Codable, Hashable, Sendable {
  /// The accuracy, a share.
  public var accuracy: Double
  /// Inner steps, read off a straight line between whole ones; nil if the curve never gets there.
  public var steps: Double?
  /// Milliseconds of adaptation per task up to there; nil likewise.
  public var milliseconds: Double?
  /// Multiply-adds of the convolutions per task up to there; nil likewise.
  public var macs: Double?

  /// Reads a mean curve.
  public init(of curve: [SpeedResult.Step], to accuracy: Double) {
    self.accuracy = accuracy
    guard let steps = Evaluation.steps(to: accuracy, of: curve.map(\.queryAccuracy.mean)) else { return }
    self.steps = steps
    func there(_ value: (SpeedResult.Step) -> Double) -> Double {
      let low = Int(steps)
      let high = min(low + 1, curve.count - 1)
      return value(curve[low]) + (steps - Double(low)) * (value(curve[high]) - value(curve[low]))
    }
    milliseconds = there(\.milliseconds)
    macs = there(\.macs)
  }

  /// The accuracies that every arm's curve is read at: the same for all reports, so that reports can be compared.
  public static let targets = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
}
