public import MetaLearning
public import Networks
internal import Tensors

/// By which statistics a network normalises when it is asked about the query.
///
/// Learning from the support is the same in all three: by the statistics of the support, as trained. So all three
/// ask one and the same adapted network.
public enum NormalisationStatistics: String, Codable, CaseIterable, Hashable, Sendable {
  /// Those of the batch that is asked, as trained: all query images together, which is transductive.
  case batch
  /// Those of the support at the adapted parameters: every query image is judged alone.
  case support
  /// Fixed ones: means over training episodes of what `batch` takes there, after adaptation.
  case running
}

extension Contestant {
  /// The same contestant, asked about the query under some statistics, whatever it was asked under before.
  ///
  /// - Parameters:
  ///   - statistics: Which.
  ///   - running: Those that `running` stands for; see ``runningStatistics(over:workers:)``.
  /// - Returns: A contestant that learns as this one does.
  public func normalising(by statistics: NormalisationStatistics, running: [ChannelStatistics] = [])
    -> Contestant
  {
    let base = (learner.objective as? StatisticsObjective)?.base ?? learner.objective
    let objective: any TaskObjective =
      switch statistics {
      case .batch: base
      case .support: StatisticsObjective(base: base, network: network, given: nil)
      case .running: StatisticsObjective(base: base, network: network, given: running)
      }
    return Contestant(
      name: name, network: network,
      learner: MetaLearner(
        layout: learner.layout, objective: objective, innerLoop: learner.innerLoop, memory: learner.memory),
      point: point, macsPerImageStep: macsPerImageStep)
  }

  /// The statistics that a network meets on the query, means over training tasks.
  ///
  /// - Parameters:
  ///   - tasks: Training tasks; the labels of their queries are not read.
  ///   - workers: How many run at once.
  /// - Returns: One entry per normalisation, in the order of a pass.
  /// - Throws: If the surrounding work is cancelled.
  /// - Precondition: there is a task.
  public func runningStatistics(
    over tasks: [MetaTask], workers: Int
  ) async throws -> [ChannelStatistics] {
    // Whatever this contestant is asked under, these are those of batches.
    let learner = normalising(by: .batch).learner
    let passes = try await mapTasks(tasks.count, workers: workers) { i in
      let recorder = StatisticsRecorder()
      let adapted = learner.fit(point, to: tasks[i].support).recording(into: recorder)
      _ = learner.objective.logits(for: tasks[i].query.images, given: tasks[i].support, adapted)
      return recorder.statistics
    }
    return ChannelStatistics.average(passes)
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
    base.logits(
      for: images, given: support, parameters.normalising(by: given ?? statistics(of: support, parameters)))
  }

  func regularizer(_ parameters: Parameters) -> Tensor? { base.regularizer(parameters) }

  /// Constants: no gradient goes through them.
  private func statistics(of support: Batch, _ parameters: Parameters) -> [ChannelStatistics] {
    let recorder = StatisticsRecorder()
    _ = network.features(support.images, parameters.detached.recording(into: recorder))
    return recorder.statistics
  }
}
