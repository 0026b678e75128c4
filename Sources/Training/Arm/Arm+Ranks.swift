internal import Formats
internal import MetaLearning
package import Networks

extension Arm {
  /// What the arm's family drops at the point after so many updates; nil if nothing.
  func reduction(at point: MetaParameters, after updates: Int) -> RankReduction? {
    let kept = network.keptRanks(point.initial.detached, after: updates)
    let reduction = RankReduction(of: network.layout, keeping: kept)
    return reduction.isEmpty ? nil : reduction
  }

  /// The arm at the ranks of a point, for example one from a checkpoint.
  ///
  /// - Parameter layout: The point's layout, this arm's own with perhaps lower ranks.
  /// - Returns: The same arm with extents that fit.
  /// - Precondition: the layout is this arm's.
  package func lowered(to layout: ParameterLayout) -> Arm {
    guard let reduction = RankReduction(from: network.layout, to: layout) else {
      preconditionFailure("the arm \(name) has another layout")
    }
    return reduction.isEmpty ? self : lowered(by: reduction)
  }

  /// The ranks as rows of `ranks.csv`, one per rank.
  func rankLines(after updates: Int) -> String {
    let total = network.layout.count()
    return network.layout.ranks.map { rank in
      CSV.line([
        name, updates, rank.path, rank.extent, rank.declared, rank.breakEven.map { "\($0)" } ?? "", total,
      ])
    }.joined()
  }

  /// The first line of `ranks.csv`.
  package static let rankHeader = CSV.line([
    "arm", "iteration", "rank", "extent", "declared", "break_even", "parameters",
  ])
}
