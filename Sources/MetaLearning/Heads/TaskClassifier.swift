internal import Foundation
internal import Kernels
internal import Networks
public import Tensors

/// What a head has made of a task's support: a linear layer on features that may be centred and brought to length one.
///
/// Every head here is one, so a task is kept in a few numbers and its support images are not needed again.
/// Its scores differ from the head's own by a number that all classes share, which no softmax sees: a distance
/// −‖z − p‖² is 2·z·p − ‖p‖² but for ‖z‖².
public struct TaskClassifier: Sendable {
  /// One row for each class, `[K, D]`.
  public let weight: Tensor
  /// One number for each class, `[K]`.
  public let bias: Tensor
  /// What is taken from the features first, `[D]`; nil for nothing.
  public let centre: Tensor?
  /// Whether the features are then brought to length one.
  public let hasUnitRows: Bool

  /// A layer and what the features go through before it.
  ///
  /// - Precondition: there is a bias for each row, and a centre of as many numbers as a row.
  public init(weight: Tensor, bias: Tensor, centre: Tensor? = nil, hasUnitRows: Bool = false) {
    precondition(
      weight.shape.rank == 2 && bias.shape == [weight.shape[0]]
        && centre.map { $0.shape == [weight.shape[1]] } ?? true,
      "a classifier of weight \(weight.shape) and bias \(bias.shape)")
    (self.weight, self.bias, self.centre, self.hasUnitRows) = (weight, bias, centre, hasUnitRows)
  }

  /// The layer that stands for the distance to one mean for each class, `[K, D]`.
  init(means: Tensor, centre: Tensor? = nil, hasUnitRows: Bool = false) {
    let squares = (means * means).rowSums.reshaped([means.shape[0]])
    self.init(weight: 2 * means, bias: -1 * squares, centre: centre, hasUnitRows: hasUnitRows)
  }

  /// Class scores `[N, K]` of features `[N, D]`.
  public func scores(of x: Tensor) -> Tensor {
    let centred = centre.map { x - $0.repeated(rows: x.shape[0]) } ?? x
    return linear(hasUnitRows ? centred.unitRows : centred, weight: weight, bias: bias)
  }
}

extension Tensor {
  /// What a softmax makes of each row of class scores `[N, K]`: probabilities in 64 bits, one list for each row.
  public var probabilities: [[Double]] {
    precondition(shape.rank == 2, "probabilities of scores \(shape)")
    let (scores, k) = (scalars, shape[1])
    return (0..<shape[0]).map { row in
      let own = scores[(row * k)..<((row + 1) * k)].map { Double($0) }
      let top = own.max() ?? 0
      let shares = own.map { exp($0 - top) }
      let sum = shares.reduce(0, +)
      return shares.map { $0 / sum }
    }
  }
}
