public import Networks
public import Tensors

/// Whether a meta-gradient sees how the inner gradients depend on the parameters.
public enum DerivativeOrder: String, CaseIterable, Codable, Sendable {
  /// Inner gradients count as constants (first-order MAML).
  case first
  /// The exact derivative.
  case second
}

/// How much of the inner loop is kept for the backward pass.
public enum GraphMemory: String, CaseIterable, Codable, Sendable {
  /// All steps: fastest.
  case unrolled
  /// One step at a time, computed again on the way back: the same numbers in one step's memory.
  case checkpointed

  /// The mode of a name; `rerecorded` is an older name of `checkpointed`.
  public init?(named name: String) {
    self.init(rawValue: name == "rerecorded" ? Self.checkpointed.rawValue : name)
  }
}

/// Everything the outer loop trains: initial parameters and, per adapted tensor and step, an inner rate.
public struct MetaParameters: Sendable {
  /// Where every task starts.
  public var initial: Parameters
  /// One tensor `[steps]`, or `[1]` where all steps share a rate, per adapted tensor, in the order of the inner loop.
  public var rates: [Tensor]

  /// A starting point and its rates.
  public init(initial: Parameters, rates: [Tensor]) {
    self.initial = initial
    self.rates = rates
  }

  /// The same point as constants.
  public var detached: MetaParameters {
    MetaParameters(initial: initial.detached, rates: rates.map(\.detached))
  }

  /// The same point as new leaves.
  public var leaves: MetaParameters { MetaParameters(initial: initial.leaves, rates: rates.map(\.leaf)) }

  /// All tensors, parameters first.
  public var tensors: [Tensor] { initial.values + rates }
}

/// Gradient descent on the support loss, over some of the parameters: θ ← θ − rate·∂loss/∂θ.
///
/// Which method it is depends on what adapts: everything (MAML), the head (ANIL), atoms, and so on.
public struct InnerLoop: Sendable {
  /// Steps T in training.
  public var steps: Int
  /// What adapts: tensors of the layout, whole or by a mask.
  public var adapted: [AdaptedTensor]
  /// Whether the steps can be differentiated exactly.
  public var order: DerivativeOrder
  /// Whether a tensor has one rate for all steps instead of one for each.
  public var tiesRates: Bool

  /// A loop over the given tensors.
  public init(steps: Int, adapted: [AdaptedTensor], order: DerivativeOrder, tiesRates: Bool = false) {
    self.steps = steps
    self.adapted = adapted
    self.order = order
    self.tiesRates = tiesRates
  }

  /// How many rates a tensor has: one for each step, or one for all.
  public var rateCount: Int { tiesRates ? 1 : max(1, steps) }

  /// Places of the adapted tensors.
  public var refs: [ParameterRef] { adapted.map(\.ref) }

  /// The same point, whose adapted tensors nothing else in it was made of.
  ///
  /// A step differentiates towards θ alone. Where a head was made of features, the first step would otherwise also see
  /// how it hangs on what made them. Derivatives towards their origin go on through the new tensors.
  func apart(_ parameters: Parameters) -> Parameters {
    parameters.replacing(refs, with: refs.map { parameters[$0].affine(scale: 1) })
  }

  /// One step from θ.
  ///
  /// - Parameters:
  ///   - parameters: θ; adapted tensors that are constants become leaves, so derivatives can reach them.
  ///   - rates: One tensor of ``rateCount`` numbers per adapted tensor.
  ///   - step: Which step, from 0; beyond the trained ones the last rate goes on.
  ///   - loss: The support loss at a point.
  /// - Returns: θ after the step; it remembers its origin as far as θ and the rates are tracked.
  public func step(
    _ parameters: Parameters, rates: [Tensor], step: Int, loss: (Parameters) -> Tensor
  ) -> Parameters {
    let old = refs.map { parameters[$0].tracked }
    let gradient = gradients(
      of: loss(parameters.replacing(refs, with: old)), wrt: old, differentiable: order == .second)
    let new = zip(zip(old, gradient), zip(adapted, rates)).map { pair, item in
      let rate = item.1.element(min(step, item.1.count - 1))
      return pair.0 - (item.0.mask.map { pair.1 * $0 } ?? pair.1).scaled(by: rate)
    }
    return parameters.replacing(refs, with: new)
  }
}

extension Tensor {
  /// One number of a vector, as a tensor of shape `[]`.
  fileprivate func element(_ index: Int) -> Tensor {
    reshaped([1, count]).slice(rows: 0..<1, columns: index..<index + 1).reshaped([])
  }
}
