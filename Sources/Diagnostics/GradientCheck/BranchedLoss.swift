internal import MetaLearning
internal import Networks
internal import Tensors

/// A query loss after adaptation, and which branch every activation on the way took.
package struct BranchedLoss {
  /// Mean cross-entropy of the query.
  package let loss: Double
  /// A checksum over all activations that a network shows, in every inner step and on the query: whether they are above
  /// zero.
  package let branches: UInt64
  /// Where on a line it was taken: parameters are rounded, so not quite where it was wanted.
  package let place: Double

  /// A loss that is known, with its branches.
  package init(loss: Double, branches: UInt64, place: Double) {
    (self.loss, self.branches, self.place) = (loss, branches, place)
  }

  /// Adapts to a task and looks at every pass.
  init(_ network: Network, _ learner: MetaLearner, _ point: MetaParameters, _ task: MetaTask, place: Double) {
    var (loss, sum) = (0.0, Checksum())
    let steps = learner.innerLoop.steps
    learner.visitSteps(from: point, on: task.support, steps: steps) { step, parameters, _ in
      guard step == steps else {
        sum.add(network.activations(task.support.images, parameters))
        return
      }
      let images = learner.objective.batch(asking: task.query.images, given: task.support)
      sum.add(
        network.activations(
          images, parameters, statistics: learner.statistics(given: task.support, parameters)))
      loss = learner.assess(parameters, on: task).loss
    }
    (self.loss, branches, self.place) = (loss, sum.value, place)
  }

  /// FNV-1a over signs, 64 of them at a time.
  private struct Checksum {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ layers: [(layer: String, rows: Tensor)]) {
      // Scores of a head have no branches.
      for layer in layers where layer.layer != "head" {
        var bits: UInt64 = 0
        for (i, scalar) in layer.rows.scalars.enumerated() {
          bits = bits << 1 | (scalar > 0 ? 1 : 0)
          if i % 64 == 63 { add(bits) }
        }
        add(bits)
      }
    }

    private mutating func add(_ bits: UInt64) { value = (value ^ bits) &* 0x0000_0100_0000_01b3 }
  }
}
