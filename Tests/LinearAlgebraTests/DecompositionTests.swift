import LinearAlgebra
import Randomness
import Testing

@Suite("Decompositions")
struct DecompositionTests {
  private func random(_ count: Int, _ seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: "decomposition")
    return (0..<count).map { _ in stream.normal() }
  }

  private func identityError(_ matrix: Matrix) -> Double {
    var rest = matrix
    for i in 0..<rest.rows { rest[i, i] -= 1 }
    return rest.norm
  }

  @Test(
    "factors are orthonormal, values fall, and their product is the matrix",
    arguments: [(1, 1), (1, 7), (6, 1), (5, 9), (9, 5), (8, 8), (40, 130)])
  func singularValues(rows: Int, columns: Int) {
    let matrix = Matrix(random(rows * columns, 1), rows: rows, columns: columns)
    let parts = SingularValueDecomposition(matrix)
    #expect(parts.values.count == min(rows, columns))
    #expect(parts.values == parts.values.sorted(by: >) && parts.values.allSatisfy { $0 >= 0 })
    #expect(identityError(parts.left.transposed * parts.left) < 1e-12)
    #expect(identityError(parts.right * parts.right.transposed) < 1e-12)
    let back = parts.left.scaling(columns: parts.values) * parts.right
    #expect((back - matrix).norm < 1e-12 * matrix.norm)
  }

  // M = [[3, 0], [4, 5]]: MᵀM has trace 50 and determinant 225, so s² = 45 and 5.
  @Test("values of a matrix worked out by hand")
  func byHand() {
    let parts = SingularValueDecomposition(Matrix([3, 0, 4, 5], rows: 2, columns: 2))
    #expect(abs(parts.values[0] - 45.0.squareRoot()) < 1e-12)
    #expect(abs(parts.values[1] - 5.0.squareRoot()) < 1e-12)
    // The largest number of each left vector is positive.
    for j in 0..<2 {
      let column = (0..<2).map { parts.left[$0, j] }
      #expect(column.max { abs($0) < abs($1) }! > 0)
    }
  }

  @Test("cut to a rank, the error is that of the values left out")
  func truncation() {
    let matrix = Matrix(random(12 * 20, 2), rows: 12, columns: 20)
    let parts = SingularValueDecomposition(matrix)
    for rank in 1...12 {
      let (left, values, right) = parts.leading(rank)
      let error = (left.scaling(columns: values) * right - matrix).norm
      let rest = parts.values.dropFirst(rank).reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(error - rest) < 1e-11 * matrix.norm)
    }
  }

  @Test("the product along an axis is that of its definition")
  func modeProduct() {
    let array = DenseArray(random(2 * 3 * 4, 3), extents: [2, 3, 4])
    let matrix = Matrix(random(5 * 3, 4), rows: 5, columns: 3)
    let product = array.multiplied(1, by: matrix)
    #expect(product.extents == [2, 5, 4])
    for i in 0..<2 {
      for a in 0..<5 {
        for j in 0..<4 {
          let expected = (0..<3).reduce(0.0) { $0 + matrix[a, $1] * array.elements[(i * 3 + $1) * 4 + j] }
          #expect(abs(product.elements[(i * 5 + a) * 4 + j] - expected) < 1e-12)
        }
      }
    }
  }

  @Test("Tucker at full rank is exact, and an array of low rank is found exactly")
  func tuckerExact() {
    let array = DenseArray(random(3 * 4 * 5 * 2, 5), extents: [3, 4, 5, 2])
    #expect(TuckerDecomposition(array, ranks: [3, 4, 5, 2]).relativeError < 1e-12)
    let core = DenseArray(random(2 * 2 * 3 * 1, 6), extents: [2, 2, 3, 1])
    let low = [3, 4, 5, 2].enumerated().reduce(core) { array, item in
      let (axis, extent) = item
      let rank = core.extents[axis]
      return array.multiplied(
        axis, by: Matrix(random(extent * rank, UInt64(10 + axis)), rows: extent, columns: rank))
    }
    let found = TuckerDecomposition(low, ranks: core.extents)
    #expect(found.relativeError < 1e-12)
    #expect(found.core.extents == core.extents)
    for factor in found.factors { #expect(identityError(factor.transposed * factor) < 1e-12) }
  }

  @Test("sweeps never make Tucker worse, and here they make it better")
  func tuckerSweeps() {
    let array = DenseArray(random(6 * 6 * 9, 7), extents: [6, 6, 9])
    let errors = [0, 1, 5, 20].map { TuckerDecomposition(array, ranks: [3, 2, 3], sweeps: $0).relativeError }
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $1 <= $0 + 1e-12 })
    #expect(errors[3] < errors[0] - 1e-3)
  }
}
