public import Networks
public import Tensors

/// What one task says about the meta-parameters.
public struct MetaGradient: Sendable {
  /// Mean cross-entropy of the query after adaptation.
  public let loss: Double
  /// Query accuracy after adaptation.
  public let accuracy: Double
  /// One gradient per parameter, in declaration order.
  public let parameters: [Tensor]
  /// One gradient of the shape of its rates per adapted tensor.
  public let rates: [Tensor]

  /// States what was found.
  public init(loss: Double, accuracy: Double, parameters: [Tensor], rates: [Tensor]) {
    self.loss = loss
    self.accuracy = accuracy
    self.parameters = parameters
    self.rates = rates
  }

  /// All gradients in the order of ``MetaParameters/tensors``.
  public var tensors: [Tensor] { parameters + rates }
}

/// By which statistics a learner's network normalises when it is asked about the query.
public enum QueryStatistics: Sendable {
  /// Those of the batch that is asked, as in training.
  case batch
  /// Those of the support images at the parameters that are asked, so that every query image is judged alone.
  ///
  /// They are differentiable towards the support.
  case support
  /// Given ones, one for every normalisation in the order of a pass.
  case given([ChannelStatistics])
}

/// An objective, an inner loop and how to differentiate through it.
public struct MetaLearner: Sendable {
  /// The space that its parameters are points of.
  public let layout: ParameterLayout
  /// Support loss and query scores.
  public private(set) var objective: any TaskObjective
  /// What adapts and how.
  public var innerLoop: InnerLoop
  /// What a task tells the outer loop.
  public var outer: OuterRule
  /// How much of the loop is kept.
  public var memory: GraphMemory
  /// What the network normalises by when it is asked about the query; inner steps always go by their own batch.
  public var queryStatistics: QueryStatistics

  /// A learner of tasks in the space of a layout.
  public init(
    layout: ParameterLayout, objective: any TaskObjective, innerLoop: InnerLoop,
    outer: OuterRule = .gradient, memory: GraphMemory = .unrolled, queryStatistics: QueryStatistics = .batch
  ) {
    self.layout = layout
    self.objective = objective
    self.innerLoop = innerLoop
    self.outer = outer
    self.memory = memory
    self.queryStatistics = queryStatistics
  }

  /// Whether the outer loop's direction is a gradient through the inner steps, so that it has an order.
  public var hasMetaGradient: Bool {
    outer == .gradient && (innerLoop.optimizer == .descent || innerLoop.steps == 0)
  }

  /// What the network normalises by when it is asked at some parameters.
  public func statistics(given support: Batch, _ parameters: Parameters) -> StatisticsSource {
    switch queryStatistics {
    case .batch: .batch
    case .support: .given(objective.statistics(of: support.images, parameters))
    case .given(let statistics): .given(statistics)
    }
  }

  /// Class scores `[N, ways]` of query images, given the support, differentiable towards both and the parameters.
  public func logits(for images: Tensor, given support: Batch, _ parameters: Parameters) -> Tensor {
    objective.logits(
      for: images, given: support, parameters, statistics: statistics(given: support, parameters))
  }

  /// What a task tells the outer loop: the gradient of the query loss after adaptation, towards initial parameters and
  /// rates, or what else ``outer`` says.
  ///
  /// - Parameters:
  ///   - point: The meta-parameters.
  ///   - task: The task.
  ///   - weights: What the query loss after each step counts; nil for that after the last step alone.
  /// - Returns: The gradient of the weighted sum; loss and accuracy are those after the last step.
  /// - Precondition: weights are one for each step; the gradient goes through plain descent only.
  public func metaGradient(
    at point: MetaParameters, on task: MetaTask, weights: StepWeights? = nil
  ) -> MetaGradient {
    let weights = weights ?? StepWeights(last: innerLoop.steps)
    precondition(
      weights.values.count == innerLoop.steps, "\(weights.values.count) weights of \(innerLoop.steps) steps")
    if outer == .reptile { return wayBack(from: point, on: task) }
    precondition(
      hasMetaGradient, "a meta-gradient through \(innerLoop.optimizer.rawValue)")
    return switch memory {
    case .unrolled: unrolled(point, task, weights)
    case .checkpointed: TensorMemory.sparing { checkpointed(point, task, weights) }
    }
  }

  private func step(_ parameters: Parameters, _ rates: [Tensor], _ t: Int, _ support: Batch) -> Parameters {
    innerLoop.step(parameters, rates: rates, step: t) { objective.supportLoss($0, support) }
  }

  private func unrolled(_ point: MetaParameters, _ task: MetaTask, _ weights: StepWeights) -> MetaGradient {
    let leaves = point.leaves
    var adapted = innerLoop.apart(objective.taskStart(leaves.initial, on: task.support))
    var before: Tensor?
    for t in 0..<innerLoop.steps {
      adapted = step(adapted, leaves.rates, t, task.support)
      guard t + 1 < innerLoop.steps, weights.values[t] > 0 else { continue }
      let part = Scalar(weights.values[t]) * asked(adapted, task).loss
      before = before.map { $0 + part } ?? part
    }
    let last = asked(adapted, task)
    let own = weights.last == 1 ? last.loss : Scalar(weights.last) * last.loss
    let all = gradients(of: before.map { $0 + own } ?? own, wrt: leaves.tensors)
    return result(last.loss, last.scores, task, all)
  }

