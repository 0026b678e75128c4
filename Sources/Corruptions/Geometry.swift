internal import Foundation
public import Randomness

/// A picture drawn on rubber: a small random affine map, then a smooth random displacement of every pixel.
///
/// - Source: Simard et al. 2003; Hendrycks and Dietterich 2019, CIFAR-C, whose lengths are shares of the side.
public struct Elastic: Corruption {
  /// `elastic`.
  public let name = "elastic"
  /// Shares of the side: the displacement before smoothing, σ of the smoothing, and the affine map's jitter.
  private static let shapes: [(strength: Double, smoothing: Double, jitter: Double)] = [
    (0, 0, 0.08), (0.05, 0.2, 0.07), (0.08, 0.06, 0.06), (0.1, 0.04, 0.05), (0.1, 0.03, 0.03),
  ]

  /// The corruption; it has no settings.
  public init() {}

  /// The stretched picture.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let shape = Self.shapes[severity - 1]
    let side = min(image.width, image.height)
    let (x, y) = (Double(image.width / 2), Double(image.height / 2))
    let reach = Double(max(1, side / 3))
    let corners = [(x: x + reach, y: y + reach), (x: x + reach, y: y - reach), (x: x - reach, y: y - reach)]
    let jitter = shape.jitter * Double(side)
    let moved = corners.map {
      (x: $0.x + stream.uniform(-jitter, jitter), y: $0.y + stream.uniform(-jitter, jitter))
    }
    let tilted = image.warped(by: .inverse(from: corners, to: moved), border: .mirror)
    guard shape.strength > 0 else { return tilted }
    let deviation = shape.smoothing * Double(side)
    let weights = gaussianWeights(deviation: deviation, radius: Int(3 * deviation + 0.5))
    func field() -> [Float] {
      let noise = (0..<image.planeCount).map { _ in Float(stream.uniform(-1, 1)) }
      return separablyFiltered(
        noise, width: image.width, height: image.height, by: weights, border: .symmetric)
    }
    let (dx, dy) = (field(), field())
    let strength = shape.strength * Double(side)
    return tilted.sampled(border: .symmetric) { x, y in
      let index = Int(y) * image.width + Int(x)
      return (x + strength * Double(dx[index]), y + strength * Double(dy[index]))
    }
  }
}

/// A shift by 5, 10, 15, 20, 25 % of the shorter side in a random direction; the border is repeated.
///
/// - Source: ours.
public struct Translation: Corruption {
  /// `translation`.
  public let name = "translation"
  private static let shares = [0.05, 0.10, 0.15, 0.20, 0.25]

  /// The corruption; it has no settings.
  public init() {}

  /// The shifted picture.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let distance = Self.shares[severity - 1] * Double(min(image.width, image.height))
    let angle = stream.uniform(0, 2 * .pi)
    return image.warped(
      by: .centred(
        on: image, 1, 0, 0, 1, shiftX: (distance * cos(angle)).rounded(),
        shiftY: (distance * sin(angle)).rounded()), border: .nearest)
  }
}

/// A turn about the middle by 8, 16, 24, 32, 40 degrees to a random side; the border is repeated.
///
/// - Source: ours.
public struct Rotation: Corruption {
  /// `rotation`.
  public let name = "rotation"
  private static let degrees: [Double] = [8, 16, 24, 32, 40]

  /// The corruption; it has no settings.
  public init() {}

  /// The turned picture.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let angle = Self.degrees[severity - 1] * .pi / 180 * (stream.below(2) == 0 ? 1 : -1)
    return image.warped(
      by: .centred(on: image, cos(angle), -sin(angle), sin(angle), cos(angle)), border: .nearest)
  }
}

/// Larger or smaller about the middle, by a factor of 1.1, 1.2, 1.35, 1.5, 1.7; the border is repeated.
///
/// - Source: ours.
public struct Zoom: Corruption {
  /// `scale`.
  public let name = "scale"
  private static let factors = [1.1, 1.2, 1.35, 1.5, 1.7]

  /// The corruption; it has no settings.
  public init() {}

  /// The picture in another size.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let factor = Self.factors[severity - 1]
    let step = stream.below(2) == 0 ? factor : 1 / factor
    return image.warped(by: .centred(on: image, step, 0, 0, step), border: .nearest)
  }
}
