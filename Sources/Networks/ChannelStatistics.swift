internal import Kernels
internal import Synchronization
public import Tensors

/// What a batch normalisation divides by: mean and biased variance of every channel.
public struct ChannelStatistics: Sendable {
  /// `[C]`.
  public let mean: Tensor
  /// `[C]`.
  public let variance: Tensor

  /// Given statistics.
  public init(mean: Tensor, variance: Tensor) {
    self.mean = mean
    self.variance = variance
  }

  /// The statistics of activations `[N, H, W, C]`, differentiable.
  public init(of y: Tensor) {
    let geometry = ConvGeometry(
      batch: y.shape[0], height: y.shape[1], width: y.shape[2], kernel: 1, padding: 0)
    (mean, variance) = y.channelStatistics(geometry)
  }

  /// The means of the statistics of several passes, normalisation by normalisation.
  ///
  /// - Parameter passes: One list per pass, all of one network.
  /// - Returns: One list.
  /// - Precondition: there is a pass, and all have as many normalisations.
  public static func average(_ passes: [[ChannelStatistics]]) -> [ChannelStatistics] {
    let count = passes.first?.count ?? 0
    precondition(
      !passes.isEmpty && passes.allSatisfy { $0.count == count }, "average over \(passes.count) passes")
    let share = 1 / Scalar(passes.count)
    return (0..<count).map { site in
      ChannelStatistics(
        mean: share * passes.dropFirst().reduce(passes[0][site].mean) { $0 + $1[site].mean },
        variance: share * passes.dropFirst().reduce(passes[0][site].variance) { $0 + $1[site].variance })
    }
  }
}

/// Collects the statistics of every normalisation of a pass, in the order of the pass.
public final class StatisticsRecorder: Sendable {
  private let found = Mutex<[ChannelStatistics]>([])

  /// A recorder that has seen nothing.
  public init() {}

  /// What the last pass had.
  public var statistics: [ChannelStatistics] { found.withLock { $0 } }

  func restart() { found.withLock { $0 = [] } }
  func add(_ statistics: ChannelStatistics) { found.withLock { $0.append(statistics) } }
}

/// Hands out given statistics in the order of a pass.
///
/// The order is the key: a convolution that several layers use normalises within itself once per use.
final class StatisticsReader: Sendable {
  let statistics: [ChannelStatistics]
  private let next = Mutex(0)

  init(_ statistics: [ChannelStatistics]) { self.statistics = statistics }

  func read() -> ChannelStatistics {
    next.withLock { next in
      precondition(next < statistics.count, "\(statistics.count) normalisations given, and the pass has more")
      defer { next += 1 }
      return statistics[next]
    }
  }
}

/// Where a pass takes the statistics of its normalisations from.
enum StatisticsSource: Sendable {
  /// Each from its own input, as in training.
  case batch
  /// The same, and they are noted.
  case recorded(StatisticsRecorder)
  /// Given ones.
  case given(StatisticsReader)
}

extension Parameters {
  /// The same point; a network's pass at it notes the statistics of its normalisations.
  ///
  /// - Parameter recorder: Where to; it holds those of the last pass.
  /// - Returns: The point that records.
  public func recording(into recorder: StatisticsRecorder) -> Parameters {
    Parameters(layout: layout, values: values, statistics: .recorded(recorder))
  }

  /// The same point; a network's pass at it normalises by given statistics and not by those of its batch.
  ///
  /// - Parameter statistics: One for every normalisation, in the order of a pass, as a recorder has them.
  /// - Returns: The point that normalises so.
  public func normalising(by statistics: [ChannelStatistics]) -> Parameters {
    Parameters(layout: layout, values: values, statistics: .given(StatisticsReader(statistics)))
  }

  /// The same point where a pass begins.
  var atStartOfPass: Parameters {
    switch statistics {
    case .batch: return self
    case .recorded(let recorder):
      recorder.restart()
      return self
    case .given(let reader): return normalising(by: reader.statistics)
    }
  }

  /// Normalisation, activation and pooling of activations `[N, H, W, C]`, by the statistics that this point asks for.
  ///
  /// Every normalisation of a network goes through here.
  ///
  /// - Parameters:
  ///   - y: The activations.
  ///   - scale: Place of the scale, `[C]`.
  ///   - shift: Place of the shift, `[C]`.
  ///   - options: Window, ε and slope.
  /// - Returns: As ``normalise(_:scale:shift:_:)``, which it is unless something else was asked for.
  public func normalised(
    _ y: Tensor, scale: ParameterRef, shift: ParameterRef, _ options: NormaliseOptions
  ) -> Tensor {
    switch statistics {
    case .batch: return normalise(y, scale: self[scale], shift: self[shift], options)
    case .recorded(let recorder):
      recorder.add(ChannelStatistics(of: y))
      return normalise(y, scale: self[scale], shift: self[shift], options)
    case .given(let reader):
      let known = reader.read()
      return normalise(
        y, mean: known.mean, variance: known.variance, scale: self[scale], shift: self[shift], options)
    }
  }
}
