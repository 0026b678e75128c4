public import MetaLearning
internal import Statistics

/// Everything that was measured while one candidate adapted to one task.
public struct AdaptationTrace: Codable, Hashable, Sendable {
  /// Losses, accuracies and times after 0, 1, … steps.
  public let curve: [CurvePoint]
  /// ‖ΔW‖/‖W‖ of all dense kernels of the backbone together, after 0, 1, … steps.
  public let kernelMovement: [Double]
  /// The movement of each adapted tensor, `[tensor][step]`.
  let tensors: [[Double]]
  /// The movement of each dense kernel, `[convolution][step]`.
  let kernels: [[Double]]
  /// Linear CKA of each layer before and after the trained steps; empty without steps.
  let similarity: [Double]
  /// Multiply-adds of the convolutions in one inner step on all support images of the task.
  public let macsPerStep: Int
  /// The answers to the query before the first step; nil for a learner that does not step.
  public let before: QueryAnswers?
  /// The answers to the query after the trained steps; nil where only the curve is known.
  public let after: QueryAnswers?

  /// A trace from its parts.
  ///
  /// - Precondition: there is one kernel movement for every point of the curve, and at least one.
  package init(
    curve: [CurvePoint], kernelMovement: [Double], tensors: [[Double]] = [], kernels: [[Double]] = [],
    similarity: [Double] = [], macsPerStep: Int, before: QueryAnswers? = nil, after: QueryAnswers? = nil
  ) {
    precondition(!curve.isEmpty && curve.count == kernelMovement.count, "trace of \(curve.count) points")
    self.curve = curve
    self.kernelMovement = kernelMovement
    self.tensors = tensors
    self.kernels = kernels
    self.similarity = similarity
    self.macsPerStep = macsPerStep
    self.before = before
    self.after = after
  }

  /// Query accuracy where the kernels have moved a given distance, interpolated linearly between steps.
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

/// The measurements of the speed of one candidate, so of one training, task by task; see ``SpeedSuite``.
///
/// ``SpeedResult`` has the means over tasks and over an arm's trainings.
public struct SpeedMeasures: Codable, Sendable {
  /// The name of the candidate, as in ``Candidate/name``.
  public let candidate: String
  /// Inner steps T that it was trained with.
  public let trainedSteps: Int
  /// One trace per task, in the order of the tasks.
  public let traces: [AdaptationTrace]
  let tensors: [MovementMeter.Subject]
  let kernels: [MovementMeter.Subject]
  let layers: [String]

  init(
    candidate: String, trainedSteps: Int, traces: [AdaptationTrace], tensors: [MovementMeter.Subject],
    kernels: [MovementMeter.Subject], layers: [String]
  ) {
    self.candidate = candidate
    self.trainedSteps = trainedSteps
    self.traces = traces
    self.tensors = tensors
    self.kernels = kernels
    self.layers = layers
  }

  /// Traces without names of tensors, kernels and layers.
  package init(candidate: String, trainedSteps: Int, traces: [AdaptationTrace]) {
    self.init(
      candidate: candidate, trainedSteps: trainedSteps, traces: traces, tensors: [], kernels: [], layers: []
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

  /// Query accuracy of every task where its kernels have moved a given distance; nil where they never do.
  public func accuracies(atKernelMovement movement: Double) -> [Double?] {
    traces.map { $0.accuracy(atKernelMovement: movement) }
  }

  /// The quantities that a paired comparison of speed can be about; raw values are those of files.
  public enum Metric: String, CaseIterable, Sendable {
    /// Query accuracy after the trained steps.
    case accuracy = "accuracy"
    /// Query accuracy after one step.
    case afterOneStep = "accuracy_after_1_step"
    /// Mean query accuracy over all steps of the curve.
    case area = "area_under_curve"
    /// The mean number of steps after which the gain comes; see ``Evaluation/meanStepsOfGain(of:)``.
    case steps = "mean_steps_of_gain"
    /// Steps to an accuracy that both arms reach; see ``CommonAccuracy``.
    case common = "steps_to_common_accuracy"
  }

  /// One value per task whose mean is the measure.
  ///
  /// Steps of the gain belong to the mean curve and not to a task, whose own accuracy may fall: a task's value is its
  /// jackknife pseudovalue.
  ///
  /// - Parameter metric: Which measure.
  /// - Returns: nil for the steps of a gain that is not at least four of its standard errors: of a smaller one nothing can
  ///   be said; and for what belongs to a pair, see ``CommonAccuracy``.
  public func values(of metric: Metric) -> [Double]? {
    switch metric {
    case .accuracy: return trainedAccuracies
    case .afterOneStep: return accuracies(after: 1)
    case .area: return areas
    case .common: return nil
    case .steps:
      let rows = curves.map { $0.map(\.queryAccuracy) }
      let gains = Summary(rows.map { $0[$0.count - 1] - $0[0] })
      guard let error = gains.standardError, gains.mean > 4 * error else { return nil }
      return Jackknife.pseudovalues(rows, meanStepsOfGain)
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

/// After how many steps the gain of a curve comes, on average over the gain: Σₜ (a_T − a_t)/(a_T − a₀) over t < T.
///
/// 1 if all of it comes with the first step, T if with the last; for an approach that goes 1/τ of the way with every step
/// it is τ, when T is large. Unlike the steps to 95 %, which jump where a curve is flat or has a kink, it is a ratio of
/// means, so that its difference can be tested. A curve that falls again after a peak counts from its end.
///
/// - Parameter curve: Mean accuracies after 0, 1, … steps.
/// - Returns: nil where the curve does not end above its start.
/// - Source: ours.
public func meanStepsOfGain(of curve: [Double]) -> Double? {
  guard let first = curve.first, let last = curve.last, last > first else { return nil }
  return curve.dropLast().reduce(0) { $0 + (last - $1) } / (last - first)
}

/// After how many steps a curve first is at an accuracy, read off a straight line between whole steps.
///
/// - Parameters:
///   - accuracy: The accuracy, a share.
///   - curve: Mean accuracies after 0, 1, … steps.
/// - Returns: 0 for a curve that starts there; nil for one that never gets there.
public func steps(to accuracy: Double, of curve: [Double]) -> Double? {
  guard let next = curve.firstIndex(where: { $0 >= accuracy }) else { return nil }
  guard next > 0 else { return 0 }
  let (from, to) = (curve[next - 1], curve[next])
  return Double(next - 1) + (accuracy - from) / (to - from)
}
