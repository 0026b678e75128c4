package import Episodes
internal import Files
internal import Foundation
package import Images
package import MetaLearning
package import Networks

extension Plan {
  /// Side of the images, resolved.
  package var side: Int { imageSize ?? (channels == 1 ? 28 : 32) }

  /// Shape of the images.
  package var image: ImageShape { ImageShape(channels: channels, side: side) }

  /// Channels of the backbone's first layers, resolved; nil if there is no such backbone.
  package var width: Int? { filters ?? BackboneRegistry.backbones.kind(named: backbone)?.defaultFilters }

  /// What is done to every image.
  package var preparation: ImagePreparation {
    ImagePreparation(
      imageSize: side, channels: channels, crop: crop, resize: resize, invert: invert ?? (channels == 1))
  }

  /// The run's folder or the checkpoint that all arms start from: `{seed}` in its path stands for the seed.
  package var initialPath: String? { initial?.replacing("{seed}", with: "\(seed)") }

  /// Workers, resolved.
  package var workers: Int { threads ?? MachineProcessors.count }

  /// The rule by which classes are told apart; nil for a linear head.
  package var rule: (any FeatureHead.Type)? {
    head.rule ?? (learner.hasLinearHead ? nil : CentroidHead.self)
  }

  /// Inner steps in training, resolved: none where nothing adapts and the head needs none.
  package var steps: Int {
    if let innerSteps { return innerSteps }
    if !learner.hasLinearHead || (rule != nil && adapt == "none") { return 0 }
    return learner == .reptile ? 5 : 2
  }

  /// The order of the meta-gradient, resolved: Reptile differentiates no step.
  package var metaOrder: DerivativeOrder { learner == .reptile ? .first : order }

  /// How the rates of an adapted tensor are shared.
  package var ratePattern: RatePattern { elementwiseRates ? .elementwise : tieRates ? .tied : .perStep }

  /// What the query loss after each step counts in the update that follows so many; nil for the last step alone.
  package func stepWeights(after updates: Int) -> StepWeights? {
    guard multiStepLoss else { return nil }
    let end = multiStepUpdates ?? iterations / 10
    return multiStepUpdates == 0
      ? StepWeights(equal: steps) : StepWeights(annealed: steps, after: updates, of: end)
  }

  /// Ways, shots and queries of training episodes, resolved.
  package var trainingShape: EpisodeShape {
    let asked =
      switch learner {
      case .maml, .reptile: 3
      case .prototypical: 5
      // It learns from no episodes; a few are looked at.
      case .supervised: 1
      }
    return shape(trainWayRange ?? wayRange, trainShotRule ?? shotRule, queries: trainQueries ?? asked)
  }

  /// Ways, shots and queries of test episodes.
  package var testShape: EpisodeShape { shape(wayRange, shotRule, queries: queries) }

  /// Ways, shots and queries of validation episodes.
  package var validationShape: EpisodeShape { shape(wayRange, shotRule, queries: validationQueries) }

  /// The plan with everything that follows from other settings written out.
  ///
  /// - Parameter selector: What adapts.
  /// - Returns: A plan that means the same.
  package func resolved(adapting selector: String) -> Plan {
    var plan = self
    plan.imageSize = side
    plan.filters = width
    plan.invert = preparation.invert
    plan.innerSteps = steps
    plan.order = metaOrder
    plan.trainWayRange = trainWayRange ?? wayRange
    plan.trainShotRule = trainShotRule ?? shotRule
    plan.trainQueries = trainingShape.queries
    plan.adapt = selector
    if learner == .supervised { plan.supervision = supervision.resolved(channels: channels) }
    return plan
  }
}