  /// Keeps θ after every step; on the way back records one step again and pulls the cotangent through it.
  ///
  /// The query, many images at once, is asked in a pass that keeps what lies between layers.
  private func checkpointed(_ point: MetaParameters, _ task: MetaTask, _ weights: StepWeights) -> MetaGradient
  {
    var sparing = self
    sparing.objective = objective.sparing
    var visited = [start(point, on: task.support)]
    let rates = point.rates.map(\.detached)
    for t in 0..<innerLoop.steps { visited.append(adapt(visited[t], rates, t, task.support)) }

    let end = visited[innerLoop.steps].leaves
    // The query's graph goes before steps are recorded again.
    func askedLast() -> (loss: Tensor, scores: Tensor, cotangents: [Tensor]) {
      let last = sparing.asked(end, task)
      let loss = weights.last == 1 ? last.loss : Scalar(weights.last) * last.loss
      return (last.loss.detached, last.scores.detached, gradients(of: loss, wrt: end.values))
    }
    let last = askedLast()
    var cotangents = last.cotangents
    var onRates = rates.map { Tensor(repeating: 0, shape: $0.shape) }
    for t in (0..<innerLoop.steps).reversed() {
      let leaves = MetaParameters(initial: visited[t], rates: rates).leaves
      let moved = step(leaves.initial, leaves.rates, t, task.support)
      // What a step does not change it passes on; what it only reads gets what it contributed as well.
      let pulled = gradients(of: moved.values, wrt: leaves.tensors, seeds: cotangents)
      cotangents = Array(pulled.prefix(cotangents.count))
      onRates = zip(onRates, pulled.suffix(onRates.count)).map { $0 + $1 }
      guard t > 0, weights.values[t - 1] > 0 else { continue }
      let here = visited[t].leaves
      let part = gradients(
        of: Scalar(weights.values[t - 1]) * sparing.asked(here, task).loss, wrt: here.values)
      cotangents = zip(cotangents, part).map { $0 + $1 }
    }
    let leaves = point.initial.leaves
    let begun = objective.taskStart(leaves, on: task.support)
    cotangents = gradients(of: begun.values, wrt: leaves.values, seeds: cotangents)
    return result(last.loss, last.scores, task, cotangents + onRates)
  }

  /// The query's scores and their mean cross-entropy at some parameters, differentiable.
  private func asked(_ parameters: Parameters, _ task: MetaTask) -> (scores: Tensor, loss: Tensor) {
    let scores = logits(for: task.query.images, given: task.support, parameters)
    return (scores, crossEntropy(scores, task.query.labels))
  }

  private func result(_ loss: Tensor, _ scores: Tensor, _ task: MetaTask, _ all: [Tensor]) -> MetaGradient {
    let count = layout.entries.count
    return MetaGradient(
      loss: Double(loss.item), accuracy: accuracy(scores, task.query.labels),
      parameters: Array(all.prefix(count)), rates: Array(all.dropFirst(count)))
  }

  /// Where a task starts, as constants.
  func start(_ point: MetaParameters, on support: Batch) -> Parameters {
    objective.taskStart(point.initial.detached, on: support).detached
  }

  /// One step of plain descent that leaves no trace: only the adapted tensors are differentiated.
  func adapt(_ parameters: Parameters, _ rates: [Tensor], _ t: Int, _ support: Batch) -> Parameters {
    var loop = innerLoop
    loop.order = .first
    return loop.step(parameters, rates: rates, step: t) { objective.supportLoss($0, support) }.detached
  }

  /// The parameters after `steps` steps on a support set, as constants.
  ///
  /// Holds the graph of one step only. Beyond the trained steps the last rates go on.
  public func fit(_ point: MetaParameters, to support: Batch, steps: Int? = nil) -> Parameters {
    var descent = Descent(self, from: point, on: support)
    for _ in 0..<(steps ?? innerLoop.steps) { descent.step() }
    return descent.parameters
  }

  /// Query loss and accuracy after learning a task's support set from a point.
  public func score(from point: MetaParameters, on task: MetaTask) -> TaskScore {
    assess(fit(point, to: task.support), on: task)
  }

  /// Query loss and accuracy of parameters as they are.
  public func assess(_ parameters: Parameters, on task: MetaTask) -> TaskScore {
    TaskScore(scores: scores(at: parameters, on: task), labels: task.query.labels)
  }

  /// Class scores `[N, ways]` of a task's query at parameters as they are, as constants.
  public func scores(at parameters: Parameters, on task: MetaTask) -> Tensor {
    logits(for: task.query.images, given: task.support, parameters.detached)
  }
}
