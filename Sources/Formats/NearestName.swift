/// Finds the name that a misspelled one was probably meant to be.
package enum NearestName {
  /// The name with the fewest edits from the one given, if it is close enough to be a slip; the first of equals.
  package static func of(_ given: String, among names: [String]) -> String? {
    // The work grows with the length, and no slip is this long.
    guard given.count <= 100 else { return nil }
    let ranked = names.map { (name: $0, edits: edits(from: given, to: $0)) }
    guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
    return best.edits <= max(2, given.count / 3) ? best.name : nil
  }

  /// Insertions, removals, replacements and swaps of neighbours that make one word the other.
  ///
  /// d[i, j] = min(d[i−1, j] + 1, d[i, j−1] + 1, d[i−1, j−1] + (a[i] ≠ b[j]), d[i−2, j−2] + 1 for a swap)
  package static func edits(from a: String, to b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(rows[i][j + 1], row[j]) + 1
        best = min(best, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
