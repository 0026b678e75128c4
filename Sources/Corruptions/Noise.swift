internal import Foundation
public import Randomness

/// Independent normal noise on every number.
///
/// - Source: Hendrycks and Dietterich 2019, CIFAR-C: σ on 0...1.
public struct GaussianNoise: Corruption {
  /// The name in conditions and files: `gaussian-noise`.
  public let name = "gaussian-noise"
  private static let deviations: [Float] = [0.04, 0.06, 0.08, 0.09, 0.10]

  /// The corruption; it has no settings.
  public init() {}

  /// The picture with noise on every number: x + σ·n with n standard normal and σ by severity.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let deviation = Self.deviations[severity - 1]
    return image.mappedWithNormals(&stream) { $0 + deviation * $1 }
  }
}

/// Normal noise in proportion to the number it falls on.
///
/// - Source: Hendrycks and Dietterich 2019, CIFAR-C.
public struct SpeckleNoise: Corruption {
  /// The name in conditions and files: `speckle-noise`.
  public let name = "speckle-noise"
  private static let deviations: [Float] = [0.06, 0.10, 0.12, 0.16, 0.20]

  /// The corruption; it has no settings.
  public init() {}

  /// The picture with noise in proportion: x + σ·n·x with n standard normal and σ by severity.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let deviation = Self.deviations[severity - 1]
    return image.mappedWithNormals(&stream) { $0 + deviation * $1 * $0 }
  }
}

/// The noise of counting few photons: Poisson with a given number of photons for full light.
///
/// - Source: Hendrycks and Dietterich 2019, CIFAR-C.
public struct ShotNoise: Corruption {
  /// The name in conditions and files: `shot-noise`.
  public let name = "shot-noise"
  private static let photons: [Double] = [500, 250, 100, 75, 50]

  /// The corruption; it has no settings.
  public init() {}

  /// The picture counted in photons: Poisson(x·c)/c with c photons for full light, by severity.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let photons = Self.photons[severity - 1]
    return image.mapped { Float(stream.poisson(mean: Double(max($0, 0)) * photons) / photons) }
  }
}

/// Salt and pepper: a share of the numbers becomes 0 or 1, each channel by itself.
///
/// - Source: Hendrycks and Dietterich 2019, CIFAR-C, by scikit-image's `random_noise`.
public struct ImpulseNoise: Corruption {
  /// The name in conditions and files: `impulse-noise`.
  public let name = "impulse-noise"
  private static let shares: [Double] = [0.01, 0.02, 0.03, 0.05, 0.07]

  /// The corruption; it has no settings.
  public init() {}

  /// The picture with a share of its numbers, by severity, replaced: half by 0, half by 1.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let share = Self.shares[severity - 1]
    return image.mapped { x in
      let chance = stream.uniform()
      let isSalt = stream.next() & (1 << 63) == 0
      return chance < share ? (isSalt ? 1 : 0) : x
    }
  }
}

extension PlanarImage {
  /// The picture with every number and a standard normal one passed through a function.
  ///
  /// Normal numbers come in pairs (Box and Muller 1958), which halves their cost.
  fileprivate func mappedWithNormals(
    _ stream: inout RandomStream, _ transform: (_ x: Float, _ normal: Float) -> Float
  ) -> PlanarImage {
    var result = pixels
    for i in stride(from: 0, to: result.count, by: 2) {
      let radius = (-2 * log(1 - stream.uniform())).squareRoot()
      let angle = 2 * Double.pi * stream.uniform()
      result[i] = transform(result[i], Float(radius * cos(angle)))
      if i + 1 < result.count { result[i + 1] = transform(result[i + 1], Float(radius * sin(angle))) }
    }
    return with(result)
  }
}

extension RandomStream {
  /// A Poisson number, as a floating-point whole number.
  ///
  /// - Parameter mean: λ, 0 or more.
  /// - Returns: 0, 1, 2, …
  /// - Source: Hörmann 1993, the transformed rejection PTRS for λ ≥ 10; products of uniform numbers below.
  mutating func poisson(mean: Double) -> Double {
    guard mean >= 10 else {
      let threshold = exp(-mean)
      var (count, product) = (0.0, uniform())
      while product > threshold {
        count += 1
        product *= uniform()
      }
      return count
    }
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let ratio = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = uniform() - 0.5
      let v = uniform()
      let s = 0.5 - abs(u)
      let k = ((2 * a / s + b) * u + mean + 0.43).rounded(.down)
      if s >= 0.07 && v <= ratio { return k }
      if k < 0 || (s < 0.013 && v > s) { continue }
      if log(v * inverseAlpha / (a / (s * s) + b)) <= k * log(mean) - mean - Self.logFactorial(k) { return k }
    }
  }

  /// ln k!: a product for few factors, Stirling's series with an error below 1e-9 for many.
  static func logFactorial(_ k: Double) -> Double {
    guard k >= 16 else { return log(stride(from: 2, through: k, by: 1).reduce(1, *)) }
    return (k + 0.5) * log(k) - k + 0.5 * log(2 * .pi) + 1 / (12 * k) - 1 / (360 * k * k * k)
  }
}
