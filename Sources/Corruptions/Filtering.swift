internal import Foundation

/// How a picture goes on outside of its border.
enum Border {
  /// a a a | a b c d | d d d
  case nearest
  /// c b a | a b c d | d c b
  case symmetric
  /// d c b | a b c d | c b a
  case mirror

  /// The pixel inside that stands for position `i` of a line of `count`.
  func inside(_ i: Int, _ count: Int) -> Int {
    if i >= 0 && i < count { return i }
    switch self {
    case .nearest: return i < 0 ? 0 : count - 1
    case .symmetric:
      let period = 2 * count
      let p = ((i % period) + period) % period
      return p < count ? p : period - 1 - p
    case .mirror:
      guard count > 1 else { return 0 }
      let period = 2 * count - 2
      let p = ((i % period) + period) % period
      return p < count ? p : period - p
    }
  }
}

/// One tap of a filter: which pixel, relative to the one that is made, is added with which weight.
struct FilterTap {
  var dx: Int
  var dy: Int
  var weight: Float
}

/// Weights of a normal density at whole distances −r...r, which add up to 1.
///
/// - Parameters:
///   - deviation: σ in pixels.
///   - radius: r.
/// - Returns: 2·r + 1 weights.
func gaussianWeights(deviation: Double, radius: Int) -> [Float] {
  let weights = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
  let sum = weights.reduce(0, +)
  return weights.map { Float($0 / sum) }
}

/// A plane with a margin on every side, so that filters need not ask where the border is.
struct PaddedPlane {
  let margin: Int
  let stride: Int
  let values: [Float]

  init(_ plane: [Float], width: Int, height: Int, margin: Int, border: Border) {
    self.margin = margin
    stride = width + 2 * margin
    let columns = (-margin..<width + margin).map { border.inside($0, width) }
    var values: [Float] = []
    values.reserveCapacity(stride * (height + 2 * margin))
    for y in -margin..<height + margin {
      let row = border.inside(y, height) * width
      for x in columns { values.append(plane[row + x]) }
    }
    self.values = values
  }
}

/// out[y, x] = Σ weight·plane[y + dy, x + dx] over the taps.
///
/// - Parameters:
///   - plane: `[H, W]`.
///   - width: W.
///   - height: H.
///   - taps: The filter.
///   - border: What is outside.
/// - Returns: `[H, W]`.
/// - Complexity: O(H·W·taps), whole rows at a time.
func filtered(
  _ plane: [Float], width: Int, height: Int, by taps: [FilterTap], border: Border
) -> [Float] {
  let margin = taps.reduce(0) { max($0, abs($1.dx), abs($1.dy)) }
  let padded = PaddedPlane(plane, width: width, height: height, margin: margin, border: border)
  var result = [Float](repeating: 0, count: width * height)
  // Bounds checks would keep these loops from being vectorised; the margin holds every tap.
  padded.values.withUnsafeBufferPointer { source in
    result.withUnsafeMutableBufferPointer { out in
      for y in 0..<height {
        let to = out.extracting(y * width..<(y + 1) * width)
        for tap in taps {
          let start = (y + margin + tap.dy) * padded.stride + margin + tap.dx
          let from = source.extracting(start..<start + width)
          let weight = tap.weight
          for x in 0..<width { to[x] += weight * from[x] }
        }
      }
    }
  }
  return result
}

/// The plane filtered along rows and then along columns by one line of weights.
///
/// - Parameters:
///   - plane: `[H, W]`.
///   - width: W.
///   - height: H.
///   - weights: An odd number of weights, the centre in their middle.
///   - border: What is outside.
/// - Returns: `[H, W]`.
func separablyFiltered(
  _ plane: [Float], width: Int, height: Int, by weights: [Float], border: Border
) -> [Float] {
  let radius = weights.count / 2
  func taps(_ offset: (Int) -> (Int, Int)) -> [FilterTap] {
    weights.enumerated().map { i, weight in
      let (dx, dy) = offset(i - radius)
      return FilterTap(dx: dx, dy: dy, weight: weight)
    }
  }
  let along = filtered(plane, width: width, height: height, by: taps { ($0, 0) }, border: border)
  return filtered(along, width: width, height: height, by: taps { (0, $0) }, border: border)
}
