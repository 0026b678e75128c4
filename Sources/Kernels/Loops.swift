internal import CVectorKernels

/// Elementwise and rowwise loops over contiguous arrays.
package enum Loops {
  package static func add(_ x: Source, _ y: Source, into out: Target, count: Int) {
    share(count) { fs_add(x + $0, y + $0, out + $0, $1) }
  }

  package static func subtract(_ x: Source, _ y: Source, into out: Target, count: Int) {
    share(count) { fs_subtract(x + $0, y + $0, out + $0, $1) }
  }

  package static func multiply(_ x: Source, _ y: Source, into out: Target, count: Int) {
    share(count) { fs_multiply(x + $0, y + $0, out + $0, $1) }
  }

  /// `out = scale·x + offset`.
  package static func affine(_ scale: Scalar, _ offset: Scalar, _ x: Source, into out: Target, count: Int) {
    share(count) { fs_affine(scale, offset, x + $0, out + $0, $1) }
  }

  package static func exp(_ x: Source, into out: Target, count: Int) { fs_exp(x, out, count) }

  package static func log(_ x: Source, into out: Target, count: Int) { fs_log(x, out, count) }

  package static func power(_ x: Source, _ exponent: Scalar, into out: Target, count: Int) {
    fs_power(x, exponent, out, count)
  }

  /// `out[r] = Σ_i x[r, i]`.
  package static func rowSums(_ x: Source, into out: Target, rows: Int, columns: Int) {
    fs_row_sums(x, out, rows, columns)
  }

  /// `out[r] = max_i x[r, i]`.
  package static func rowMaxima(_ x: Source, into out: Target, rows: Int, columns: Int) {
    fs_row_maxima(x, out, rows, columns)
  }

  /// `out[r, i] = x[r]`.
  package static func expandRows(_ x: Source, into out: Target, rows: Int, columns: Int) {
    fs_expand_rows(x, out, rows, columns)
  }

  /// `out[r, q] = x[r, index[r, q]]`.
  package static func gather(
    _ x: Source, _ index: UnsafePointer<Int32>, into out: Target, rows: Int, columns: Int, picked: Int
  ) { fs_gather(x, index, out, rows, columns, picked) }

  /// `out[r, index[r, q]] += x[r, q]` onto zeros.
  package static func scatter(
    _ x: Source, _ index: UnsafePointer<Int32>, into out: Target, rows: Int, columns: Int, picked: Int
  ) {
    out.initialize(repeating: 0, count: rows * columns)
    fs_scatter_add(x, index, out, rows, columns, picked)
  }

  /// A copy in which axis `i` is axis `axes[i]` of `x`, for at most six axes.
  package static func permute(_ x: Source, into out: Target, extents: [Int], axes: [Int]) {
    precondition(extents.count <= 6, "permute: rank \(extents.count) is above 6")
    fs_permute(x, out, extents, axes.map(Int32.init), Int32(extents.count))
  }

  private static func share(_ count: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    Team.share(count, cost: Team.perNumber * Double(count)) { body($0.lowerBound, $0.count) }
  }
}
