internal import Foundation
internal import MetaLearning
internal import Networks
internal import Statistics

/// Gathers what happens between two rows of `metrics.csv`.
struct TrainingLog {
  let arm: String
  private(set) var rows: [MetricsRow] = []
  private(set) var trainingSeconds = 0.0
  private var losses: [Double] = []
  private var accuracies: [Double] = []
  private var norms: [Double] = []
  private var regularizers: [Double] = []
  private var since = 0.0
  private let clock = ContinuousClock()
  private let begin: ContinuousClock.Instant

  init(arm: String) {
    self.arm = arm
    begin = clock.now
  }

  /// Counts the time of some asynchronous work as training.
  mutating func timed<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    let start = clock.now
    defer { trainingSeconds += (clock.now - start) / .seconds(1) }
    return try await body()
  }

  /// Counts the time of an update as training.
  mutating func timedUpdate<Result>(_ body: () -> Result) -> Result {
    let start = clock.now
    defer { trainingSeconds += (clock.now - start) / .seconds(1) }
    return body()
  }

  mutating func add(_ gradients: [MetaGradient], norm: Double, regularizer: Double) {
    losses += gradients.map(\.loss)
    accuracies += gradients.map(\.accuracy)
    norms.append(norm)
    regularizers.append(regularizer)
  }

  /// The present state for a progress bar.
  var summary: String {
    let recent = accuracies.suffix(200)
    let mean = recent.reduce(0, +) / Double(max(1, recent.count))
    return String(format: "accuracy %.1f %%", 100 * mean)
  }

  mutating func closeTraining(_ iteration: Int, rate: Double, _ layout: ParameterLayout) {
    let tasks = losses.count
    append(
      iteration, "train", layout, losses, accuracies, rate, norms.reduce(0, +) / Double(max(1, norms.count)),
      1000 * (trainingSeconds - since) / Double(max(1, tasks)),
      regularizer: regularizers.reduce(0, +) / Double(max(1, regularizers.count)))
    since = trainingSeconds
    losses = []
    accuracies = []
    norms = []
    regularizers = []
  }

  /// Adds the validation row and returns its accuracy.
  mutating func closeValidation(
    _ iteration: Int, rate: Double, _ layout: ParameterLayout, _ scores: [(loss: Double, accuracy: Double)]
  ) -> Double {
    append(
      iteration, "validation", layout, scores.map(\.loss), scores.map(\.accuracy), rate, 0, 0, regularizer: 0)
    return Summary(scores.map(\.accuracy)).mean
  }

  private mutating func append(
    _ iteration: Int, _ split: String, _ layout: ParameterLayout, _ losses: [Double],
    _ accuracies: [Double], _ rate: Double, _ norm: Double, _ msPerTask: Double, regularizer: Double
  ) {
    let accuracy = Summary(accuracies)
    rows.append(
      MetricsRow(
        arm: arm, iteration: iteration, split: split, loss: Summary(losses).mean, accuracy: accuracy.mean,
        ci95: accuracy.halfWidth95 ?? 0, outerRate: rate, gradientNorm: norm,
        seconds: (clock.now - begin) / .seconds(1), msPerTask: msPerTask, residentBytes: Self.residentBytes,
        regularizer: regularizer, parameters: layout.count(),
        rank: layout.ranks.reduce(0) { $0 + $1.extent }))
  }

  /// Resident memory of the process as Linux reports it; 0 where it does not.
  static var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
  }
}
