public import Randomness

/// Coarser pixels: the picture is made smaller and larger again.
///
/// - Source: Hendrycks and Dietterich 2019, CIFAR-C, with the box filter of the Python imaging library.
public struct Pixelate: Corruption {
  /// The name in conditions and files: `pixelate`.
  public let name = "pixelate"
  private static let shares = [0.95, 0.90, 0.85, 0.75, 0.65]

  /// The corruption; it has no settings.
  public init() {}

  /// The picture reduced to sides of ⌊c·side⌋ pixels, c by severity, and enlarged again.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let share = Self.shares[severity - 1]
    let down = (
      x: Self.boxes(from: image.width, to: max(1, Int(Double(image.width) * share))),
      y: Self.boxes(from: image.height, to: max(1, Int(Double(image.height) * share)))
    )
    let up = (
      x: Self.boxes(from: down.x.count, to: image.width), y: Self.boxes(from: down.y.count, to: image.height)
    )
    return image.mappedPlanes { plane in
      let small = Self.averaged(plane, width: image.width, down.x, down.y)
      return Self.averaged(small, width: down.x.count, up.x, up.y)
    }
  }

  /// Which pixels each pixel of a line of another length is the mean of: those whose centres lie in its window,
  /// which is at least one pixel wide.
  static func boxes(from length: Int, to size: Int) -> [Range<Int>] {
    let scale = Double(length) / Double(size)
    let half = 0.5 * max(1, scale)
    return (0..<size).map { i in
      let centre = (Double(i) + 0.5) * scale
      // A pixel j counts if −half < j + ½ − centre ≤ half.
      let first = Int((centre - half - 0.5).rounded(.down)) + 1
      let last = Int((centre + half - 0.5).rounded(.down))
      let low = min(max(0, first), length - 1)
      return low..<max(low, min(length - 1, last)) + 1
    }
  }

  private static func averaged(
    _ plane: [Float], width: Int, _ columns: [Range<Int>], _ rows: [Range<Int>]
  ) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(columns.count * rows.count)
    for row in rows {
      for column in columns {
        var sum: Float = 0
        for y in row { for x in column { sum += plane[y * width + x] } }
        result.append(sum / Float(row.count * column.count))
      }
    }
    return result
  }
}
