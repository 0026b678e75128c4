import Corruptions
import Randomness

/// Pictures with known answers.
enum Pictures {
  /// One value everywhere.
  static func flat(_ value: Float, channels: Int = 1, height: Int = 32, width: Int = 32) -> PlanarImage {
    PlanarImage(
      channels: channels, height: height, width: width,
      pixels: Array(repeating: value, count: channels * height * width))
  }

  /// One bright pixel in the middle of black.
  static func point(side: Int = 32) -> PlanarImage {
    var image = flat(0, height: side, width: side)
    image.pixels[side / 2 * side + side / 2] = 1
    return image
  }

  /// Smooth waves of all values within 0.15...0.85, different in every channel.
  static func waves(channels: Int = 1, height: Int = 48, width: Int = 40) -> PlanarImage {
    var stream = RandomStream(seed: 1, purpose: "waves")
    let phases = (0..<channels * height * width).map { _ in Float(stream.uniform(-0.1, 0.1)) }
    let pixels = phases.indices.map { i -> Float in
      let (x, y, c) = (i % width, i / width % height, i / width / height)
      let wave = (x / 6 + y / 8 + c) % 2 == 0 ? 0.25 : 0.75
      return Float(wave) + phases[i]
    }
    return PlanarImage(channels: channels, height: height, width: width, pixels: pixels)
  }
}

extension PlanarImage {
  /// Mean and standard deviation of all numbers.
  var moments: (mean: Double, deviation: Double) {
    let n = Double(pixels.count)
    let mean = pixels.reduce(0.0) { $0 + Double($1) } / n
    let squares = pixels.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (mean, (squares / n).squareRoot())
  }

  /// Mean squared difference.
  func distance(to other: PlanarImage) -> Double {
    zip(pixels, other.pixels).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
      / Double(pixels.count)
  }

  /// Where the light is, on average.
  var centre: (x: Double, y: Double) {
    var (x, y, sum) = (0.0, 0.0, 0.0)
    for i in pixels.indices {
      x += Double(pixels[i]) * Double(i % width)
      y += Double(pixels[i]) * Double(i / width)
      sum += Double(pixels[i])
    }
    return (x / sum, y / sum)
  }
}

/// A stream of its own for every number.
func stream(_ index: UInt64 = 0) -> RandomStream {
  RandomStream(seed: 3, purpose: "corruptions", index: index)
}
