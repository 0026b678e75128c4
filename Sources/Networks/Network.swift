public import Tensors

/// A backbone, what its family puts behind the features, and, for learners that classify by a linear layer, a task head.
///
/// What it computes is a function of images, parameters and the statistics that its normalisations take.
public struct Network: Sendable {
  /// All parameters of both.
  public private(set) var layout: ParameterLayout
  /// From images to features.
  public let backbone: any Backbone
  /// Classes of the head; nil without one.
  public let ways: Int?
  /// The backbone's convolutions and, where the family made one, the head.
  let made: any MadeConvolutions
  /// The matrix `[D, D]` that features pass through; nil where they stay as the backbone makes them.
  public let alignment: ParameterRef?
  /// What of a task scales and shifts the normalisations; nil where they have their own numbers alone.
  public let film: ContextFilm?
  private let head: (weight: HeadWeight, bias: ParameterRef)?
  /// What its images are normalised by first; nil where pixels come as they are.
  public let pixels: PixelStatistics?
  /// Whether derivatives of features make every layer again from what goes in, instead of keeping what is within.
  private var isSparing = false
  /// Running statistics of the normalisations, in the order of a pass; empty if each takes those of its batch.
  private var running: [(mean: ParameterRef, variance: ParameterRef)] = []

  private enum HeadWeight {
    case dense(ParameterRef)
    case made(any Convolution)
  }

  /// Builds a backbone, declares what its family puts behind the features and, if asked, `head.weight [ways, D]`, or what the family makes it of, and
  /// `head.bias [ways]`.
  ///
  /// - Parameters:
  ///   - ways: Classes of the head; nil for no head.
  ///   - pixels: What images are normalised by first; nil for nothing.
  ///   - makeBackbone: Declares the backbone's parameters in the layout it is given.
  /// - Throws: What `makeBackbone` throws.
  public init(
    ways: Int?, pixels: PixelStatistics? = nil,
    backbone makeBackbone: (inout ParameterLayout) throws(ConfigurationError) -> any Backbone
  ) throws(ConfigurationError) {
    self.pixels = pixels
    var layout = ParameterLayout()
    backbone = try makeBackbone(&layout)
    alignment = backbone.made.alignment(features: backbone.features, in: &layout)
    film = try backbone.made.context(for: layout.normalisations, in: &layout)
    if let ways {
      let features = backbone.features
      made = backbone.made.withHead(inputs: features, outputs: ways, in: &layout)
      let weight =
        made.head.map { HeadWeight.made($0) }
        ?? .dense(
          layout.declare(
            "head.weight", [ways, features], .head,
            .normal(deviation: Self.headDeviation(inputs: features))))
      head = (weight, layout.declare("head.bias", [ways], .head, .constant(0)))
    } else {
      made = backbone.made
      head = nil
    }
    self.layout = layout
    self.ways = ways
  }

  /// Declares parameters beside those of backbone and head, for what is made of the features.
  ///
  /// - Parameter make: Given the layout and D, the features of an image.
  /// - Returns: What `make` returns.
  /// - Throws: What `make` throws.
  public mutating func declaring<Made>(
    _ make: (inout ParameterLayout, _ features: Int) throws(ConfigurationError) -> Made
  ) throws(ConfigurationError) -> Made {
    try make(&layout, backbone.features)
  }

  /// Declares running statistics, `statistics.K.mean` and `.variance` for every normalisation K of a pass, from 1.
  ///
  /// From then on the network normalises by them wherever it would have by those of a batch, so that every image is
  /// judged alone. They are measured: no training changes them. They start at mean 0 and variance 1.
  ///
  /// - Parameter image: The images of the network.
  public mutating func declareRunningStatistics(for image: ImageShape) {
    let images = Tensor(repeating: 0, shape: [1, image.side, image.side, image.channels])
    let found = statistics(of: images, layout.initialized(seed: 0))
    running = found.enumerated().map { i, statistics in
      let place = "statistics.\(i + 1)"
      return (
        layout.declare(
          "\(place).mean", statistics.mean.shape, .measured, isMetaTrained: false, .constant(0)),
        layout.declare(
          "\(place).variance", statistics.variance.shape, .measured, isMetaTrained: false, .constant(1))
      )
    }
  }

