internal import MetaLearning
internal import Tensors

/// How far changed input values are from clean ones: a sum of squares, so that the changes of several images add up.
///
/// Values are those that a network sees, 0...1.
package struct SquaredChange: Hashable, Sendable {
  private var sum = 0.0
  private var count = 0

  /// The change of no image.
  package init() {}

  /// The change from one list of prepared bytes to another, 255 for 1.
  ///
  /// - Precondition: both are equally long.
  package init(from clean: some Collection<UInt8>, to changed: some Collection<UInt8>) {
    precondition(clean.count == changed.count, "change of \(clean.count) bytes into \(changed.count)")
    let squares = zip(clean, changed).reduce(0) { sum, pair in
      let difference = Int(pair.1) - Int(pair.0)
      return sum + difference * difference
    }
    (sum, count) = (Double(squares) / (255 * 255), clean.count)
  }

  /// The change from the images of one batch to those of another.
  init(from clean: Batch, to changed: Batch) {
    let (a, b) = (clean.images.scalars, changed.images.scalars)
    precondition(a.count == b.count, "change of \(clean.images.shape) into \(changed.images.shape)")
    for (x, y) in zip(a, b) { sum += (Double(y) - Double(x)) * (Double(y) - Double(x)) }
    count = a.count
  }

  /// Adds the change of other images.
  package static func += (change: inout SquaredChange, other: SquaredChange) {
    change.sum += other.sum
    change.count += other.count
  }

  /// The mean square over all values; 0 for none.
  package var mean: Double { count > 0 ? sum / Double(count) : 0 }

  /// The root mean square over all values.
  package var rms: Double { mean.squareRoot() }
}
