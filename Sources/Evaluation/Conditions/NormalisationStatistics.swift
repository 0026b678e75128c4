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
    var asked = self
    asked.learner.queryStatistics =
      switch statistics {
      case .batch: .batch
      case .support: .support
      case .running: .given(running)
      }
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
    let passes = try await mapTasks(tasks.count, workers: workers) { [learner, point] i in
      let adapted = learner.fit(point, to: tasks[i].support)
      let images = learner.objective.batch(asking: tasks[i].query.images, given: tasks[i].support)
      return learner.objective.statistics(of: images, adapted)
    }
    var knowing = self
    knowing.running = ChannelStatistics.average(passes)
    return knowing
  }
}
