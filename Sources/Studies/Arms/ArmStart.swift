internal import Episodes
package import MetaLearning
internal import Networks
package import Results
package import Training

/// Where an arm begins.
package struct ArmStart: Sendable {
  /// Validation episodes on which the networks before and after are asked.
  private static let episodes = 100

  private let arm: Arm
  /// The point.
  package let point: MetaParameters
  private let source: SourceNetwork?
  private let conversion: Conversion?

  init(arm: Arm, point: MetaParameters, source: SourceNetwork? = nil, conversion: Conversion? = nil) {
    self.arm = arm
    self.point = point
    self.source = source
    self.conversion = conversion
  }

  /// What the arm takes over of a trained network, and what that is worth: the accuracy of the nearest class mean before
  /// and after, on the first validation episodes.
  ///
  /// - Parameters:
  ///   - data: The run's data.
  ///   - workers: How many threads ask.
  /// - Returns: nil for a drawn start.
  /// - Throws: `DatasetError` if an image cannot be read.
  package func takenOver(_ data: RunData, workers: Int) async throws -> RunResult.Start? {
    guard let source else { return nil }
    let episodes = data.validation.episodes.prefix(Self.episodes)
    func accuracy(_ network: Network, _ parameters: Parameters) async throws -> Double {
      let learner = MetaLearner(
        layout: network.layout, objective: FeatureObjective(network),
        innerLoop: InnerLoop(steps: 0, adapted: [], order: .first))
      let found = try await mapTasks(episodes.count, workers: workers) { i in
        learner.assess(parameters, on: try data.task(episodes[i])).accuracy
      }
      return found.reduce(0, +) / Double(max(1, found.count))
    }
    return RunResult.Start(
      initial: source.path, error: conversion?.totalError ?? 0,
      layers: conversion?.layers.map { .init(path: $0.path, error: $0.error) } ?? [],
      accuracyBefore: try await accuracy(source.network, source.parameters),
      accuracyAfter: try await accuracy(arm.network, point.initial), episodes: episodes.count)
  }
}

extension RunResult.Start {
  /// The same for people, in a line.
  package func text(_ arm: String) -> String {
    func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10) %" }
    let worst = layers.max { $0.error < $1.error }
    let fit =
      worst.map {
        "fitted to the kernels of \(initial), with an error of \(percent(error)) of their norm; the largest is "
          + "\(percent($0.error)) in \($0.path)"
      } ?? "takes over the network of \(initial)"
    return
      "\(arm): \(fit). The nearest class mean finds \(percent(accuracyBefore)) of \(episodes) validation "
      + "episodes' queries with that network, \(percent(accuracyAfter)) with this one."
  }
}
