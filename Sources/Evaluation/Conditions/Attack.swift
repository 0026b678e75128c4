internal import Kernels
package import MetaLearning
package import Networks
package import Randomness
package import Tensors

/// A white-box attack: images change by at most ε per number so that the query loss grows.
///
/// The unit is that of prepared images, 0...1, and attacked images stay within it. An attack on the query raises its
/// loss at the adapted parameters. An attack on the support raises the query loss after adaptation, through all
/// inner steps with exact derivatives whatever the order of training; where momentum or Adam make the steps, through
/// those of plain descent in their place.
public enum Attack: String, Codable, CaseIterable, Hashable, Sendable {
  /// One step of ε along the sign of the gradient (Goodfellow et al. 2015).
  case fgsm
  /// From a random start within ε, ten steps of ε/4 along the sign, each brought back within ε (Madry et al. 2018).
  case pgd

  /// Steps of the projected attack, 2.5·ε long in all.
  ///
  /// - Source: Madry et al. 2018.
  static let steps = 10

  /// The query of a task after an attack at the adapted parameters: images `[N, H, W, C]` within ε of the clean ones.
  package func query(
    _ candidate: Candidate, _ parameters: Parameters, _ task: MetaTask, epsilon: Double,
    _ stream: inout RandomStream
  ) -> Batch {
    attacked(task.query, epsilon, &stream) { images in
      candidate.queryLoss(parameters, MetaTask(support: task.support, query: task.query.with(images)))
    }
  }

  /// The support of a task after an attack through the inner steps: images `[N, H, W, C]` within ε of the clean ones.
  package func support(
    _ candidate: Candidate, _ task: MetaTask, epsilon: Double, _ stream: inout RandomStream
  ) -> Batch {
    attacked(task.support, epsilon, &stream) { images in
      candidate.lossAfterAdaptation(MetaTask(support: task.support.with(images), query: task.query))
    }
  }

  private func attacked(
    _ batch: Batch, _ epsilon: Double, _ stream: inout RandomStream, loss: (_ images: Tensor) -> Tensor
  ) -> Batch {
    let clean = batch.images.scalars
    let limit = Scalar(epsilon)
    var x = clean
    func move(_ size: Scalar) {
      let leaf = Tensor(x, shape: batch.images.shape).leaf
      let gradient = gradients(of: loss(leaf), wrt: [leaf])[0].scalars
      for i in x.indices {
        let step: Scalar = gradient[i] > 0 ? size : gradient[i] < 0 ? -size : 0
        x[i] = min(max(x[i] + step, max(0, clean[i] - limit)), min(1, clean[i] + limit))
      }
    }
    switch self {
    case .fgsm: move(limit)
    case .pgd:
      for i in x.indices {
        x[i] = min(max(x[i] + limit * Scalar(stream.uniform(-1, 1)), 0), 1)
      }
      for _ in 0..<Self.steps { move(2.5 * limit / Scalar(Self.steps)) }
    }
    return batch.with(Tensor(x, shape: batch.images.shape))
  }
}

extension Candidate {
  /// The query loss at some parameters, differentiable towards images and parameters.
  package func queryLoss(_ parameters: Parameters, _ task: MetaTask) -> Tensor {
    crossEntropy(
      learner.logits(for: task.query.images, given: task.support, parameters), task.query.labels)
  }

  /// The query loss after the trained steps on the support, differentiable through them towards all images.
  package func lossAfterAdaptation(_ task: MetaTask) -> Tensor {
    var loop = learner.innerLoop
    loop.order = .second
    let rates = point.rates.map(\.detached)
    let start = learner.objective.taskStart(point.initial.detached, on: task.support)
    let adapted = (0..<loop.steps).reduce(start) { parameters, t in
      loop.step(parameters, rates: rates, step: t) { learner.objective.supportLoss($0, task.support) }
    }
    return queryLoss(adapted, task)
  }
}

extension Batch {
  /// The same labels with other images of the same shape.
  func with(_ images: Tensor) -> Batch { Batch(images: images, labels: labels, ways: ways) }
}
