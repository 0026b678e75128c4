internal import Kernels
internal import Networks
internal import Tensors

/// What training adds to the outer loss so that factors stay a singular value decomposition and lose rank.
struct SingularValuePenalties: Sendable {
  /// Weight of mean over layers of (‖UᵀU − I‖² + ‖VᵀV − I‖²)/r.
  let orthogonality: Double
  /// Weight of mean over layers of Σ_j max(0, |s_{j+1}| − |s_j|).
  let ordering: Double
  /// Weight of mean over layers of ‖s‖₁/‖s‖₂ or ‖s‖₁.
  let sparsity: Double
  let measure: SingularValueFamily.Measure

  /// The weighted sum; nil where nothing is weighted or there is no layer.
  func total(_ convolutions: [SingularValueConvolution], _ parameters: Parameters) -> Tensor? {
    let terms: [(Double, (SingularValueConvolution) -> Tensor)] = [
      (orthogonality, { orthogonalityError($0, parameters) }),
      (ordering, { orderError(parameters[$0.singular]) }),
      (sparsity, { sparsityMeasure(parameters[$0.singular]) }),
    ]
    let weighted = terms.filter { $0.0 > 0 }
    guard !weighted.isEmpty, !convolutions.isEmpty else { return nil }
    return weighted.reduce(Tensor(0)) { sum, term in
      let layers = convolutions.reduce(Tensor(0)) { $0 + term.1($1) }
      return sum + Scalar(term.0 / Double(convolutions.count)) * layers
    }
  }

  private func orthogonalityError(_ convolution: SingularValueConvolution, _ parameters: Parameters) -> Tensor
  {
    let (u, v) = (parameters[convolution.left], parameters[convolution.right])
    let r = v.shape[0]
    let flat = v.reshaped([r, v.count / r])
    let identity = Tensor((0..<(r * r)).map { $0 / r == $0 % r ? 1 : 0 }, shape: [r, r])
    let left = matmul(u, u, transposeA: true) - identity
    let right = matmul(flat, flat, transposeB: true) - identity
    return Scalar(1 / Double(r)) * (left.dot(left) + right.dot(right))
  }

  private func orderError(_ s: Tensor) -> Tensor {
    let r = s.count
    guard r > 1 else { return Tensor(0) }
    let sizes = absolute(s).reshaped([1, r])
    let rise = sizes.slice(rows: 0..<1, columns: 1..<r) - sizes.slice(rows: 0..<1, columns: 0..<(r - 1))
    return (rise * mask(rise) { $0 > 0 ? 1 : 0 }).sum
  }

  private func sparsityMeasure(_ s: Tensor) -> Tensor {
    let l1 = absolute(s).sum
    return measure == .nuclear ? l1 : l1 * s.dot(s).power(-0.5)
  }

  // Piecewise linear functions by a constant factor: their derivative is exact wherever there is one.
  private func absolute(_ x: Tensor) -> Tensor { x * mask(x) { $0 < 0 ? -1 : 1 } }

  private func mask(_ x: Tensor, _ factor: (Scalar) -> Scalar) -> Tensor {
    Tensor(x.scalars.map(factor), shape: x.shape)
  }
}

/// When values are dropped and which.
struct SingularValuePruning: Sendable {
  let rule: SingularValueFamily.Rule
  let energy: Double
  let threshold: Double
  let every: Int
  let after: Int

  func isDue(after updates: Int) -> Bool {
    rule != .none && updates >= after && updates > 0 && (updates - after).isMultiple(of: every)
  }

  /// Positions of the values that stay, ascending; at least that of the largest.
  ///
  /// By energy: the fewest values, largest first, that hold the share of Σs². By value: those not below the threshold.
  func kept(_ sizes: [Double]) -> [Int] {
    let order = sizes.indices.sorted { (sizes[$0], $1) > (sizes[$1], $0) }
    let count: Int
    switch rule {
    case .none: count = sizes.count
    case .value: count = sizes.count { $0 >= threshold }
    case .energy:
      let total = sizes.reduce(0) { $0 + $1 * $1 }
      var (held, taken) = (0.0, 0)
      while taken < order.count, held < energy * total {
        held += sizes[order[taken]] * sizes[order[taken]]
        taken += 1
      }
      count = taken
    }
    return order.prefix(max(1, count)).sorted()
  }
}
