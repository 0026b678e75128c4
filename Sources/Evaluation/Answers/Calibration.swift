public import MetaLearning
internal import Statistics

/// How far the probabilities of an arm's answers can be believed, over all query images of all tasks.
public struct Calibration: Codable, Hashable, Sendable {
  /// The answers with a confidence in one range.
  public struct Bin: Codable, Hashable, Sendable {
    /// The range: confidences above `low` up to `high`; the first bin has 0 too.
    public var low: Double
    /// Its upper end, which belongs to it.
    public var high: Double
    /// How many answers, of all trainings together.
    public var count: Int
    /// Their mean confidence; nil without an answer.
    public var confidence: Double?
    /// The share of them that is right, with its 95 % interval over tasks; nil without an answer.
    public var accuracy: Estimate?
  }

  /// The expected calibration error, a share, see ``Reliability``; with several trainings the mean of theirs.
  public var ece: Estimate
  /// Mean −ln of the probability of the true class, in nats.
  public var nll: Estimate
  /// Mean Σ_k (p_k − y_k)² over the classes of a task, 0...2.
  public var brier: Estimate
  /// The bins of the reliability diagram, in ascending order.
  public var bins: [Bin]

  /// The calibration of an arm.
  ///
  /// - Parameter trainings: `[training][task]`, on the same tasks.
  /// - Precondition: there is a training, and a task.
  public init(_ trainings: [[QueryAnswers]]) {
    let sorted = trainings.map(Reliability.init)
    ece = Estimate(columnMeans(sorted.map(\.errors)))
    nll = Estimate(columnMeans(trainings.map { $0.map { mean($0.loss) } }))
    brier = Estimate(columnMeans(trainings.map { $0.map { mean($0.brier) } }))
    bins = Reliability.bins(of: sorted)
  }
}

/// Calibration before the first inner step and after the trained ones.
public struct CalibrationChange: Codable, Hashable, Sendable {
  /// Before the first step; nil for an arm that does not step.
  public var before: Calibration?
  /// After the trained steps.
  public var after: Calibration

  /// That of an arm's trainings on the same tasks; nil where answers were not kept.
  public init?(_ trainings: [SpeedMeasures]) {
    func answers(_ side: KeyPath<AdaptationTrace, QueryAnswers?>) -> [[QueryAnswers]]? {
      let all = trainings.map { $0.traces.compactMap { $0[keyPath: side] } }
      return zip(all, trainings).allSatisfy { $0.count == $1.traces.count } ? all : nil
    }
    guard let after = answers(\.after) else { return nil }
    before = answers(\.before).map(Calibration.init)
    self.after = Calibration(after)
  }
}

extension SpeedMeasures {
  /// What else can be said of answers than how many are right; raw values are those of files.
  public enum AnswerMetric: String, CaseIterable, Sendable {
    /// Mean accuracy of the worst tenth of all tasks.
    case worstDecile = "worst_decile"
    /// Expected calibration error.
    case ece
    /// Mean −ln of the probability of the true class.
    case nll
    /// Mean Brier score.
    case brier
  }

  /// One value per task whose mean is the measure, after the trained steps.
  ///
  /// - Parameter metric: Which measure.
  /// - Returns: nil where answers were not kept.
  public func values(of metric: AnswerMetric) -> [Double]? {
    if metric == .worstDecile { return WorstDecile.values(trainedAccuracies) }
    let answers = traces.compactMap(\.after)
    guard answers.count == traces.count else { return nil }
    return switch metric {
    case .worstDecile: nil
    case .ece: Reliability(answers).errors
    case .nll: answers.map { mean($0.loss) }
    case .brier: answers.map { mean($0.brier) }
    }
  }
}

/// The mean over the images of a task.
private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