  /// Declares what every inner step puts in the place of the normalisations' scales and shifts (MAML++):
  /// `<path>.step1`, … beside each, where it starts.
  ///
  /// - Parameter steps: Inner steps of training, at least one.
  /// - Returns: One entry for every scale and shift.
  public mutating func declareStepNorms(steps: Int) -> [(slot: ParameterRef, versions: [ParameterRef])] {
    layout.normalisations.flatMap { [$0.scale, $0.shift] }.map { slot in
      let entry = layout[slot]
      let versions = (1...steps).map { step in
        layout.declare(
          "\(entry.path).step\(step)", entry.shape, .norm, layer: entry.layer, entry.initializer)
      }
      return (slot, versions)
    }
  }

  /// Whether it normalises by running statistics.
  public var hasRunningStatistics: Bool { !running.isEmpty }

  /// The source that a pass takes instead of its batch, if the network has running statistics.
  func source(_ asked: StatisticsSource, _ parameters: Parameters) -> StatisticsSource {
    guard case .batch = asked, !running.isEmpty else { return asked }
    return .given(
      running.map {
        ChannelStatistics(mean: parameters[$0.mean].detached, variance: parameters[$0.variance].detached)
      })
  }

  /// The standard deviation that a head's weight starts with.
  package static func headDeviation(inputs: Int) -> Double { 1 / Double(inputs).squareRoot() }

  /// The backbone's convolutions, each once in the order of first use, and, where the family made one, the head.
  public var convolutions: [any Convolution] { made.convolutions + (made.head.map { [$0] } ?? []) }

  /// The weight of the head, `[ways, D]`; nil without one.
  public func headWeight(_ parameters: Parameters) -> Tensor? {
    guard let head else { return nil }
    switch head.weight {
    case .dense(let ref): return parameters[ref]
    case .made(let convolution):
      let kernel = convolution.kernel(parameters)
      return kernel.reshaped([kernel.shape[0], kernel.shape[1]])
    }
  }

  /// Whether the network has a head whose weight is one tensor.
  public var hasDenseHead: Bool { if case .dense = head?.weight { true } else { false } }

  /// Weight `[ways, D]` and bias `[ways]` of the head; nil without one.
  public func head(_ parameters: Parameters) -> (weight: Tensor, bias: Tensor)? {
    guard let head, let weight = headWeight(parameters) else { return nil }
    return (weight, parameters[head.bias])
  }

  /// The point with another head.
  ///
  /// - Parameters:
  ///   - weight: `[ways, D]`.
  ///   - bias: `[ways]`.
  ///   - parameters: Everything else.
  /// - Returns: Another point of the same layout.
  /// - Precondition: the head is dense.
  public func replacingHead(weight: Tensor, bias: Tensor, in parameters: Parameters) -> Parameters {
    guard let head, case .dense(let ref) = head.weight else {
      preconditionFailure("replacing the head of a network without a dense one")
    }
    return parameters.replacing([ref, head.bias], with: [weight, bias])
  }

  /// The point with this weight of the head, where the head is dense.
  func replacingHeadWeight(with weight: Tensor?, in parameters: Parameters) -> Parameters {
    guard let weight, case .dense(let ref) = head?.weight else { return parameters }
    return parameters.replacing([ref], with: [weight])
  }

  /// The network after a reduction of ranks: the same places, other extents.
  public func lowered(by reduction: RankReduction) -> Network {
    var lower = self
    lower.layout = reduction.layout
    return lower
  }

  /// The same network, whose derivatives keep the activations between layers alone and make what is within again.
  public var sparing: Network {
    var network = self
    network.isSparing = true
    return network
  }

  /// Features `[N, D]` of images `[N, H, W, C]`.
  ///
  /// - Parameters:
  ///   - images: The batch.
  ///   - parameters: Where to evaluate.
  ///   - statistics: What the layers normalise by.
  /// - Returns: One row per image.
  /// - Precondition: given statistics are as many as the network has normalisations.
  public func features(
    _ images: Tensor, _ parameters: Parameters, statistics: StatisticsSource = .batch
  ) -> Tensor {
    let x = NormalisationPass.run(by: source(statistics, parameters), isSparing: isSparing) {
      body(images, parameters, &$0)
    }
    return aligned(x, parameters) ?? x
  }

  /// The point that the backbone computes with.
  package func seen(_ parameters: Parameters) -> Parameters { film?(parameters) ?? parameters }

