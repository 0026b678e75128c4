internal import Foundation
internal import Kernels
internal import MetaLearning
internal import Networks
package import Settings
internal import Tensors

/// What supervised training has beside the point itself: the classifier, the moments, and the running mean of weights.
package struct SupervisedState: Sendable {
  /// How training classes are told apart.
  var classifier: Classifier
  /// The moments of the network's tensors, then the classifier's.
  var optimizer: WeightOptimizer
  /// The running mean of the weights, if there is one.
  var average: Parameters?

  /// The state before the first update.
  ///
  /// - Parameters:
  ///   - arm: What is trained.
  ///   - start: Where it starts.
  ///   - plan: How.
  ///   - classes: How many classes there are.
  init(_ arm: Arm, at start: Parameters, _ plan: Plan, classes: Int) {
    let recipe = plan.recipe
    classifier = Classifier(
      recipe.classifier, classes: classes, features: arm.network.backbone.features,
      seed: plan.seed)
    optimizer = Self.optimizer(arm, recipe)
    average = recipe.averaging > 0 ? start.detached : nil
  }

  /// The state with given parts.
  init(classifier: Classifier, optimizer: WeightOptimizer, average: Parameters?) {
    self.classifier = classifier
    self.optimizer = optimizer
    self.average = average
  }

  /// The state after a reduction of ranks: what stays keeps its moments.
  func lowered(by reduction: RankReduction) -> SupervisedState {
    var lower = self
    lower.optimizer = reduction(optimizer)
    lower.average = average.map { reduction($0) }
    return lower
  }

  /// The optimiser of an arm before its first step.
  static func optimizer(_ arm: Arm, _ recipe: SupervisedRecipe) -> WeightOptimizer {
    let (lambda, roles) = (recipe.weightDecay, recipe.decayRoles)
    func decays(_ role: ParameterRole) -> Bool {
      guard let roles else { return role != .norm }
      return roles.contains("all") || roles.contains(role.rawValue)
    }
    let own = arm.network.layout.entries.map { $0.isLearned && decays($0.role) ? lambda : 0 }
    // The classifier's bias, or its temperature, is no weight.
    let classifier = [roles == nil || decays(.head) ? lambda : 0, 0]
    let rule: WeightOptimizer.Rule =
      switch recipe.optimizer {
      case .sgd: .sgd(momentum: recipe.momentum, nesterov: recipe.nesterov)
      case .adam: .adam(decoupled: false)
      case .adamw: .adam(decoupled: true)
      }
    return WeightOptimizer(rule, decay: own + classifier)
  }
}

extension Plan {
  /// The step size of the supervised update that follows so many: a linear growth at the start, then the schedule.
  package func supervisedRate(after updates: Int) -> Double {
    let warmUp = recipe.warmUp
    if updates < warmUp { return outerRate * Double(updates + 1) / Double(warmUp) }
    let share = Double(updates - warmUp) / Double(max(1, iterations - warmUp))
    switch recipe.schedule {
    case .constant: return outerRate
    case .cosine: return outerRate * 0.5 * (1 + cos(.pi * share))
    case .step: return outerRate * (share < 0.6 ? 1 : share < 0.8 ? 0.1 : 0.01)
    }
  }
}
