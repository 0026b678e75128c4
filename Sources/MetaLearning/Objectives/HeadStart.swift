internal import Kernels
internal import Networks
internal import Tensors

/// Where the linear head stands before the first inner step of a task.
public enum HeadStart: String, CaseIterable, Codable, Hashable, Sendable {
  /// At the meta-parameters: one learned row for each class of an episode.
  ///
  /// - Source: Finn et al. 2017 (MAML).
  case parameters
  /// At the class means pₖ of the support's features: wₖ = 2·pₖ, bₖ = −‖pₖ‖², so that the scores are those of
  /// prototypes, −‖x − pₖ‖², up to a number that all classes share. The gradient goes through the means.
  ///
  /// - Source: Triantafillou et al. 2020 (Proto-MAML).
  case prototypes
  /// At one learned vector for all classes, the mean of the head's rows: no class is ever told from another before a
  /// step, so the order of the classes cannot matter. Nor can the vector itself, to a softmax that sees only how
  /// scores differ: its meta-gradient is zero but for rounding, and the head learns as from zero.
  ///
  /// - Source: Ye and Chao 2022 (UNICORN-MAML).
  case shared

  /// The parameters with the head where a task starts it, differentiable towards them.
  func start(of network: Network, _ parameters: Parameters, on support: Batch) -> Parameters {
    switch self {
    case .parameters: return parameters
    case .prototypes:
      let means = LabelledFeatures(network.features(support.images, parameters), of: support).means
      let squares = (means * means).rowSums.reshaped([support.ways, 1])
      // A task of fewer classes has no means for the last rows, and asks for none of them.
      let rows = network.head(parameters)?.bias.count ?? support.ways
      return network.replacingHead(
        weight: (2 * means).padded(to: [rows, means.shape[1]], row: 0, column: 0),
        bias: (-1 * squares).padded(to: [rows, 1], row: 0, column: 0).reshaped([rows]), in: parameters)
    case .shared:
      guard let head = network.head(parameters) else { return parameters }
      let ways = head.bias.count
      let mean = Tensor(repeating: 1 / Scalar(ways), shape: [ways, ways])
      return network.replacingHead(
        weight: matmul(mean, head.weight),
        bias: matmul(mean, head.bias.reshaped([ways, 1])).reshaped([ways]),
        in: parameters)
    }
  }
}
