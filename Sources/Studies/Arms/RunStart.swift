package import Networks
package import Settings
package import Training

/// Where the arms of a run begin: at a network that was trained before, or drawn.
package struct RunStart: Sendable {
  /// SHA-256 of the checkpoint they begin from; nil for none.
  package let hash: String?
  private let source: Result<SourceNetwork, any Error>?
  private let hasRunningStatistics: Bool
  private let pixels: PixelStatistics?

  /// Reads the network that a plan names, if it names one.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - begun: The run that goes on, if one does: then the network is wanted only by arms without a saved state.
  ///   - families: All families.
  /// - Throws: What reading throws, unless a run goes on.
  package init(_ plan: Plan, goingOn begun: RecordedRun? = nil, families: [any ConvFamily.Type]) throws {
    source = plan.initialPath.map { path in Result { try SourceNetwork(path, for: plan, families: families) }
    }
    guard let source else {
      (hash, hasRunningStatistics, pixels) = (nil, false, nil)
      return
    }
    if let begun {
      hash = (try? source.get().hash) ?? begun.initialHash
      hasRunningStatistics = begun.resolved.runningStatistics ?? false
      pixels = begun.resolved.pixelStatistics
    } else {
      hash = try source.get().hash
      hasRunningStatistics = try source.get().network.hasRunningStatistics
      pixels = try source.get().network.pixels
    }
  }

  /// The plan with what follows from the network it starts from.
  package func settled(_ plan: Plan) -> Plan {
    var settled = plan
    guard hash != nil else { return settled }
    settled.runningStatistics = plan.runningStatistics ?? hasRunningStatistics
    settled.pixelStatistics = plan.pixelStatistics ?? pixels
    return settled
  }

  /// Where an arm begins.
  ///
  /// - Parameters:
  ///   - arm: The arm.
  ///   - plan: The run's plan.
  /// - Returns: Where it begins, and what it takes over of a trained network.
  /// - Throws: If the network cannot be read, or does not fit.
  package func start(of arm: Arm, _ plan: Plan) throws -> ArmStart {
    let drawn = arm.start(seed: plan.seed, rate: plan.startingRate)
    guard let source = try source?.get() else { return ArmStart(arm: arm, point: drawn) }
    let (point, conversion) = try source.start(of: arm, from: drawn)
    return ArmStart(arm: arm, point: point, source: source, conversion: conversion)
  }
}
