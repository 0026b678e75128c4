internal import Kernels
public import MetaLearning
internal import Networks
internal import Tensors

/// Measures how fast candidates adapt, all on the same tasks.
///
/// One pass of adaptation per candidate and task gives curve, movements and representations; the grid of rates takes a
/// pass for each factor. All but the times is the same for any number of workers; times are taken while all workers
/// are busy.
public struct SpeedSuite: Sendable {
  /// Inner steps of the curves, well past those of training.
  public var steps: Int
  /// How many tasks are measured at once.
  public var workers: Int
  /// Factors on all inner rates, ascending.
  public var rateFactors: [Double]
  /// How many of the tasks the grid of rates uses, from the first on.
  public var gridTasks: Int
  /// The seed of the bootstrap intervals.
  public var seed: UInt64

  /// The default factors, 2⁻³, 2⁻², … 2³.
  public static let usualRateFactors: [Double] = [0.125, 0.25, 0.5, 1, 2, 4, 8]

  /// A suite with its settings.
  ///
  /// - Parameters:
  ///   - steps: Inner steps of the curves.
  ///   - workers: Tasks at a time.
  ///   - rateFactors: Factors on all inner rates, ascending; empty for no grid.
  ///   - gridTasks: Tasks of that grid.
  ///   - seed: Of the bootstrap.
  public init(
    steps: Int = 10, workers: Int,
    rateFactors: [Double] = usualRateFactors,
    gridTasks: Int = 100, seed: UInt64 = 0
  ) {
    precondition(
      steps >= 0 && zip(rateFactors, rateFactors.dropFirst()).allSatisfy { $0 < $1 },
      "SpeedSuite: \(steps) steps, rate factors \(rateFactors)")
    self.steps = steps
    self.workers = workers
    self.rateFactors = rateFactors
    self.gridTasks = gridTasks
    self.seed = seed
  }

  /// The steps of a candidate's curves: none for one that does not step, else never fewer than in training.
  public func steps(of candidate: Candidate) -> Int {
    candidate.trainedSteps == 0 ? 0 : max(steps, candidate.trainedSteps)
  }

  /// Measures one candidate.
  ///
  /// - Parameters:
  ///   - candidate: The candidate.
  ///   - tasks: The tasks that it adapts to.
  ///   - cache: Keeps finished tasks; nil for none.
  ///   - advance: Called after every task that the cache does not hold, from any thread.
  /// - Returns: One trace per task.
  /// - Throws: What the tasks or the cache throw, or `CancellationError`.
  public func measure(
    _ candidate: Candidate, on tasks: TaskSource, keeping cache: (any ResultCache)? = nil,
    advance: @escaping @Sendable () -> Void = {}
  ) async throws -> SpeedMeasures {
    let meter = MovementMeter(candidate)
    let steps = steps(of: candidate)
    let found = try await mapTasks(tasks.count, workers: workers, keeping: cache) { i in
      defer { advance() }
      return trace(candidate, meter, try tasks.task(i), steps: steps)
    }
    return SpeedMeasures(
      candidate: candidate.name, trainedSteps: candidate.trainedSteps, traces: found.map(\.trace),
      tensors: meter.tensors, kernels: meter.kernels, layers: found.first?.layers ?? [])
  }

  /// A task's trace and the layers of its similarities.
  private struct Found: Codable, Sendable {
    let trace: AdaptationTrace
    let layers: [String]
  }

  private func trace(
    _ candidate: Candidate, _ meter: MovementMeter, _ task: MetaTask, steps: Int
  ) -> Found {
    let (learner, network) = (candidate.learner, candidate.network)
    var meter = meter
    var readings: [MovementMeter.Reading] = []
    var before: [(layer: String, rows: Tensor)] = []
    var similarity: [Double] = []
    var answers: [Int: QueryAnswers] = [:]
    let curve = learner.adaptationCurve(at: candidate.point, on: task, steps: steps) {
      t, parameters, scores in
      if t == 0 { meter = meter.starting(at: parameters) }
      readings.append(meter.read(parameters))
      guard t == 0 || t == candidate.trainedSteps else { return }
      answers[t] = QueryAnswers(scores: scores, labels: task.query.labels)
      guard candidate.trainedSteps > 0 else { return }
      let activations = network.activations(
        task.query.images, parameters, statistics: learner.statistics(given: task.support, parameters))
      if t == 0 {
        before = activations
      } else {
        similarity = zip(before, activations).map { linearCKA($0.rows, $1.rows) }
      }
    }
    let trace = AdaptationTrace(
      curve: curve, kernelMovement: readings.map(\.allKernels),
      tensors: meter.tensors.indices.map { i in readings.map { $0.tensors[i] } },
      kernels: meter.kernels.indices.map { i in readings.map { $0.kernels[i] } }, similarity: similarity,
      macsPerStep: candidate.macsPerImageStep * task.support.count,
      before: candidate.trainedSteps > 0 ? answers[0] : nil, after: answers[candidate.trainedSteps])
    return Found(trace: trace, layers: before.map(\.layer))
  }

  /// Accuracy against factors on the inner rates and steps, mean over an arm's trainings.
  ///
  /// - Parameters:
  ///   - trainings: The arm's candidates, one per seed.
  ///   - tasks: The tasks of the whole evaluation; the first ``gridTasks`` are used.
  ///   - caches: One per training that keeps finished tasks; nil for none.
  /// - Returns: nil for learners that do not step, or without factors.
  /// - Throws: What the tasks or the caches throw, or `CancellationError`.
  /// - Precondition: there is at least one training, and all take the same number of steps.
  public func rateGrid(
    _ trainings: [Candidate], on tasks: TaskSource, keeping caches: [any ResultCache]? = nil
  ) async throws -> SpeedResult.RateGrid? {
    let (trained, factors) = (trainings[0].trainedSteps, rateFactors)
    guard trained > 0, !factors.isEmpty else { return nil }
    let steps = steps(of: trainings[0])
    var sums = [[Double]](repeating: [Double](repeating: 0, count: steps + 1), count: factors.count)
    let some = tasks.prefix(gridTasks)
    for (k, candidate) in trainings.enumerated() {
      let learner = candidate.learner
      let tables = try await mapTasks(some.count, workers: workers, keeping: caches?[k]) { i in
        let task = try some.task(i)
        return factors.map { factor in
          var point = candidate.point
          point.rates = point.rates.map { $0.affine(scale: Scalar(factor)) }
          var accuracies: [Double] = []
          learner.visitSteps(from: point, on: task.support, steps: steps) { _, parameters, _ in
            accuracies.append(learner.assess(parameters, on: task).accuracy)
          }
          return accuracies
        }
      }
      for table in tables {
        for (f, row) in table.enumerated() { for (t, value) in row.enumerated() { sums[f][t] += value } }
      }
    }
    let count = Double(some.count * trainings.count)
    return SpeedResult.RateGrid(
      factors: factors, steps: Array(0...steps), accuracy: sums.map { $0.map { $0 / count } },
      trainedSteps: trained, tasks: some.count)
  }
}
