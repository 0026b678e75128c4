internal import Kernels
internal import LinearAlgebra
internal import Networks
internal import Tensors

extension AtomCoefficientFamily {
  /// The atoms and coefficients of least squared error; with one set of coefficients for several layers, together.
  ///
  /// Written as a matrix of one row per pair of channels that coefficients mix and one column per tap, kernels are
  /// coefficients times atoms, so the best m atoms are the leading singular vectors. Where layers of unequal width
  /// share, a narrow one says nothing about some rows: those are filled with what the fit so far says and the fit is
  /// made again, which never makes the error larger.
  ///
  /// - Source: Eckart and Young 1936; the filling in is Srebro and Jaakkola 2003 with weights 0 and 1.
  func fitting(_ own: [AtomMixtureConvolution], to kernels: [Tensor], from start: Parameters) -> Parameters? {
    let mixtures = zip(own.map(\.form), kernels).map { (mixture: $0, kernel: $1) }
    let groups = Dictionary(grouping: mixtures) { $0.mixture.coefficients }
    return groups.values.reduce(start) { parameters, group in
      var parameters = parameters
      let rows = parameters[group[0].mixture.coefficients].count / group[0].mixture.count
      var table = PartialMatrix(rows: rows)
      for (mixture, kernel) in group {
        table.append(mixture.matrix(of: kernel), rows: mixture.rows(in: parameters))
      }
      let (left, right) = table.factors(
        rank: group[0].mixture.count, taps: group[0].mixture.site.kernel * group[0].mixture.site.kernel)
      let shape = parameters[group[0].mixture.coefficients].shape
      parameters = parameters.replacing(
        [group[0].mixture.coefficients], with: [Tensor(left.elements.map { Scalar($0) }, shape: shape)])
      var first = 0
      for (mixture, kernel) in group {
        let width = mixture.matrix(of: kernel).columns
        let own = (0..<right.rows).flatMap { row in
          (first..<(first + width)).map { Scalar(right[row, $0]) }
        }
        first += width
        // Atoms beyond those that the kernels need stay as they are, their coefficients being zero.
        let all = own + mixture.atomMatrix(parameters).scalars.dropFirst(own.count)
        parameters = mixture.replacingAtoms(Tensor(all, shape: [mixture.count, width]), in: parameters)
      }
      return parameters
    }
  }
}

/// A matrix whose blocks of columns each know only some rows.
private struct PartialMatrix {
  let rows: Int
  private var blocks: [(matrix: Matrix, rows: [Int])] = []

  init(rows: Int) { self.rows = rows }

  mutating func append(_ matrix: Matrix, rows: [Int]) { blocks.append((matrix, rows)) }

  private var columns: Int { blocks.reduce(0) { $0 + $1.matrix.columns } }

  /// The known numbers, and elsewhere those of another matrix.
  private func filled(with other: Matrix?) -> Matrix {
    var result = other ?? Matrix([Double](repeating: 0, count: rows * columns), rows: rows, columns: columns)
    var first = 0
    for (matrix, known) in blocks {
      for (i, row) in known.enumerated() {
        for j in 0..<matrix.columns { result[row, first + j] = matrix[i, j] }
      }
      first += matrix.columns
    }
    return result
  }

  /// Factors `[rows, rank]` and `[own, columns]` whose product, by the leading columns, is nearest to what is known.
  ///
  /// The `own` rows of the second, no more than the matrix has, are as long as unit atoms of so many taps are on
  /// average; the columns of the first beyond them are zero.
  func factors(rank: Int, taps: Int) -> (left: Matrix, right: Matrix) {
    let isWhole = blocks.allSatisfy { $0.rows.count == rows }
    var parts = SingularValueDecomposition(filled(with: nil))
    let own = min(rank, parts.values.count)
    for _ in 0..<(isWhole ? 0 : Self.fillings) {
      let (u, s, v) = parts.leading(own)
      parts = SingularValueDecomposition(filled(with: u.scaling(columns: s) * v))
    }
    let (u, s, v) = parts.leading(own)
    let length = (Double(columns) / Double(taps)).squareRoot()
    let left = u.scaling(columns: s.map { $0 / length })
    let spare = [Double](repeating: 0, count: rank - own)
    let wide = (0..<rows).flatMap { left.elements[($0 * own)..<(($0 + 1) * own)] + spare }
    return (
      Matrix(wide, rows: rows, columns: rank),
      Matrix(v.elements.map { $0 * length }, rows: own, columns: columns)
    )
  }

  /// Enough for shared coefficients of real kernels to settle.
  private static let fillings = 40
}
