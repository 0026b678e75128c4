internal import Formats

/// How many numbers lie where.
package struct Histogram: Equatable, Sendable {
  /// The numbers' least and greatest, how many they are, and the sums of them and of their squares.
  package let minimum: Double
  package let maximum: Double
  package let count: Int
  package let sum: Double
  package let squares: Double
  /// The upper ends of the buckets, rising.
  package let limits: [Double]
  /// How many numbers are in each: above the limit before and not above its own.
  package let buckets: [Double]

  /// Most buckets.
  private static let most = 30

  /// The histogram of numbers, in buckets of equal width; nil if none is finite.
  package init?(of numbers: [Double]) {
    let finite = numbers.filter(\.isFinite)
    guard let minimum = finite.min(), let maximum = finite.max() else { return nil }
    (self.minimum, self.maximum, count) = (minimum, maximum, finite.count)
    (sum, squares) = (finite.reduce(0, +), finite.reduce(0) { $0 + $1 * $1 })
    let width = (maximum - minimum) / Double(Self.most)
    guard width > 0 else {
      (limits, buckets) = ([maximum], [Double(finite.count)])
      return
    }
    limits = (1..<Self.most).map { minimum + Double($0) * width } + [maximum]
    var buckets = [Double](repeating: 0, count: Self.most)
    for number in finite {
      buckets[limits.firstIndex { number <= $0 } ?? Self.most - 1] += 1
    }
    self.buckets = buckets
  }

  func write(to message: inout ProtobufWriter) {
    for (field, value) in [minimum, maximum, Double(count), sum, squares].enumerated() {
      message.double(field + 1, value)
    }
    message.doubles(6, limits)
    message.doubles(7, buckets)
  }
}
