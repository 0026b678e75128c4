public import MetaLearning
internal import Networks
internal import Tensors

/// By which statistics a network normalises when it is asked about the query.
///
/// Inner steps on the support are the same in all three: by the statistics of the support, as trained. So all three
/// ask one and the same adapted network. Prototypes are made when the query is asked, by the same statistics as it.
public enum NormalisationStatistics: String, Codable, CaseIterable, Hashable, Sendable {
  /// Those of the batch that is asked, as trained: all query images together, which is transductive.
  case batch
  /// Those of the support at the parameters that are asked: every query image is judged alone.
  case support
  /// Fixed ones: means over training episodes of what `batch` takes there after the trained steps, also where other
  /// numbers of steps or other rates are tried.
  case running
}

extension Candidate {
  /// The same candidate, asked about the query under some statistics, whatever it was asked under before.
  ///
  /// - Parameter statistics: Which.
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
  /// - Returns: A candidate that can be asked under `running`.
  /// - Throws: If the surrounding work is cancelled.
  /// - Precondition: there is a task.
  public func knowingRunningStatistics(of tasks: [MetaTask], workers: Int) async throws -> Candidate {
    // Whatever this candidate is asked under, these are those of batches.
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
