internal import Kernels
internal import LinearAlgebra
internal import Networks
internal import Tensors

extension TuckerFamily {
  /// The decomposition of each tensor's kernels, cut to the ranks there are.
  ///
  /// A tensor of all kernels of equal width is decomposed as a whole. Where it has places that no convolution fills
  /// (structural indices that do not occur, channels beyond those of a narrower layer) they are filled with what the fit
  /// so far says and the fit is made again.
  ///
  /// - Source: De Lathauwer et al. 2000; the filling in is ours, after Srebro and Jaakkola 2003.
  func fitting(_ own: [TuckerConvolution], to kernels: [Tensor], from start: Parameters) -> Parameters? {
    let pairs = zip(own, kernels).map { (convolution: $0, kernel: $1) }
    let cores = pairs.map(\.convolution.factors.core).reduce(into: [ParameterRef]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return cores.reduce(start) { parameters, core in
      TuckerFit(pairs.filter { $0.convolution.factors.core == core }, parameters).parameters
    }
  }
}

/// One Tucker tensor fitted to the kernels of its convolutions.
private struct TuckerFit {
  private typealias Member = (convolution: TuckerConvolution, kernel: Tensor)

  /// How often places without a kernel are filled and the fit is made again.
  private static let rounds = 30

  /// The point with the fitted tensor.
  let parameters: Parameters

  init(_ members: [(convolution: TuckerConvolution, kernel: Tensor)], _ start: Parameters) {
    let factors = members[0].convolution.factors
    let ranks = start[factors.core].shape.extents
    let axes = [factors.out, factors.in, factors.height, factors.width]
    let structural = members[0].convolution.rows.map { row in
      switch row {
      case .own: members.count
      case .shared(let ref, _): start[ref].shape[0]
      }
    }
    let extents = structural + axes.map { start[$0].shape[0] }
    var (elements, isKnown) = Self.placed(members, extents)
    var fit = TuckerDecomposition(DenseArray(elements, extents: extents), ranks: ranks)
    for _ in 0..<(isKnown.contains(false) ? Self.rounds : 0) {
      let guess = fit.factors.indices.reduce(fit.core) { $0.multiplied($1, by: fit.factors[$1]) }
      for i in elements.indices where !isKnown[i] { elements[i] = guess.elements[i] }
      fit = TuckerDecomposition(DenseArray(elements, extents: extents), ranks: ranks, sweeps: 2)
    }

    // Where the tensor has fewer directions than the ranks allow, the others are zero.
    let padded = zip(fit.factors, ranks).map { $0.padded(columns: $1) }
    let core = fit.factors.indices.reduce(fit.core) { array, axis in
      array.multiplied(axis, by: Matrix.identity(ranks[axis], fit.factors[axis].columns))
    }
    var refs = [factors.core] + axes
    var values = [Tensor(core.elements.map { Scalar($0) }, shape: Shape(ranks))]
    values += padded.suffix(4).map(\.tensor)
    for (mode, matrix) in padded.prefix(structural.count).enumerated() {
      for (i, member) in members.enumerated() {
        switch member.convolution.rows[mode] {
        case .own(let ref):
          refs.append(ref)
          values.append(matrix.tensor.slice(rows: i..<(i + 1)).reshaped([matrix.columns]))
        case .shared(let ref, _):
          guard !refs.contains(ref) else { continue }
          refs.append(ref)
          values.append(matrix.tensor)
        }
      }
    }
    parameters = start.replacing(refs, with: values)
  }

  /// The kernels at their places in the tensor, zeros elsewhere, and which places have one.
  private static func placed(_ members: [Member], _ extents: [Int]) -> ([Double], [Bool]) {
    let count = extents.reduce(1, *)
    var elements = [Double](repeating: 0, count: count)
    var isKnown = [Bool](repeating: false, count: count)
    let (outputs, inputs) = (extents[extents.count - 4], extents[extents.count - 3])
    let taps = extents[extents.count - 1] * extents[extents.count - 2]
    for (i, member) in members.enumerated() {
      let (convolution, kernel) = member
      let index = zip(convolution.rows, extents).reduce(0) { index, item in
        switch item.0 {
        case .own: index * item.1 + i
        case .shared(_, let row): index * item.1 + row
        }
      }
      let scalars = kernel.scalars
      let site = convolution.site
      for o in 0..<site.outputs {
        for c in 0..<site.inputs {
          let from = (o * site.inputs + c) * taps
          let to = ((index * outputs + o) * inputs + c) * taps
          for tap in 0..<taps {
            elements[to + tap] = Double(scalars[from + tap] / convolution.scale)
            isKnown[to + tap] = true
          }
        }
      }
    }
    return (elements, isKnown)
  }
}

extension Matrix {
  /// The matrix with columns of zeros behind its own.
  fileprivate func padded(columns count: Int) -> Matrix {
    Matrix(
      (0..<rows).flatMap { row in
        (0..<count).map { $0 < columns ? self[row, $0] : 0 }
      }, rows: rows, columns: count)
  }

  /// Ones on the diagonal of a matrix that need not be square.
  fileprivate static func identity(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix((0..<(rows * columns)).map { $0 / columns == $0 % columns ? 1 : 0 }, rows: rows, columns: columns)
  }

  fileprivate var tensor: Tensor { Tensor(elements.map { Scalar($0) }, shape: [rows, columns]) }
}
