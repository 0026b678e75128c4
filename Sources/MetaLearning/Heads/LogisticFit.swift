internal import Foundation

/// The minimum of C·Σᵢ crossEntropy(zᵢ·Wᵀ + b, yᵢ) + ½‖W‖² over W and b, in 64 bits.
///
/// The sum is convex, and strictly so in W. L-BFGS finds its minimum: with features of length one in a few dozen steps.
///
/// - Source: Liu and Nocedal 1989 for the two-loop recursion; the line search halves steps until Armijo's condition
///   holds.
struct LogisticFit {
  /// W, `[ways, D]`.
  let weights: [Double]
  /// b, `[ways]`.
  let bias: [Double]
  /// ‖W‖².
  let squaredWeights: Double
  /// The largest number of the gradient where the search ended.
  let remainder: Double

  /// Steps kept for the curvature.
  private static let memory = 12
  /// Where the search ends: the largest number of the gradient, or as many steps.
  private static let (tolerance, steps) = (1e-10, 2000)

  /// Fits.
  ///
  /// - Parameters:
  ///   - rows: Features, row after row, `[S, D]`.
  ///   - labels: S class indices in `0..<ways`.
  ///   - ways: How many classes there are.
  ///   - weight: C.
  /// - Precondition: there are labels.
  init(rows: [Double], labels: [Int], ways: Int, weight: Double) {
    let loss = Loss(
      rows: rows, labels: labels, ways: ways, features: rows.count / labels.count, weight: weight)
    var x = [Double](repeating: 0, count: ways * (loss.features + 1))
    var (value, gradient) = loss.at(x)
    var past: [(move: [Double], change: [Double], curvature: Double)] = []
    for _ in 0..<Self.steps {
      if largest(gradient) <= Self.tolerance || !value.isFinite { break }
      let direction = Self.direction(gradient, past)
      let slope = dot(direction, gradient)
      var share = past.isEmpty ? min(1, 1 / dot(gradient, gradient).squareRoot()) : 1.0
      var next = moved(x, direction, share)
      var found = loss.at(next)
      // Near the minimum a value changes by less than its rounding: there a smaller gradient says that it is nearer.
      while found.value > value + 1e-4 * share * slope, largest(found.gradient) >= largest(gradient),
        share > 1e-12
      {
        share /= 2
        next = moved(x, direction, share)
        found = loss.at(next)
      }
      if share <= 1e-12 { break }
      let move = zip(next, x).map { $0 - $1 }
      let change = zip(found.gradient, gradient).map { $0 - $1 }
      let curvature = dot(move, change)
      if curvature > 0 { past.append((move, change, curvature)) }
      if past.count > Self.memory { past.removeFirst() }
      (x, value, gradient) = (next, found.value, found.gradient)
    }
    weights = Array(x.prefix(ways * loss.features))
    // A number that all classes share changes nothing, so rounding moves it freely; here it is zero.
    let shared = x.suffix(ways).reduce(0, +) / Double(ways)
    bias = x.suffix(ways).map { $0 - shared }
    squaredWeights = dot(weights, weights)
    remainder = largest(gradient)
  }

  /// Minus the gradient times an estimate of the inverse Hessian.
  private static func direction(
    _ gradient: [Double], _ past: [(move: [Double], change: [Double], curvature: Double)]
  ) -> [Double] {
    var q = gradient
    var shares: [Double] = []
    for step in past.reversed() {
      let share = dot(step.move, q) / step.curvature
      shares.append(share)
      q = moved(q, step.change, -share)
    }
    if let last = past.last {
      let scale = last.curvature / dot(last.change, last.change)
      q = q.map { $0 * scale }
    }
    for (step, share) in zip(past, shares.reversed()) {
      q = moved(q, step.move, share - dot(step.change, q) / step.curvature)
    }
    return q.map { -$0 }
  }
}

/// The function that is minimised; its argument holds W, row after row, and then b.
private struct Loss {
  let rows: [Double]
  let labels: [Int]
  let ways: Int
  let features: Int
  let weight: Double

  func at(_ x: [Double]) -> (value: Double, gradient: [Double]) {
    let bias = ways * features
    var gradient = [Double](repeating: 0, count: x.count)
    var value = 0.0
    for k in 0..<bias {
      value += x[k] * x[k] / 2
      gradient[k] = x[k]
    }
    var scores = [Double](repeating: 0, count: ways)
    for (i, label) in labels.enumerated() {
      for k in 0..<ways {
        var score = x[bias + k]
        for d in 0..<features { score += rows[i * features + d] * x[k * features + d] }
        scores[k] = score
      }
      let top = scores.max() ?? 0
      let sum = scores.reduce(0) { $0 + exp($1 - top) }
      value += weight * (log(sum) + top - scores[label])
      for k in 0..<ways {
        let share = weight * (exp(scores[k] - top) / sum - (k == label ? 1 : 0))
        gradient[bias + k] += share
        for d in 0..<features { gradient[k * features + d] += share * rows[i * features + d] }
      }
    }
    return (value, gradient)
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
private func largest(_ a: [Double]) -> Double { a.reduce(0) { max($0, abs($1)) } }
private func moved(_ x: [Double], _ direction: [Double], _ share: Double) -> [Double] {
  zip(x, direction).map { $0 + share * $1 }
}
