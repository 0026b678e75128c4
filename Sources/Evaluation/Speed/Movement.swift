internal import Kernels
internal import MetaLearning
internal import Networks
internal import Tensors

/// How far parameters and the dense kernels made of them have moved from a starting point.
struct MovementMeter: Sendable {
  /// A tensor or kernel whose movement is measured.
  struct Subject: Codable, Hashable, Sendable {
    let path: String
    let role: String
    /// Whether its movement is relative to its own norm; a tensor that starts at zero has none.
    let isRelative: Bool
  }

  /// The movements after some inner steps.
  struct Reading {
    /// One number per adapted tensor.
    let tensors: [Double]
    /// One number per convolution of the backbone.
    let kernels: [Double]
    /// ‖ΔW‖/‖W‖ of all dense kernels as one vector.
    let allKernels: Double
  }

  let tensors: [Subject]
  let kernels: [Subject]
  private let refs: [ParameterRef]
  private let convolutions: [any Convolution]
  private var tensorStarts: [Start]
  private let kernelStarts: [Start]

  private struct Start: Sendable {
    let scalars: [Scalar]
    let norm: Double

    init(_ tensor: Tensor) {
      scalars = tensor.scalars
      norm = scalars.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }

    func distance(to tensor: Tensor) -> Double {
      var sum = 0.0
      for (old, new) in zip(scalars, tensor.scalars) {
        let moved = Double(new) - Double(old)
        sum += moved * moved
      }
      return sum.squareRoot()
    }

    /// The distance relative to the norm at the start, or the distance itself if that norm is 0.
    func movement(to tensor: Tensor) -> Double {
      norm > 0 ? distance(to: tensor) / norm : distance(to: tensor)
    }
  }

  /// Measures a candidate's movements from the point at which its tasks start.
  init(_ candidate: Candidate) {
    let (layout, start) = (candidate.network.layout, candidate.point.initial)
    refs = candidate.learner.innerLoop.refs
    convolutions = candidate.network.backbone.convolutions.map(\.convolution)
    tensorStarts = refs.map { Start(start[$0]) }
    kernelStarts = convolutions.map { Start($0.kernel(start)) }
    let isHeadMade = candidate.learner.objective.startsInformed
    tensors = zip(refs, tensorStarts).map { ref, start in
      let entry = layout[ref]
      return Subject(
        path: entry.path, role: entry.role.rawValue,
        isRelative: start.norm > 0 || (isHeadMade && entry.role == .head))
    }
    kernels = zip(convolutions, kernelStarts).map { convolution, start in
      Subject(
        path: convolution.site.path, role: convolution.dependsOnBatch ? "nominal-kernel" : "kernel",
        isRelative: start.norm > 0)
    }
  }

  /// The same meter for a task that starts elsewhere: its head may be made of the support.
  func starting(at parameters: Parameters) -> MovementMeter {
    var meter = self
    meter.tensorStarts = refs.map { Start(parameters[$0]) }
    return meter
  }

  /// The movements of everything at some parameters.
  func read(_ parameters: Parameters) -> Reading {
    let current = convolutions.map { $0.kernel(parameters) }
    let squares = zip(kernelStarts, current).reduce(into: (moved: 0.0, whole: 0.0)) { sums, pair in
      let distance = pair.0.distance(to: pair.1)
      sums.moved += distance * distance
      sums.whole += pair.0.norm * pair.0.norm
    }
    return Reading(
      tensors: zip(refs, tensorStarts).map { $1.movement(to: parameters[$0]) },
      kernels: zip(current, kernelStarts).map { $1.movement(to: $0) },
      allKernels: squares.whole > 0 ? (squares.moved / squares.whole).squareRoot() : 0)
  }
}
