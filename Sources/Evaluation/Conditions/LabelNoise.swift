package import Randomness

/// How a share of the support images comes to a wrong label.
///
/// The share is of all N·K support images; every class keeps K of them, so that none is left without. With it come
/// to N·K·share images, rounded. A swap needs two images: where that number leaves one over, a coin decides
/// between none and two, so that the share is right on average (ours; it matters with one shot).
///
/// - Source: Liang et al. 2022 (TraNFS) for the kinds of noise.
public enum LabelNoise: String, Codable, CaseIterable, Hashable, Sendable {
  /// Images of different classes swap their labels; the wrong ones of a class come from as many
  /// different classes as there are, so that its own images stay the most.
  case symmetric = "symmetric-swap"
  /// Images of two classes that belong together swap their labels; of an odd number, three go round.
  case pair = "pair-swap"
  /// Images of classes that are not in the task replace support images.
  case outlier = "outlier"

  /// Which support images change.
  ///
  /// - Parameters:
  ///   - share: The share of all support images, 0...1.
  ///   - ways: Classes N.
  ///   - shots: Support images per class K.
  ///   - stream: Where chance comes from.
  /// - Returns: The label of each image, class by class, `ways` standing for an outlier.
  package func labels(share: Double, ways: Int, shots: Int, _ stream: inout RandomStream) -> [Int] {
    let total = Int((share * Double(ways * shots)).rounded())
    let order = (0..<ways).map { _ in stream.distinct(shots, below: shots) }
    var labels = (0..<ways * shots).map { $0 / shots }
    var used = [Int](repeating: 0, count: ways)
    func change(_ c: Int, to label: Int) {
      labels[c * shots + order[c][used[c]]] = label
      used[c] += 1
    }
    switch self {
    case .outlier:
      // Round and round the classes in random order, so that all lose alike.
      let classes = stream.distinct(ways, below: ways)
      for i in 0..<total { change(classes[i % ways], to: ways) }
    case .symmetric:
      guard ways > 1 else { return labels }
      let classes = stream.distinct(ways, below: ways)
      let shifts = stream.distinct(ways - 1, below: ways - 1)
      // A full round moves one image of every class on by a shift that no other round has.
      for round in 0..<total / ways {
        let shift = shifts[round % (ways - 1)] + 1
        for i in 0..<ways { change(classes[i], to: classes[(i + shift) % ways]) }
      }
      let rest = swapped(total % ways, &stream)
      let chosen = stream.distinct(rest, below: ways)
      for i in 0..<rest { change(chosen[i], to: chosen[(i + 1) % rest]) }
    case .pair:
      guard ways > 1 else { return labels }
      let classes = stream.distinct(ways, below: ways)
      // Twos, and a last group of three if the number is odd.
      let groups = (0..<ways / 2).map { g in Array(classes[2 * g..<(g == ways / 2 - 1 ? ways : 2 * g + 2)]) }
      var left = total
      while left > 0 {
        for g in stream.distinct(groups.count, below: groups.count) where left > 0 {
          let group = groups[g]
          let moved = left >= group.count ? group.count : swapped(left, &stream)
          left -= group.count
          for i in 0..<moved { change(group[i], to: group[(i + 1) % moved]) }
        }
      }
    }
    return labels
  }

  /// One image alone cannot swap: none or two, by a coin.
  private func swapped(_ count: Int, _ stream: inout RandomStream) -> Int {
    count == 1 ? 2 * stream.below(2) : count
  }
}
