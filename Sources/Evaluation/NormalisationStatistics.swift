public import MetaLearning
public import Networks

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
  /// The statistics of the support set alone, at some parameters.
  func supportStatistics(_ parameters: Parameters, _ support: Batch) -> [ChannelStatistics] {
    let recorder = StatisticsRecorder()
    _ = network.features(support.images, parameters.detached.recording(into: recorder))
    return recorder.statistics
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
    let passes = try await mapTasks(tasks.count, workers: workers) { i in
      let recorder = StatisticsRecorder()
      let adapted = learner.fit(point, to: tasks[i].support).recording(into: recorder)
      _ = learner.objective.logits(for: tasks[i].query.images, given: tasks[i].support, adapted)
      return recorder.statistics
    }
    return ChannelStatistics.average(passes)
  }
}
