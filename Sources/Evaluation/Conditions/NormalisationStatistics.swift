public import MetaLearning
internal import Networks
internal import Tensors

/// The statistics by which a network normalises when it predicts the query labels.
///
/// Inner steps are the same in all three: they use the statistics of the support, as in training. So all three use the
/// same adapted network. Prototypes are computed together with the query, by the same statistics.
public enum NormalisationStatistics: String, Codable, CaseIterable, Hashable, Sendable {
  /// Those of the query batch, as in training: all query images together, which is transductive.
  case batch
  /// Those of the support at the adapted parameters: every query image is judged alone.
  case support
  /// Fixed ones: means over training episodes of what `batch` takes there after the trained steps, also where other
  /// numbers of steps or other rates are tried.
  case running
}

extension Candidate {
  /// The same candidate with other statistics for the query, whatever they were before.
  ///
  /// - Parameter statistics: The statistics.
  /// - Returns: A candidate that takes the same inner steps.
  /// - Precondition: For `running` it knows its ``running`` statistics.
  public func normalising(by statistics: NormalisationStatistics) -> Candidate {
    precondition(statistics != .running || !running.isEmpty, "\(name) has no running statistics")
    let base = (learner.objective as? StatisticsObjective)?.base ?? learner.objective
    let objective: any TaskObjective =
      switch statistics {
      case .batch: base
      case .support: StatisticsObjective(base: base, network: network, given: nil)
      case .running: StatisticsObjective(base: base, network: network, given: running)
      }
    var asked = self
    asked.learner = MetaLearner(
      layout: learner.layout, objective: objective, innerLoop: learner.innerLoop, memory: learner.memory)
    return asked
  }

  /// The same candidate with the statistics that its network meets on the query, means over training tasks.
  ///
  /// - Parameters:
  ///   - tasks: Training tasks, 20 to 50 do; the labels of their queries are not read.
  ///   - workers: How many run at once.
  /// - Returns: A candidate that can normalise by `running` statistics.
  /// - Throws: If the surrounding work is cancelled.
  /// - Precondition: there is a task.
  public func knowingRunningStatistics(of tasks: [MetaTask], workers: Int) async throws -> Candidate {
    // Whatever this candidate normalises by, running statistics are means of batch statistics.
    let learner = normalising(by: .batch).learner
    let passes = try await mapTasks(tasks.count, workers: workers) { i in
      let recorder = StatisticsRecorder()
      let adapted = learner.fit(point, to: tasks[i].support).recording(into: recorder)
      _ = learner.objective.logits(for: tasks[i].query.images, given: tasks[i].support, adapted)
      return recorder.statistics
    }
    var knowing = self
    knowing.running = ChannelStatistics.average(passes)
    return knowing
  }
}

/// An objective that scores the query under other statistics than those of its batch.
private struct StatisticsObjective: TaskObjective {
  let base: any TaskObjective
  let network: Network
  /// nil for those of the support at the parameters that are asked.
  let given: [ChannelStatistics]?

  func supportLoss(_ parameters: Parameters, _ support: Batch) -> Tensor {
    base.supportLoss(parameters, support)
  }

  func logits(for images: Tensor, given support: Batch, _ parameters: Parameters) -> Tensor {
    base.logits(for: images, given: support, asked(parameters, given: support))
  }

  func asked(_ parameters: Parameters, given support: Batch) -> Parameters {
    if let given { return parameters.normalising(by: given) }
    // Differentiable, so that an attack on the support sees what it does to them.
    let recorder = StatisticsRecorder()
    _ = network.features(support.images, parameters.recording(into: recorder))
    return parameters.normalising(by: recorder.statistics)
  }

  func regularizer(_ parameters: Parameters) -> Tensor? { base.regularizer(parameters) }
}
