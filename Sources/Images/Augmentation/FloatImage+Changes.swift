internal import Foundation
internal import Randomness

extension FloatImage {
  /// See ``Augmentation/Change/resizedCrop``.
  func resizedCrop(_ stream: inout RandomStream) -> FloatImage {
    let share = stream.uniform(0.2, 1)
    let ratio = exp(stream.uniform(log(0.75), log(4.0 / 3)))
    let full = Double(side)
    let (width, height) = (
      min(full, full * (share * ratio).squareRoot()), min(full, full * (share / ratio).squareRoot())
    )
    let (left, top) = (stream.uniform(0, full - width), stream.uniform(0, full - height))
    let (dx, dy) = (Float(width / full), Float(height / full))
    let last = Float(side - 1)
    return made { c, y, x in
      // Centres of pixels are at halves.
      let row = Float(top) + (Float(y) + 0.5) * dy - 0.5
      let column = Float(left) + (Float(x) + 0.5) * dx - 0.5
      return between(c, min(max(row, 0), last), min(max(column, 0), last))
    }
  }

  /// See ``Augmentation/Change/crop``.
  func shifted(_ stream: inout RandomStream) -> FloatImage {
    let edge = max(1, side / 8)
    let (down, right) = (stream.below(2 * edge + 1) - edge, stream.below(2 * edge + 1) - edge)
    return made { c, y, x in pixel(c, y + down, x + right) }
  }

  /// Left and right changed over.
  var mirrored: FloatImage { made { c, y, x in pixel(c, y, side - 1 - x) } }

  /// Turned about its centre, by degrees against the clock.
  func turned(by degrees: Double) -> FloatImage {
    let angle = degrees * .pi / 180
    let (sine, cosine) = (Float(sin(angle)), Float(cos(angle)))
    let centre = Float(side - 1) / 2
    return made { c, y, x in
      let (v, u) = (Float(y) - centre, Float(x) - centre)
      return between(c, centre + cosine * v - sine * u, centre + sine * v + cosine * u)
    }
  }

  /// See ``Augmentation/Change/jitter``.
  func jittered(_ stream: inout RandomStream) -> FloatImage {
    let factors = (0..<3).map { _ in Float(stream.uniform(0.6, 1.4)) }
    let order = stream.distinct(3, below: 3)
    let plane = side * side
    return order.reduce(self) { image, kind in
      switch kind {
      case 0: return image.blended(with: Array(repeating: 0, count: plane), factors[0])
      case 1:
        let mean = image.brightness.reduce(0, +) / Float(plane)
        return image.blended(with: Array(repeating: mean, count: plane), factors[1])
      default: return channels == 1 ? image : image.blended(with: image.brightness, factors[2])
      }
    }
  }

  /// Each number moved from another by a factor, and kept in 0...1: factor·v + (1 − factor)·other.
  ///
  /// - Parameters:
  ///   - others: The other number at each place of a plane.
  ///   - factor: 1 changes nothing.
  /// - Returns: An image of the same size.
  private func blended(with others: [Float], _ factor: Float) -> FloatImage {
    var image = self
    for i in pixels.indices {
      let away = (1 - factor) * others[i % others.count]
      image.pixels[i] = min(max(factor * pixels[i] + away, 0), 1)
    }
    return image
  }

  /// The image in grey, `[S, S]`, weighted as in ITU-R BT 601.
  private var brightness: [Float] {
    let plane = side * side
    guard channels == 3 else { return Array(pixels[..<plane]) }
    return (0..<plane).map {
      0.299 * pixels[$0] + 0.587 * pixels[plane + $0] + 0.114 * pixels[2 * plane + $0]
    }
  }

  /// See ``Augmentation/Change/cutout``.
  func cutOut(_ stream: inout RandomStream) -> FloatImage {
    let length = side / 2
    let (top, left) = (stream.below(side) - length / 2, stream.below(side) - length / 2)
    return made { c, y, x in
      (top..<top + length).contains(y) && (left..<left + length).contains(x) ? 0 : pixel(c, y, x)
    }
  }
}
