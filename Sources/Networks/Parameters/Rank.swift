internal import Kernels
public import Tensors

/// An extent that several parameters share and that training may lower: the rank of a factored kernel.
public struct Rank: Hashable, Sendable {
  /// Its name, for example `layer2.conv.rank`.
  public let path: String
  /// What it was declared with.
  public let declared: Int
  /// Where the factors hold as many numbers as the dense kernel they stand for; nil if nothing is said.
  public let breakEven: Double?
  /// Which of the declared positions are still there, ascending.
  public internal(set) var kept: [Int]

  /// What it is now.
  public var extent: Int { kept.count }
}

/// A rank's place in a layout.
public struct RankRef: Hashable, Sendable {
  /// The position in declaration order.
  public let index: Int
}

/// The way from a layout to one with lower ranks: which numbers of every parameter stay.
///
/// A network keeps its places when a rank falls, only extents change: so parameters, masks, an optimiser's moments and
/// checkpoints all follow by the same selection, and no part of training knows which family asked for it.
public struct RankReduction: Sendable {
  /// The layout with the lower ranks.
  public let layout: ParameterLayout
  private let old: ParameterLayout
  /// By rank, the positions that stay, among those of the old layout.
  private let kept: [RankRef: [Int]]

  /// A reduction that keeps some positions of some ranks, and all of the others.
  ///
  /// - Parameters:
  ///   - layout: The layout as it is.
  ///   - kept: Positions among the present ones, ascending.
  /// - Precondition: every rank keeps at least one position.
  public init(of layout: ParameterLayout, keeping kept: [RankRef: [Int]]) {
    precondition(
      kept.allSatisfy { ref, positions in
        !positions.isEmpty && positions == Set(positions).sorted()
          && (0..<layout[ref].extent).contains(positions[0])
          && positions[positions.count - 1] < layout[ref].extent
      }, "a rank keeps at least one of its positions, in ascending order")
    old = layout
    self.kept = kept.filter { $1.count < layout[$0].extent }
    var lower = layout
    for (ref, positions) in self.kept { lower.keep(positions, of: ref) }
    self.layout = lower
  }

  /// The reduction between two states of one layout; nil if the second is not what a reduction of the first can be.
  public init?(from old: ParameterLayout, to new: ParameterLayout) {
    guard old.entries.map(\.path) == new.entries.map(\.path), old.ranks.count == new.ranks.count else {
      return nil
    }
    var kept: [RankRef: [Int]] = [:]
    for (i, (before, after)) in zip(old.ranks, new.ranks).enumerated() {
      let positions = after.kept.compactMap { before.kept.firstIndex(of: $0) }
      guard before.path == after.path, positions.count == after.kept.count, !positions.isEmpty else {
        return nil
      }
      kept[RankRef(index: i)] = positions
    }
    self.init(of: old, keeping: kept)
  }

  /// Whether every rank stays as it is.
  public var isEmpty: Bool { kept.isEmpty }

  /// The numbers of one parameter, or anything that has one number for each of them, after the reduction.
  ///
  /// - Precondition: there are as many numbers as the old layout says.
  public func callAsFunction(_ scalars: [Scalar], at ref: ParameterRef) -> [Scalar] {
    let entry = old[ref]
    precondition(scalars.count == entry.shape.count, "\(entry.path) holds \(entry.shape.count) numbers")
    var extents = entry.shape.extents
    return entry.ranks.sorted { $0.key < $1.key }.reduce(scalars) { scalars, item in
      guard let positions = kept[item.value] else { return scalars }
      defer { extents[item.key] = positions.count }
      return selected(positions, of: scalars, extents: extents, axis: item.key)
    }
  }

  /// One parameter, or a mask of its shape, after the reduction, as a constant.
  public func callAsFunction(_ tensor: Tensor, at ref: ParameterRef) -> Tensor {
    guard old[ref].ranks.values.contains(where: { kept[$0] != nil }) else { return tensor }
    return Tensor(self(tensor.scalars, at: ref), shape: layout[ref].shape)
  }

  /// A point of the old layout as one of the new.
  public func callAsFunction(_ parameters: Parameters) -> Parameters {
    Parameters(layout: layout, values: zip(old.refs, parameters.values).map { self($1, at: $0) })
  }

  /// What adapts, with masks that fit.
  public func callAsFunction(_ adapted: [AdaptedTensor]) -> [AdaptedTensor] {
    adapted.map { item in AdaptedTensor(ref: item.ref, mask: item.mask.map { self($0, at: item.ref) }) }
  }
}

/// The slices at some positions of an axis.
func selected(_ positions: [Int], of scalars: [Scalar], extents: [Int], axis: Int) -> [Scalar] {
  let outer = extents[..<axis].reduce(1, *)
  let inner = extents[(axis + 1)...].reduce(1, *)
  var result: [Scalar] = []
  result.reserveCapacity(outer * positions.count * inner)
  for o in 0..<outer {
    for position in positions {
      let start = (o * extents[axis] + position) * inner
      result += scalars[start..<(start + inner)]
    }
  }
  return result
}
