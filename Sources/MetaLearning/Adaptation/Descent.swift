internal import Foundation
public import Networks
internal import Tensors

/// What turns the gradients of the support loss into inner steps.
public enum InnerOptimizer: String, CaseIterable, Codable, Hashable, Sendable {
  /// θ ← θ − rate·g. The only one that meta-gradients go through.
  case descent = "sgd"
  /// v ← 0.9·v + g, θ ← θ − rate·v.
  ///
  /// - Source: Polyak 1964, as PyTorch writes it.
  case momentum
  /// Adam with β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸, its step size the rate.
  ///
  /// - Source: Kingma and Ba 2015.
  case adam
}

/// An inner loop on its way through one task, step by step, without derivatives of the steps.
///
/// It holds the graph of one step only.
public struct Descent {
  /// Where it stands, as constants.
  public private(set) var parameters: Parameters
  /// Steps taken.
  public private(set) var steps = 0
  private let learner: MetaLearner
  private let rates: [Tensor]
  private let support: Batch
  /// Running means of gradients and of their squares, one for each adapted tensor; none before the first step.
  private var (first, second): ([Tensor], [Tensor]) = ([], [])

  /// A loop before its first step.
  ///
  /// - Parameters:
  ///   - learner: What adapts and how.
  ///   - point: The meta-parameters.
  ///   - support: What is learned from.
  init(_ learner: MetaLearner, from point: MetaParameters, on support: Batch) {
    self.learner = learner
    self.support = support
    rates = point.rates.map(\.detached)
    parameters = learner.start(point, on: support)
  }

  /// Takes a step; beyond the trained ones the last rates go on.
  public mutating func step() {
    let loop = learner.innerLoop
    parameters =
      loop.optimizer == .descent
      ? learner.adapt(parameters, rates, steps, support) : moved(by: directions(loop), loop)
    steps += 1
  }

  /// Where each adapted tensor goes but for its rate, what adapts of it alone.
  private mutating func directions(_ loop: InnerLoop) -> [Tensor] {
    let leaves = loop.refs.map { parameters[$0].leaf }
    let found = gradients(
      of: learner.objective.supportLoss(parameters.replacing(loop.refs, with: leaves), support), wrt: leaves)
    let gradient = zip(loop.adapted, found).map { $0.masked($1) }
    if first.isEmpty {
      first = gradient.map { Tensor(repeating: 0, shape: $0.shape) }
      second = first
    }
    switch loop.optimizer {
    case .descent: return gradient
    case .momentum:
      first = zip(first, gradient).map { (Scalar(0.9) * $0 + $1).detached }
      return first
    case .adam:
      let (beta1, beta2) = (0.9, 0.999)
      let bias1 = Scalar(1 - pow(beta1, Double(steps + 1)))
      let bias2 = Scalar(1 - pow(beta2, Double(steps + 1)))
      first = zip(first, gradient).map { (Scalar(beta1) * $0 + Scalar(1 - beta1) * $1).detached }
      second = zip(second, gradient).map { (Scalar(beta2) * $0 + Scalar(1 - beta2) * ($1 * $1)).detached }
      return zip(first, second).map { mean, square in
        let numbers = zip(mean.scalars, square.scalars).map { m, v in
          m / bias1 / ((v / bias2).squareRoot() + Scalar(1e-8))
        }
        return Tensor(numbers, shape: mean.shape)
      }
    }
  }

  private func moved(by directions: [Tensor], _ loop: InnerLoop) -> Parameters {
    let new = zip(loop.refs, zip(directions, rates)).map { ref, item in
      parameters[ref] - loop.rated(item.0, by: item.1, step: steps)
    }
    return loop.renewed(parameters.replacing(loop.refs, with: new), after: steps).detached
  }
}
