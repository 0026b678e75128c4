internal import Foundation
public import Randomness

/// A Gaussian blur.
///
/// - Source: Hendrycks and Dietterich 2019, CIFAR-C: σ in pixels of a 32-pixel side, cut at 4σ, border repeated.
public struct GaussianBlur: Corruption {
  /// The name in conditions and files: `gaussian-blur`.
  public let name = "gaussian-blur"
  private static let deviations = [0.4, 0.6, 0.7, 0.8, 1]

  /// The corruption; it has no settings.
  public init() {}

  /// The picture with every plane smoothed.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let deviation = Self.deviations[severity - 1] * image.cifarPixel
    let weights = gaussianWeights(deviation: deviation, radius: Int(4 * deviation + 0.5))
    return image.mappedPlanes {
      separablyFiltered($0, width: image.width, height: image.height, by: weights, border: .nearest)
    }
  }
}

/// The blur of a lens out of focus: a disk with a softened edge.
///
/// - Source: Hendrycks and Dietterich 2019, CIFAR-C: radius and σ of the softening in pixels of a 32-pixel side. They
///   soften in a window of 3×3; here its half-width grows with the side (ours). On smaller pictures the disk is that of
///   32 pixels (ours): a radius just below a whole number of pixels would leave one pixel, which is no blur at all.
public struct DefocusBlur: Corruption {
  /// The name in conditions and files: `defocus-blur`.
  public let name = "defocus-blur"
  private static let shapes: [(radius: Double, softening: Double)] = [
    (0.3, 0.4), (0.4, 0.5), (0.5, 0.6), (1, 0.2), (1.5, 0.1),
  ]

  /// The corruption; it has no settings.
  public init() {}

  /// The picture with every plane filtered by the disk.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let shape = Self.shapes[severity - 1]
    let scale = max(1, image.cifarPixel)
    let taps = Self.disk(
      radius: shape.radius * scale, softening: shape.softening * scale, window: Int(scale.rounded()))
    return image.mappedPlanes {
      filtered($0, width: image.width, height: image.height, by: taps, border: .mirror)
    }
  }

  /// A disk of the pixels within a radius, smoothed by a Gaussian within ±window.
  static func disk(radius: Double, softening: Double, window: Int) -> [FilterTap] {
    // Wide enough that no smoothing window sees the disk across the border.
    let reach = Int(radius) + 2 * window
    let side = 2 * reach + 1
    let offsets = (0..<side * side).map { (x: $0 % side - reach, y: $0 / side - reach) }
    let inside = offsets.map { Double($0.x * $0.x + $0.y * $0.y) <= radius * radius }
    let share = 1 / Float(inside.count { $0 })
    let soft = separablyFiltered(
      inside.map { $0 ? share : 0 }, width: side, height: side,
      by: gaussianWeights(deviation: softening, radius: window), border: .mirror)
    return zip(offsets, soft).filter { $1 > 0 }.map { FilterTap(dx: $0.x, dy: $0.y, weight: $1) }
  }
}

/// The blur of a moving camera: a fading trail in a random direction within ±45 degrees of the rows.
///
/// - Source: Hendrycks and Dietterich 2019, CIFAR-C: radius and σ in pixels of a 32-pixel side; the trail as
///   ImageMagick's `MotionBlurImage` draws it, border repeated.
public struct MotionBlur: Corruption {
  /// The name in conditions and files: `motion-blur`.
  public let name = "motion-blur"
  private static let shapes: [(radius: Double, deviation: Double)] = [
    (6, 1), (6, 1.5), (6, 2), (8, 2), (9, 2.5),
  ]

  /// The corruption; it has no settings.
  public init() {}

  /// The picture with every plane filtered by the trail.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let shape = Self.shapes[severity - 1]
    let taps = Self.trail(
      radius: shape.radius * image.cifarPixel, deviation: shape.deviation * image.cifarPixel,
      degrees: stream.uniform(-45, 45))
    return image.mappedPlanes {
      filtered($0, width: image.width, height: image.height, by: taps, border: .nearest)
    }
  }

  /// Half a Gaussian from the pixel outwards, 2·⌈radius⌉ + 1 steps long.
  static func trail(radius: Double, deviation: Double, degrees: Double) -> [FilterTap] {
    let steps = 2 * Int(radius.rounded(.up)) + 1
    let weights = (0..<steps).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
    let sum = weights.reduce(0, +)
    let (across, down) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    return weights.enumerated().map { i, weight in
      FilterTap(
        dx: Int((Double(i) * across - 0.5).rounded(.up)), dy: Int((Double(i) * down - 0.5).rounded(.up)),
        weight: Float(weight / sum))
    }
  }
}
