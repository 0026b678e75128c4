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
  /// One step at a time, and of the query what lies between layers, computed again on the way back: the same numbers in
  /// less memory.
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
  /// One tensor per adapted tensor, in the order of the inner loop; ``RatePattern`` says of which shape.
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

/// How the rates of an adapted tensor are shared.
public enum RatePattern: Sendable {
  /// One for each step, of shape `[steps]`.
  ///
  /// - Source: Antoniou et al. 2019 (MAML++).
  case perStep
  /// One for all steps, of shape `[1]`.
  case tied
  /// One for each number, of the tensor's own shape, and all steps share it.
  ///
  /// - Source: Li et al. 2017 (Meta-SGD).
  case elementwise
}

/// A parameter that every inner step replaces by a meta-learned one, such as the scale of a normalisation in MAML++.
public struct StepwiseParameter: Sendable {
  /// What the network reads; its own value is that before the first step.
  public let slot: ParameterRef
  /// What it reads after each step: one of the slot's shape for every step of training.
  public let versions: [ParameterRef]

  /// A parameter and what replaces it.
  public init(slot: ParameterRef, versions: [ParameterRef]) {
    self.slot = slot
    self.versions = versions
  }
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
  /// How a tensor's rates are shared.
  public var rates: RatePattern
  /// What turns gradients into steps.
  public var optimizer: InnerOptimizer
  /// What every step replaces, apart from what adapts.
  public var stepwise: [StepwiseParameter]

  /// A loop over the given tensors.
  public init(
    steps: Int, adapted: [AdaptedTensor], order: DerivativeOrder, rates: RatePattern = .perStep,
    optimizer: InnerOptimizer = .descent, stepwise: [StepwiseParameter] = []
  ) {
    self.steps = steps
    self.adapted = adapted
    self.order = order
    self.rates = rates
    self.optimizer = optimizer
    self.stepwise = stepwise
  }

  /// The shape of the rates of the adapted tensor at a place of a layout.
  public func rateShape(of ref: ParameterRef, in layout: ParameterLayout) -> Shape {
    switch rates {
    case .perStep: [max(1, steps)]
    case .tied: [1]
    case .elementwise: layout[ref].shape
    }
  }

  /// Places of the adapted tensors.
  public var refs: [ParameterRef] { adapted.map(\.ref) }

  /// The same point, whose adapted tensors nothing else in it was made of.
  ///
  /// A step differentiates towards θ alone. Where a head was made of features, the first step would otherwise also see
  /// how it hangs on what made them. Derivatives towards their origin go on through the new tensors.
  func apart(_ parameters: Parameters) -> Parameters {
    parameters.replacing(refs, with: refs.map { parameters[$0].gathered })
  }

  /// One step of plain descent from θ.
  ///
  /// - Parameters:
  ///   - parameters: θ; adapted tensors that are constants become leaves, so derivatives can reach them.
  ///   - rates: One tensor per adapted tensor, of ``rateShape(of:in:)``.
  ///   - step: Which step, from 0; beyond the trained ones the last rate goes on, and what the last one replaced stays.
  ///   - loss: The support loss at a point.
  /// - Returns: θ after the step; it remembers its origin as far as θ and the rates are tracked.
  public func step(
    _ parameters: Parameters, rates: [Tensor], step: Int, loss: (Parameters) -> Tensor
  ) -> Parameters {
    let old = refs.map { parameters[$0].tracked }
    let gradient = gradients(
      of: loss(parameters.replacing(refs, with: old)), wrt: old, differentiable: order == .second)
    let new = zip(zip(old, gradient), zip(adapted, rates)).map { pair, item in
      pair.0 - rated(item.0.masked(pair.1), by: item.1, step: step)
    }
    return renewed(parameters.replacing(refs, with: new), after: step)
  }

  /// A tensor's direction multiplied by its rates in a step.
  func rated(_ direction: Tensor, by rates: Tensor, step: Int) -> Tensor {
    self.rates == .elementwise
      ? direction * rates : direction.scaled(by: rates.element(min(step, rates.count - 1)))
  }

  /// The point with what a step, from 0, replaces.
  func renewed(_ parameters: Parameters, after step: Int) -> Parameters {
    guard !stepwise.isEmpty else { return parameters }
    return parameters.replacing(
      stepwise.map(\.slot), with: stepwise.map { parameters[$0.versions[min(step, $0.versions.count - 1)]] })
  }
}

extension Tensor {
  /// One number of a vector, as a tensor of shape `[]`.
  fileprivate func element(_ index: Int) -> Tensor {
    reshaped([1, count]).slice(rows: 0..<1, columns: index..<index + 1).reshaped([])
  }
}
