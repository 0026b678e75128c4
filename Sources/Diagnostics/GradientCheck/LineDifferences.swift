internal import Foundation
internal import Kernels

/// The slope of a loss along a line, by differences that meet no kink.
///
/// The loss after inner steps jumps wherever a kink of ReLU or pooling is crossed, since the inner gradient jumps there.
/// Long steps meet jumps, short ones rounding. So many steps are taken, from ten times what rounding does to the loss up
/// to a hundred times in 32 bits and ten million times in 64, and only those count between whose ends no activation
/// changes its branch.
///
/// Each of these has an error that rounding alone makes, the smaller the longer the step; the slope is their mean, each
/// weighted by the inverse square of its error, and where they scatter more than that, so much larger is the uncertainty
/// (Birge's ratio).
///
/// A network of millions of activations has kinks in every step that rounding allows: then their jumps add up to a slope
/// of their own, the differences may agree with each other and still be wrong, and nothing can be told.
package struct LineDifferences {
  /// How many differences are taken.
  package static let steps = 32
  /// How many of them must meet no kink.
  package static let least = 8
  /// Powers of ten between the shortest step and the longest.
  private static let decades = MemoryLayout<Scalar>.size == 8 ? 6.0 : 1.0

  /// The slope: the weighted mean of the smooth differences; the mean of all without enough.
  package let mean: Double
  /// One standard error of it; without enough smooth ones, half the spread of all.
  package let uncertainty: Double
  /// How many meet no kink.
  package let smooth: Int

  /// A difference and the error that rounding makes in it.
  private struct Difference {
    let slope: Double
    let error: Double
  }

  /// Takes the differences.
  ///
  /// - Parameters:
  ///   - loss: The loss where the line starts.
  ///   - slope: The slope that is expected, for the length of the steps.
  ///   - at: The loss near a place on the line, and where it was really taken.
  package init(loss: Double, slope: Double, _ at: (Double) -> BranchedLoss) {
    let ulp = Double(Scalar.ulpOfOne)
    let tiny = (1...12).map { at(Double($0) * 2 * ulp).loss }.sorted()
    let rounding = max(tiny[9] - tiny[2], ulp * max(loss, 1e-3))
    var (all, free): ([Double], [Difference]) = ([], [])
    for i in 0..<Self.steps {
      let power = Self.decades * Double(i) / Double(Self.steps)
      let t = 10 * pow(10, power) * rounding / max(slope, 1e-3)
      // Each difference stays on its side of the start, where a kink may lie within rounding; the mean of both sides has
      // no error of second order.
      let (far, near, back, farBack) = (at(2 * t), at(t), at(-t), at(-2 * t))
      let way = (far.place - near.place) + (back.place - farBack.place)
      let difference = (far.loss - near.loss + back.loss - farBack.loss) / way
      all.append(difference)
      if far.branches == near.branches && back.branches == farBack.branches {
        // Four losses, each off at random; the third and the tenth of twelve lie about 1.6 standard deviations apart.
        free.append(Difference(slope: difference, error: 2 / 1.6 * rounding / way))
      }
    }
    free = Self.consistent(free)
    smooth = free.count
    guard free.count >= Self.least else {
      mean = all.reduce(0, +) / Double(all.count)
      uncertainty = ((all.max() ?? 0) - (all.min() ?? 0)) / 2
      return
    }
    let weight = free.reduce(0) { $0 + 1 / ($1.error * $1.error) }
    let mean = free.reduce(0) { $0 + $1.slope / ($1.error * $1.error) } / weight
    let scatter = free.reduce(0) { $0 + pow(($1.slope - mean) / $1.error, 2) } / Double(free.count - 1)
    self.mean = mean
    uncertainty = sqrt(max(1, scatter) / weight)
  }

  /// The differences without those that a kink must have spoilt.
  ///
  /// Branches inside a block of layers are not seen, so a few may have met a kink all the same: these are far from the
  /// median of the sharper half, which the short steps are too blunt to say.
  private static func consistent(_ free: [Difference]) -> [Difference] {
    let sharp = free.sorted { $0.error < $1.error }.prefix((free.count + 1) / 2).map(\.slope).sorted()
    guard let median = sharp.isEmpty ? nil : sharp[sharp.count / 2] else { return free }
    let spread = sharp.map { abs($0 - median) }.sorted()[sharp.count / 2]
    return free.filter { abs($0.slope - median) <= 5 * $0.error + 5 * spread }
  }
}
