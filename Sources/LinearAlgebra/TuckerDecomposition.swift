/// A dense array of any number of axes, row-major, in 64 bits.
public struct DenseArray: Equatable, Sendable {
  /// The extents, outermost first.
  public let extents: [Int]
  /// The numbers, row-major: the last axis runs fastest.
  public let elements: [Double]

  /// An array with these numbers.
  ///
  /// - Precondition: there are as many numbers as the extents hold.
  public init(_ elements: [Double], extents: [Int]) {
    precondition(elements.count == extents.reduce(1, *), "\(elements.count) numbers for \(extents)")
    self.extents = extents
    self.elements = elements
  }

  private func blocks(_ axis: Int) -> (outer: Int, extent: Int, inner: Int) {
    (extents[..<axis].reduce(1, *), extents[axis], extents[(axis + 1)...].reduce(1, *))
  }

  /// The matrix whose row i holds all numbers with index i on the axis.
  public func unfolded(_ axis: Int) -> Matrix {
    let (outer, extent, inner) = blocks(axis)
    var result = [Double](repeating: 0, count: elements.count)
    for o in 0..<outer {
      for i in 0..<extent {
        for j in 0..<inner {
          result[(i * outer + o) * inner + j] = elements[(o * extent + i) * inner + j]
        }
      }
    }
    return Matrix(result, rows: extent, columns: outer * inner)
  }

  /// The product along an axis: index i of the axis becomes Σ_i M[a, i]·x[…, i, …].
  ///
  /// - Parameters:
  ///   - axis: Which axis.
  ///   - matrix: `[new extent, old extent]`.
  /// - Returns: An array with the new extent on that axis.
  public func multiplied(_ axis: Int, by matrix: Matrix) -> DenseArray {
    let (outer, _, inner) = blocks(axis)
    let product = matrix * unfolded(axis)
    var extents = extents
    extents[axis] = matrix.rows
    var result = [Double](repeating: 0, count: product.elements.count)
    for i in 0..<matrix.rows {
      for o in 0..<outer {
        for j in 0..<inner {
          result[(o * matrix.rows + i) * inner + j] = product.elements[(i * outer + o) * inner + j]
        }
      }
    }
    return DenseArray(result, extents: extents)
  }

  /// The Euclidean norm over all numbers.
  public var norm: Double { elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}

/// The Tucker decomposition X ≈ G ×₀ U⁰ ×₁ U¹ …, every factor with orthonormal columns.
///
/// It starts from the leading singular vectors of each unfolding (HOSVD) and improves one factor after another with
/// the others held (HOOI), which never makes the error larger.
///
/// - Source: De Lathauwer, De Moor and Vandewalle 2000 (both parts).
public struct TuckerDecomposition: Sendable {
  /// G, with the ranks as extents.
  public let core: DenseArray
  /// One factor `[extent, rank]` per axis.
  public let factors: [Matrix]
  /// ‖X − its decomposition‖ / ‖X‖; 0 for an array of zeros.
  public let relativeError: Double

  /// Decomposes an array.
  ///
  /// - Parameters:
  ///   - array: What to decompose.
  ///   - ranks: One per axis; a rank above what the other axes can hold is lowered to that by the unfolding's shape.
  ///   - sweeps: How often all factors are improved; 0 is HOSVD alone.
  /// - Precondition: there is one rank from 1 to its extent for each axis.
  public init(_ array: DenseArray, ranks: [Int], sweeps: Int = 10) {
    precondition(
      ranks.count == array.extents.count && zip(ranks, array.extents).allSatisfy { 1 <= $0 && $0 <= $1 },
      "Tucker ranks \(ranks) for \(array.extents)")
    func basis(_ matrix: Matrix, _ rank: Int) -> Matrix {
      let left = SingularValueDecomposition(matrix).left
      return left.leading(columns: min(rank, left.columns))
    }
    var factors = ranks.indices.map { basis(array.unfolded($0), ranks[$0]) }
    func projected(except axis: Int? = nil) -> DenseArray {
      ranks.indices.reduce(array) { $1 == axis ? $0 : $0.multiplied($1, by: factors[$1].transposed) }
    }
    for _ in 0..<sweeps {
      for axis in ranks.indices {
        factors[axis] = basis(projected(except: axis).unfolded(axis), ranks[axis])
      }
    }
    core = projected()
    self.factors = factors
    // Orthonormal factors: ‖X‖² = ‖G‖² + ‖X − G ×…‖². The difference itself keeps the digits near zero.
    let size = array.norm
    let fit = ranks.indices.reduce(core) { $0.multiplied($1, by: factors[$1]) }
    let rest = zip(array.elements, fit.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    relativeError = size > 0 ? rest.squareRoot() / size : 0
  }
}
