internal import Files
internal import Formats
internal import Foundation
internal import MetaLearning
internal import Networks
internal import ProcessGroups
internal import Statistics

/// Accumulates what happens between two rows of `metrics.csv`.
package struct TrainingLog: Sendable {
  /// The sums since the last row, and the times: everything that has to be saved.
  struct Sums: Equatable, Sendable {
    var losses: [Double] = []
    var accuracies: [Double] = []
    var norms: [Double] = []
    var regularizers: [Double] = []
    var skipped = 0
    var exploded = 0
    /// What the updates exchanged with other processes.
    var traffic = Traffic()
    /// Wall time of the updates.
    var trainingSeconds = 0.0
    /// The same at the last row.
    var secondsAtLastRow = 0.0
  }

  let arm: String
  private(set) var sums: Sums
  /// The rows so far, as they stand in the file.
  package private(set) var text: String
  /// When this process began to train the arm; nil before that, so that waiting for another arm does not count.
  private var begin: ContinuousClock.Instant?
  private let before: Double

  /// A log; with arguments, one that continues another.
  init(arm: String, sums: Sums = Sums(), text: String = "", elapsedSeconds: Double = 0) {
    self.arm = arm
    self.sums = sums
    self.text = text
    before = elapsedSeconds
  }

  /// Starts the clock, if it does not run yet.
  mutating func start() { begin = begin ?? .now }

  /// Seconds of wall time in which this arm was trained, those of interrupted processes included.
  package var elapsedSeconds: Double { before + (begin.map { $0.duration(to: .now) / .seconds(1) } ?? 0) }

  /// Counts time as training.
  mutating func addTime(_ time: Duration) { sums.trainingSeconds += time / .seconds(1) }

  /// Records what an update exchanged with other processes.
  mutating func add(_ traffic: Traffic) { sums.traffic += traffic }

  /// Records the tasks of one update, those that were skipped or exploded as numbers.
  mutating func add(_ gradients: [MetaGradient], skipped: Int, exploded: Int) {
    sums.losses += gradients.map(\.loss)
    sums.accuracies += gradients.map(\.accuracy)
    sums.skipped += skipped
    sums.exploded += exploded
  }

  /// Records the batch of a supervised update.
  mutating func add(loss: Double, accuracy: Double) {
    sums.losses.append(loss)
    sums.accuracies.append(accuracy)
  }

  /// Records the update itself.
  mutating func add(norm: Double, regularizer: Double) {
    sums.norms.append(norm)
    sums.regularizers.append(regularizer)
  }

  /// The present state for a progress bar.
  var summary: String {
    let recent = sums.accuracies.suffix(200)
    let mean = recent.reduce(0, +) / Double(max(1, recent.count))
    return String(format: "training accuracy %.1f %%", 100 * mean)
  }

  /// Adds the row of the updates since the last one.
  mutating func closeTraining(_ iteration: Int, rate: Double, _ layout: ParameterLayout) {
    let tasks = sums.losses.count + sums.skipped
    append(
      iteration, "train", layout, sums.losses, sums.accuracies, rate, norm: Self.mean(sums.norms),
      msPerTask: 1000 * (sums.trainingSeconds - sums.secondsAtLastRow) / Double(max(1, tasks)),
      regularizer: Self.mean(sums.regularizers), skipped: sums.skipped,
      exploded: sums.exploded, sums.traffic)
    let seconds = sums.trainingSeconds
    sums = Sums(trainingSeconds: seconds, secondsAtLastRow: seconds)
  }

  /// Adds the row of the images that are kept back, one score for each.
  mutating func closeHeldOut(
    _ iteration: Int, rate: Double, _ layout: ParameterLayout, _ images: [TaskScore], _ traffic: Traffic
  ) {
    append(
      iteration, "held-out", layout, images.map(\.loss), images.map(\.accuracy), rate, norm: 0, msPerTask: 0,
      regularizer: 0, skipped: 0, exploded: 0, traffic)
  }

  /// Adds the validation row and returns its accuracy.
  ///
  /// A skipped episode has no part in the loss and counts as wholly wrong, so that a network that blows up is not
  /// chosen for it.
  mutating func closeValidation(
    _ iteration: Int, rate: Double, _ layout: ParameterLayout, _ scores: [TaskScore],
    exploded: Int, _ traffic: Traffic
  ) -> Double {
    let losses = scores.filter(\.isFinite).map(\.loss)
    let accuracies = scores.map(\.accuracy)
    append(
      iteration, "validation", layout, losses, accuracies, rate, norm: 0, msPerTask: 0, regularizer: 0,
      skipped: scores.count - losses.count,
      exploded: exploded, traffic)
    return Summary(accuracies).mean
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }

  private mutating func append(
    _ iteration: Int, _ split: String, _ layout: ParameterLayout, _ losses: [Double],
    _ accuracies: [Double], _ rate: Double, norm: Double, msPerTask: Double, regularizer: Double,
    skipped: Int, exploded: Int, _ traffic: Traffic
  ) {
    // Where every task was skipped there is no mean, and the row says so.
    let accuracy = accuracies.isEmpty ? nil : Summary(accuracies)
    text +=
      MetricsRow(
        arm: arm, iteration: iteration, split: split, loss: losses.isEmpty ? .nan : Summary(losses).mean,
        accuracy: accuracy?.mean ?? .nan, ci95: accuracy?.halfWidth95 ?? 0, outerRate: rate,
        gradientNorm: norm, seconds: elapsedSeconds, msPerTask: msPerTask,
        residentBytes: MachineMemory.resident,
        regularizer: regularizer, parameters: layout.count(),
        rank: layout.ranks.reduce(0) { $0 + $1.extent }, skipped: skipped, exploded: exploded,
        traffic: traffic
      ).line
  }
}
