internal import Kernels
public import Tensors

/// The mean cross-entropy of class scores: every rate in this package is in units of its gradient.
///
/// loss = (1/N) Σ_i (log Σ_k exp(logits[i, k]) − logits[i, labels[i]])
///
/// With label smoothing ε the score at the label becomes (1 − ε)·logits[i, labels[i]] + ε·(1/K) Σ_k logits[i, k].
///
/// - Parameters:
///   - logits: `[N, K]`.
///   - labels: N class indices in `0..<K`.
///   - smoothing: ε, what of a label is spread over all classes (Szegedy et al. 2016).
/// - Returns: One number, of shape `[]`.
/// - Precondition: there is one label in range for every row.
public func crossEntropy(_ logits: Tensor, _ labels: [Int], smoothing: Double = 0) -> Tensor {
  let (n, k) = (logits.shape[0], logits.shape[1])
  precondition(labels.count == n, "\(labels.count) labels for logits of shape \(logits.shape)")
  // The largest score is a constant: the loss does not depend on it, and exp cannot overflow.
  let shifted = logits - logits.detached.rowMaxima.expandedRows(to: k)
  let normalisers = shifted.exponential.rowSums.logarithm
  let picked = shifted.gathered(RowIndex(labels.map { [$0] }, columns: k)).reshaped([n])
  guard smoothing > 0 else { return (normalisers - picked).mean }
  let even = (1 / Scalar(k)) * shifted.rowSums
  return (normalisers - Scalar(1 - smoothing) * picked - Scalar(smoothing) * even).mean
}

/// The share of rows whose largest score is at the label; ties go to the first class.
///
/// - Precondition: there is one label for every row of `logits`, `[N, K]`.
public func accuracy(_ logits: Tensor, _ labels: [Int]) -> Double {
  let (n, k) = (logits.shape[0], logits.shape[1])
  precondition(labels.count == n, "\(labels.count) labels for logits of shape \(logits.shape)")
  let scores = logits.scalars
  let right = labels.enumerated().count { i, label in
    let row = scores[(i * k)..<((i + 1) * k)]
    return row.firstIndex { $0 == row.max() }.map { $0 - row.startIndex } == label
  }
  return Double(right) / Double(n)
}