  /// Features `[N, D]` of the backbone, its images normalised by ``pixels``: the one way into it.
  func body(
    _ images: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass,
    observing observe: (_ block: String, _ output: Tensor) -> Void = { _, _ in }
  ) -> Tensor {
    backbone.features(pixels?.normalised(images) ?? images, seen(parameters), &pass, observing: observe)
  }

  /// Features `[N, D]` of the backbone behind the family's matrix; nil if it has none.
  func aligned(_ x: Tensor, _ parameters: Parameters) -> Tensor? {
    alignment.map { matmul(x, parameters[$0], transposeB: true) }
  }

  /// Features of images `[N, H, W, C]` by the statistics of the batch, also where the network has running ones, and these
  /// statistics as constants: a pass of supervised training.
  ///
  /// - Returns: One row per image, and one entry per normalisation in the order of the pass.
  public func trainingFeatures(
    _ images: Tensor, _ parameters: Parameters
  ) -> (features: Tensor, statistics: [ChannelStatistics]) {
    let pass = NormalisationPass.noting { body(images, parameters, &$0) }
    return (aligned(pass.0, parameters) ?? pass.0, pass.1)
  }

  /// The point with its running statistics moved towards those of a batch: (1 − share)·old + share·new.
  ///
  /// - Parameters:
  ///   - batch: One entry per normalisation in the order of a pass; variances as they are to be remembered.
  ///   - share: What the batch counts.
  ///   - parameters: The point.
  /// - Returns: Another point of the same layout.
  /// - Precondition: the network has running statistics, as many as the batch.
  public func movingStatistics(
    towards batch: [ChannelStatistics], by share: Double, in parameters: Parameters
  ) -> Parameters {
    precondition(batch.count == running.count, "\(batch.count) statistics for \(running.count) running ones")
    let (old, new) = (Scalar(1 - share), Scalar(share))
    let refs = running.flatMap { [$0.mean, $0.variance] }
    let values = batch.flatMap { [$0.mean, $0.variance] }
    return parameters.replacing(
      refs, with: zip(refs, values).map { old * parameters[$0].detached + new * $1.detached })
  }

  /// What the network's normalisations divide by when images `[N, H, W, C]` pass as one batch, differentiable.
  ///
  /// - Parameters:
  ///   - images: The batch.
  ///   - parameters: Where to evaluate.
  /// - Returns: One entry per normalisation in the order of the pass, as ``StatisticsSource/given(_:)`` takes them.
  public func statistics(of images: Tensor, _ parameters: Parameters) -> [ChannelStatistics] {
    NormalisationPass.statistics { _ = body(images, parameters, &$0) }
  }

  /// What the family of the backbone's convolutions adds to the outer loss, of shape `[]`; nil if nothing.
  public func regularizer(_ parameters: Parameters) -> Tensor? { made.regularizer(parameters) }

  /// Which positions of which ranks the family keeps after an update of training.
  ///
  /// - Parameters:
  ///   - parameters: The point after the update.
  ///   - updates: Updates made so far.
  /// - Returns: Positions among the present ones, ascending; ranks that are not named stay whole.
  public func keptRanks(_ parameters: Parameters, after updates: Int) -> [RankRef: [Int]] {
    made.keptRanks(parameters, after: updates)
  }

  /// Class scores `[N, ways]` of images `[N, H, W, C]` by the linear head.
  ///
  /// - Parameters:
  ///   - images: The batch.
  ///   - parameters: Where to evaluate.
  ///   - statistics: What the layers normalise by.
  /// - Returns: One row per image.
  /// - Precondition: the network has a head, and given statistics are as many as it has normalisations.
  public func logits(
    _ images: Tensor, _ parameters: Parameters, statistics: StatisticsSource = .batch
  ) -> Tensor {
    let features = features(images, parameters, statistics: statistics)
    guard let scores = scores(of: features, parameters) else {
      preconditionFailure("logits of a network without a head")
    }
    return scores
  }

  /// Class scores `[N, ways]` of features `[N, D]`; nil without a head.
  func scores(of x: Tensor, _ parameters: Parameters) -> Tensor? {
    guard let head, let weight = headWeight(parameters) else { return nil }
    return linear(x, weight: weight, bias: parameters[head.bias])
  }
}
