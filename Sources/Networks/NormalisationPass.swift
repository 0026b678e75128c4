internal import Kernels
public import Tensors

/// Where a pass through a network takes the statistics of its normalisations from.
public enum StatisticsSource: Sendable {
  /// Each normalisation from its own input, as in training.
  case batch
  /// Given ones, one for every normalisation in the order of the pass.
  ///
  /// The order is the key: a convolution that several layers use normalises within itself once per use.
  case given([ChannelStatistics])

  /// Whether no derivative goes through given ones.
  var isConstant: Bool {
    guard case .given(let all) = self else { return true }
    return !all.contains { $0.mean.isTracked || $0.variance.isTracked }
  }
}

/// One pass through a network, as its normalisations see it.
///
/// It travels from layer to layer and counts them, so that each finds its own statistics among given ones. A network
/// makes one for every pass; a layer that normalises is handed it `inout`.
public struct NormalisationPass: Sendable {
  private let source: StatisticsSource
  /// The statistics used so far; nil where nobody asks for them.
  private var noted: [ChannelStatistics]?
  /// Whether they are noted as constants, for running statistics.
  private var notesConstants = false
  /// Whether derivatives make layers again instead of keeping what is within them.
  private let isSparing: Bool
  /// How many normalisations have been.
  private var count = 0

  private init(by source: StatisticsSource, noting: Bool, isSparing: Bool = false) {
    self.source = source
    self.isSparing = isSparing
    noted = noting ? [] : nil
  }

  /// Runs a pass.
  ///
  /// - Parameters:
  ///   - source: Where its statistics come from.
  ///   - isSparing: Whether derivatives make every layer again from what goes in.
  ///   - body: Everything between input and output; hands the pass to each layer in turn.
  /// - Returns: What `body` returns.
  /// - Precondition: as many statistics are given as the pass has normalisations.
  public static func run<Output>(
    by source: StatisticsSource, isSparing: Bool = false, _ body: (inout NormalisationPass) -> Output
  ) -> Output {
    var pass = NormalisationPass(by: source, noting: false, isSparing: isSparing)
    let output = body(&pass)
    pass.checkCount()
    return output
  }

  /// The statistics of a pass that normalises each input by its own.
  ///
  /// - Parameter body: The pass, as for ``run(by:isSparing:_:)``.
  /// - Returns: One entry per normalisation, in the order of the pass, differentiable.
  public static func statistics(of body: (inout NormalisationPass) -> Void) -> [ChannelStatistics] {
    var pass = NormalisationPass(by: .batch, noting: true)
    body(&pass)
    return pass.noted ?? []
  }

  /// Runs a pass that normalises each input by its own statistics and notes them as constants.
  ///
  /// A noted variance is that of a sample, n/(n − 1) times the one the pass divides by, since it is to stand for other
  /// images too.
  ///
  /// - Parameter body: The pass, as for ``run(by:isSparing:_:)``.
  /// - Returns: What `body` returns, and one entry per normalisation.
  static func noting<Output>(
    _ body: (inout NormalisationPass) -> Output
  ) -> (Output, [ChannelStatistics]) {
    var pass = NormalisationPass(by: .batch, noting: true)
    pass.notesConstants = true
    let output = body(&pass)
    return (output, pass.noted ?? [])
  }

  /// Normalisation, activation and pooling of activations `[N, H, W, C]`, by the pass's statistics.
  ///
  /// Every normalisation of a network goes through here.
  ///
  /// - Parameters:
  ///   - y: The activations.
  ///   - scale: `[C]`.
  ///   - shift: `[C]`.
  ///   - around: What is added before the activation, of the shape of y; nil for nothing.
  ///   - options: Window, ε and slope.
  /// - Returns: As ``normalise(_:scale:shift:around:_:)`` unless statistics are given.
  public mutating func normalised(
    _ y: Tensor, scale: Tensor, shift: Tensor, around: Tensor? = nil, _ options: NormaliseOptions
  ) -> Tensor {
    defer { count += 1 }
    if notesConstants {
      noted?.append(ChannelStatistics(of: y.detached).ofSample(y.count / scale.count))
    } else {
      noted?.append(ChannelStatistics(of: y))
    }
    // A pass with too few statistics goes on to its end, where both counts are known.
    guard case .given(let all) = source, count < all.count else {
      return normalise(y, scale: scale, shift: shift, around: around, options)
    }
    let known = all[count]
    return normalise(
      y, mean: known.mean, variance: known.variance, scale: scale, shift: shift, around: around, options)
  }

  /// A layer of the pass: a convolution, its normalisation and what belongs to it.
  ///
  /// A sparing pass keeps what goes in alone, unless given statistics are to be differentiated as well. Either way a
  /// derivative towards an input is summed over the layer first, so that both give the same bytes.
  ///
  /// - Parameters:
  ///   - inputs: Activations.
  ///   - parameters: Where to evaluate.
  ///   - body: The layer, of inputs, parameters and this pass.
  /// - Returns: What `body` returns.
  mutating func layer(
    _ inputs: [Tensor], _ parameters: Parameters,
    _ body: @escaping @Sendable ([Tensor], Parameters, inout NormalisationPass) -> Tensor
  ) -> Tensor {
    guard isSparing, noted == nil, source.isConstant else {
      return body(inputs.map(\.gathered), parameters, &self)
    }
    let (start, layout) = (self, parameters.layout)
    return body(inputs.map(\.detached), parameters.detached, &self)
      .remade(from: inputs + parameters.values) { all in
        var pass = start
        let values = Array(all.dropFirst(inputs.count))
        return body(Array(all.prefix(inputs.count)), Parameters(layout: layout, values: values), &pass)
      }
  }

  private func checkCount() {
    guard case .given(let all) = source else { return }
    precondition(
      all.count == count, "\(all.count) statistics were given to a pass with \(count) normalisations")
  }
}
