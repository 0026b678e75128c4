internal import Foundation
internal import Kernels

/// The slope of a loss along a line, by differences that meet no kink.
///
/// The loss after inner steps jumps wherever a kink of ReLU or pooling is crossed, since the inner gradient jumps there.
/// Long steps meet jumps, short ones rounding. So many steps are taken, each just long enough to change the loss by some
/// ten to a hundred times what rounding does, and only those count between whose ends no activation changes its branch.
///
/// A network of millions of activations has kinks in every step that rounding allows: then their jumps add up to a slope
/// of their own, the differences may agree with each other and still be wrong, and nothing can be told.
package struct LineDifferences {
  /// How many differences are taken.
  package static let steps = 32
  /// How many of them must meet no kink.
  package static let least = 8

  /// The slope: the mean of the half of the smooth differences that lies closest together; of all without enough.
  package let mean: Double
  /// A quarter of that half's spread; without enough smooth ones, half the spread of all.
  package let uncertainty: Double
  /// How many meet no kink.
  package let smooth: Int

  /// Takes the differences.
  ///
  /// - Parameters:
  ///   - loss: The loss where the line starts.
  ///   - slope: The slope that is expected, for the length of the steps.
  ///   - at: The loss at a place on the line.
  package init(loss: Double, slope: Double, _ at: (Double) -> BranchedLoss) {
    let ulp = Double(Scalar.ulpOfOne)
    let tiny = (1...12).map { at(Double($0) * 2 * ulp).loss }.sorted()
    let rounding = max(tiny[9] - tiny[2], ulp * loss)
    var (all, free): ([Double], [Double]) = ([], [])
    for i in 0..<Self.steps {
      let power = Double(i) / Double(Self.steps)
      let t = 10 * pow(10, power) * rounding / max(slope, 1e-3)
      // Each difference stays on its side of the start, where a kink may lie within rounding; the mean of both sides has
      // no error of second order.
      let (far, near, back, farBack) = (at(2 * t), at(t), at(-t), at(-2 * t))
      let difference = (far.loss - near.loss + back.loss - farBack.loss) / (2 * t)
      all.append(difference)
      if far.branches == near.branches && back.branches == farBack.branches { free.append(difference) }
    }
    smooth = free.count
    guard free.count >= Self.least else {
      mean = all.reduce(0, +) / Double(all.count)
      uncertainty = ((all.max() ?? 0) - (all.min() ?? 0)) / 2
      return
    }
    // Branches inside a block of layers are not seen, so a few may have met a kink all the same.
    let sorted = free.sorted()
    let half = max(Self.least / 2, sorted.count / 2)
    func spread(_ i: Int) -> Double { sorted[i + half - 1] - sorted[i] }
    let start = (0...(sorted.count - half)).min { spread($0) < spread($1) } ?? 0
    mean = sorted[start..<(start + half)].reduce(0, +) / Double(half)
    uncertainty = spread(start) / 4
  }
}
