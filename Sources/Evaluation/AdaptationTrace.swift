public import MetaLearning
internal import Statistics

/// All that was measured while one contestant adapted to one task.
public struct AdaptationTrace: Codable, Hashable, Sendable {
  /// Losses, accuracies and times after 0, 1, … steps.
  public let curve: [CurvePoint]
  /// ‖ΔW‖/‖W‖ of all dense kernels of the backbone together, after 0, 1, … steps.
  public let kernelMovement: [Double]
  /// Of each adapted tensor, `[tensor][step]`.
  let tensors: [[Double]]
  /// Of each dense kernel, `[convolution][step]`.
  let kernels: [[Double]]
  /// Linear CKA of each layer before and after the trained steps; empty without steps.
  let similarity: [Double]
  /// Multiply-adds of the convolutions in one inner step.
  public let macsPerStep: Int

  /// States what was measured.
  ///
  /// - Precondition: there is one kernel movement for every point of the curve, and at least one.
  package init(
    curve: [CurvePoint], kernelMovement: [Double], tensors: [[Double]] = [], kernels: [[Double]] = [],
    similarity: [Double] = [], macsPerStep: Int
  ) {
    precondition(!curve.isEmpty && curve.count == kernelMovement.count, "trace of \(curve.count) points")
    self.curve = curve
    self.kernelMovement = kernelMovement
    self.tensors = tensors
    self.kernels = kernels
    self.similarity = similarity
    self.macsPerStep = macsPerStep
  }

  /// Query accuracy where the kernels have moved a given way: straight lines between the steps.
  ///
  /// - Parameter movement: ‖ΔW‖/‖W‖, at least 0.
  /// - Returns: The accuracy on the first stretch that gets that far; nil if none does.
  public func accuracy(atKernelMovement movement: Double) -> Double? {
    guard let next = kernelMovement.firstIndex(where: { $0 >= movement }) else { return nil }
    guard next > 0 else { return curve[0].queryAccuracy }
    let (from, to) = (kernelMovement[next - 1], kernelMovement[next])
    let share = (movement - from) / (to - from)
    let (a, b) = (curve[next - 1].queryAccuracy, curve[next].queryAccuracy)
    return a + share * (b - a)
  }

  /// The largest kernel movement of all steps.
  var farthest: Double { kernelMovement.reduce(0) { $1 > $0 ? $1 : $0 } }
}

/// What was measured of one contestant on all tasks, for one training; see ``SpeedSuite``.
public struct SpeedMeasures: Codable, Sendable {
  /// The contestant's name.
  public let contestant: String
  /// Inner steps it was trained with.
  public let trainedSteps: Int
  /// One per task, in their order.
  public let traces: [AdaptationTrace]
  let tensors: [MovementMeter.Subject]
  let kernels: [MovementMeter.Subject]
  let layers: [String]

  init(
    contestant: String, trainedSteps: Int, traces: [AdaptationTrace], tensors: [MovementMeter.Subject],
    kernels: [MovementMeter.Subject], layers: [String]
  ) {
    self.contestant = contestant
    self.trainedSteps = trainedSteps
    self.traces = traces
    self.tensors = tensors
    self.kernels = kernels
    self.layers = layers
  }

  /// Traces without names of tensors, kernels and layers.
  package init(contestant: String, trainedSteps: Int, traces: [AdaptationTrace]) {
    self.init(
      contestant: contestant, trainedSteps: trainedSteps, traces: traces, tensors: [], kernels: [], layers: []
    )
  }

  /// One adaptation curve per task.
  public var curves: [[CurvePoint]] { traces.map(\.curve) }

  /// Query accuracy of every task after some steps; past the end of the curve that of its last step.
  public func accuracies(after step: Int) -> [Double] {
    traces.map { $0.curve[min(step, $0.curve.count - 1)].queryAccuracy }
  }

  /// Query accuracy of every task after the trained steps.
  public var trainedAccuracies: [Double] { accuracies(after: trainedSteps) }

  /// Mean query accuracy over all steps, of every task.
  public var areas: [Double] { curves.map(areaUnderCurve) }

  /// Query accuracy of every task where its kernels have moved a given way; nil where they never do.
  public func accuracies(atKernelMovement movement: Double) -> [Double?] {
    traces.map { $0.accuracy(atKernelMovement: movement) }
  }

  /// What a paired comparison of speed can be about.
  public enum Metric: String, CaseIterable, Sendable {
    /// After the trained steps.
    case accuracy = "accuracy"
    /// After one step.
    case afterOneStep = "accuracy_after_1_step"
    /// Mean over all steps.
    case area = "area_under_curve"
    /// How far the mean curve has to go to make 95 % of its way; see ``Evaluation/interpolatedStepsTo95Percent(of:)``.
    case steps = "steps_to_95_percent"
  }

  /// One value per task whose mean is the measure.
  ///
  /// Steps belong to the mean curve and not to a task, whose own curve may jump from 20 to 100 %: a task's value is its
  /// jackknife pseudovalue.
  ///
  /// - Parameter metric: Which measure.
  /// - Returns: nil for the steps of a curve that does not rise, also without any one of the tasks.
  public func values(of metric: Metric) -> [Double]? {
    switch metric {
    case .accuracy: trainedAccuracies
    case .afterOneStep: accuracies(after: 1)
    case .area: areas
    case .steps:
      Jackknife.pseudovalues(curves.map { $0.map(\.queryAccuracy) }, interpolatedStepsTo95Percent)
    }
  }
}

/// Mean query accuracy over all steps of a curve.
public func areaUnderCurve(_ curve: [CurvePoint]) -> Double {
  curve.reduce(0) { $0 + $1.queryAccuracy } / Double(curve.count)
}

/// The first step whose mean accuracy has made 95 % of the way from step 0 to the best step.
///
/// - Parameter curve: Mean accuracies after 0, 1, … steps.
/// - Returns: nil where the curve never rises.
public func stepsTo95Percent(of curve: [Double]) -> Int? {
  guard let start = curve.first, let top = curve.max(), top > start else { return nil }
  return curve.firstIndex { $0 >= start + 0.95 * (top - start) }
}

/// Where a mean curve, with straight lines between its steps, first has made 95 % of the way from step 0 to its best.
///
/// The same definition as ``stepsTo95Percent(of:)`` without the rounding up, so that it changes smoothly with the curve.
///
/// - Parameter curve: Mean accuracies after 0, 1, … steps.
/// - Returns: Steps, above 0 and at most the last; nil where the curve never rises.
public func interpolatedStepsTo95Percent(of curve: [Double]) -> Double? {
  guard let next = stepsTo95Percent(of: curve), let top = curve.max() else { return nil }
  let goal = curve[0] + 0.95 * (top - curve[0])
  let (before, after) = (curve[next - 1], curve[next])
  return Double(next - 1) + min(1, (goal - before) / (after - before))
}
