import Corruptions
import Foundation
import Testing

/// What becomes of one bright pixel is the filter, turned about.
@Suite("Blurs")
struct BlurTests {
  /// e^(−i²/2σ²).
  private func density(_ i: Int, _ sigma: Double) -> Double { exp(-Double(i * i) / (2 * sigma * sigma)) }

  private func response(_ corruption: any Corruption, _ severity: Int, side: Int = 32) -> [[Double]] {
    var stream = stream(5)
    let image = corruption(Pictures.point(side: side), severity: severity, &stream)
    return (0..<side).map { y in (0..<side).map { x in Double(image.pixels[y * side + x]) } }
  }

  @Test(
    "a Gaussian blur is the normalised density within 4σ, and grows with the picture", arguments: [32, 96])
  func gaussian(side: Int) {
    for (i, sigma) in [0.4, 0.6, 0.7, 0.8, 1].enumerated() {
      let sigma = sigma * Double(side) / 32
      let radius = Int(4 * sigma + 0.5)
      let line = (-radius...radius).map { density($0, sigma) }
      let sum = line.reduce(0, +)
      let found = response(GaussianBlur(), i + 1, side: side)
      for dy in -radius...radius {
        for dx in -radius...radius {
          let expected = line[dx + radius] * line[dy + radius] / (sum * sum)
          #expect(abs(found[side / 2 + dy][side / 2 + dx] - expected) < 1e-6)
        }
      }
    }
  }

  @Test(
    "a defocus blur up to 32 pixels is a softened disk of 1, 1, 1, 5 and 9 pixels", arguments: [16, 28, 32])
  func defocus(side: Int) {
    let middle = side / 2
    // One pixel softened by three weights 1, e^(−1/2σ²) on both sides.
    for (i, sigma) in [0.4, 0.5, 0.6].enumerated() {
      let beside = density(1, sigma)
      let sum = 1 + 2 * beside
      let weights = [beside / sum, 1 / sum, beside / sum]
      let found = response(DefocusBlur(), i + 1, side: side)
      for dy in -1...1 {
        for dx in -1...1 {
          let expected = weights[dx + 1] * weights[dy + 1]
          #expect(abs(found[middle + dy][middle + dx] - expected) < 1e-6)
        }
      }
    }
    // σ of 0.2 and 0.1 leave e^−12.5 and e^−50 to the neighbours.
    let cross = response(DefocusBlur(), 4, side: side)
    let square = response(DefocusBlur(), 5, side: side)
    for dy in -2...2 {
      for dx in -2...2 {
        let inCross: Double = dx * dx + dy * dy <= 1 ? 0.2 : 0
        let inSquare: Double = abs(dx) < 2 && abs(dy) < 2 ? 1.0 / 9 : 0
        #expect(abs(cross[middle + dy][middle + dx] - inCross) < 1e-5)
        #expect(abs(square[middle + dy][middle + dx] - inSquare) < 1e-6)
      }
    }
  }

  @Test("a motion blur is half a Gaussian along one direction within ±45 degrees of the rows")
  func motion() {
    let shapes: [(Int, Double)] = [(6, 1), (6, 1.5), (6, 2), (8, 2), (9, 2.5)]
    for (i, (radius, sigma)) in shapes.enumerated() {
      let weights = (0...2 * radius).map { density($0, sigma) }
      let sum = weights.reduce(0, +)
      // The mean distance from the pixel, which rounding to whole pixels moves by less than half a pixel.
      let reach = weights.indices.reduce(0.0) { $0 + Double($1) * weights[$1] } / sum
      let found = response(MotionBlur(), i + 1)
      var (mass, x, y) = (0.0, 0.0, 0.0)
      for row in 0..<32 {
        for column in 0..<32 {
          mass += found[row][column]
          x += found[row][column] * Double(16 - column)
          y += found[row][column] * Double(16 - row)
        }
      }
      #expect(abs(mass - 1) < 1e-5)
      #expect(abs(hypot(x, y) - reach) < 0.5, "\(hypot(x, y)) for \(reach)")
      #expect(x > 0 && abs(y) <= x + 0.5)
      #expect(found[16][16] > weights[0] / sum - 1e-6)
    }
  }

  @Test("blurs keep the light of a large picture")
  func light() {
    for corruption in [GaussianBlur(), DefocusBlur(), MotionBlur()] as [any Corruption] {
      let sum = response(corruption, 3, side: 105).joined().reduce(0, +)
      #expect(abs(sum - 1) < 1e-5, "\(corruption.name): \(sum)")
    }
  }
}
