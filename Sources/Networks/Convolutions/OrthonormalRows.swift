internal import Randomness

/// Random orthonormal vectors: normal numbers, each vector freed of its parts along the earlier ones.
///
/// - Parameters:
///   - count: How many vectors, at most `length`.
///   - length: Their length.
///   - stream: Where the numbers come from.
/// - Returns: The vectors one after another, `count · length` numbers.
/// - Complexity: O(count² · length).
func orthonormalRows(_ count: Int, of length: Int, _ stream: inout RandomStream) -> [Double] {
  precondition(count <= length, "\(count) orthonormal vectors of length \(length)")
  var rows: [Double] = []
  rows.reserveCapacity(count * length)
  for _ in 0..<count {
    var row = (0..<length).map { _ in stream.normal() }
    // Twice: what rounding leaves of an earlier vector after the first pass, the second removes.
    for _ in 0..<2 {
      for start in stride(from: 0, to: rows.count, by: length) {
        var along = 0.0
        for i in 0..<length { along += row[i] * rows[start + i] }
        for i in 0..<length { row[i] -= along * rows[start + i] }
      }
    }
    let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    rows += row.map { $0 / norm }
  }
  return rows
}
