import Corruptions
import Randomness
import Testing

/// Moments over 40,000 numbers: a mean errs by 0.5 % of the deviation, a deviation by 0.35 % of itself, so five times
/// that is beyond chance.
@Suite("Noise")
struct NoiseTests {
  private func moments(_ corruption: any Corruption, _ severity: Int, on value: Float) -> (Double, Double) {
    var stream = stream(UInt64(severity))
    let image = Pictures.flat(value, height: 200, width: 200)
    // Unclipped, so that the moments are those of the noise.
    return corruption(image, severity: severity, &stream).moments
  }

  private func check(_ found: (Double, Double), mean: Double, deviation: Double, _ what: String) {
    #expect(abs(found.0 - mean) < 0.025 * deviation, "mean of \(what): \(found.0)")
    #expect(abs(found.1 / deviation - 1) < 0.0175, "deviation of \(what): \(found.1), not \(deviation)")
  }

  @Test("Gaussian noise has its deviation on any grey")
  func gaussian() {
    for (i, sigma) in [0.04, 0.06, 0.08, 0.09, 0.10].enumerated() {
      check(moments(GaussianNoise(), i + 1, on: 0.3), mean: 0.3, deviation: sigma, "Gaussian \(i + 1)")
    }
  }

  @Test("speckle noise has its deviation times the grey")
  func speckle() {
    for (i, sigma) in [0.06, 0.1, 0.12, 0.16, 0.2].enumerated() {
      check(moments(SpeckleNoise(), i + 1, on: 0.5), mean: 0.5, deviation: 0.5 * sigma, "speckle \(i + 1)")
    }
  }

  @Test("shot noise is a Poisson count over its photons: variance x/c, by few photons and many")
  func shot() {
    for (i, photons) in [500.0, 250, 100, 75, 50].enumerated() {
      for grey in [0.02, 0.1, 0.6, 1] {
        check(
          moments(ShotNoise(), i + 1, on: Float(grey)), mean: grey, deviation: (grey / photons).squareRoot(),
          "shot \(i + 1) on \(grey)")
      }
    }
    #expect(moments(ShotNoise(), 3, on: 0) == (0, 0))
  }

  @Test("Poisson counts have the Poisson's probabilities")
  func poisson() {
    // 50 photons, grey 0.24: λ = 12, in the range of the rejection method.
    var stream = stream(77)
    let image = ShotNoise()(Pictures.flat(0.24, height: 300, width: 300), severity: 5, &stream)
    var counts = [Int](repeating: 0, count: 60)
    for pixel in image.pixels { counts[Int((pixel * 50).rounded())] += 1 }
    // p(k) = p(k − 1)·λ/k from p(0) = e^−12.
    var p = 6.14421235332821e-6
    var statistic = 0.0
    for k in 0..<30 {
      let expected = p * Double(image.pixels.count)
      if expected > 20 {
        statistic += (Double(counts[k]) - expected) * (Double(counts[k]) - expected) / expected
      }
      p *= 12 / Double(k + 1)
    }
    // χ² with about 23 degrees of freedom: above 60 once in 30,000.
    #expect(statistic < 60, "χ² = \(statistic)")
  }

  @Test("impulse noise turns its share into equally many black and white pixels")
  func impulse() {
    for (i, share) in [0.01, 0.02, 0.03, 0.05, 0.07].enumerated() {
      var stream = stream(UInt64(i))
      let image = ImpulseNoise()(Pictures.flat(0.5, height: 200, width: 200), severity: i + 1, &stream)
      for extreme in [Float(0), 1] {
        let expected = share / 2 * 40_000
        let found = Double(image.pixels.count { $0 == extreme })
        #expect(abs(found - expected) < 5 * expected.squareRoot(), "\(found) of \(expected)")
      }
      #expect(image.pixels.allSatisfy { $0 == 0.5 || $0 == 0 || $0 == 1 })
    }
  }
}
