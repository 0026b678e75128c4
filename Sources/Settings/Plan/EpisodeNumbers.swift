package import Episodes

/// How many classes an episode has: a number, or a range from which each episode draws its own.
package struct WayRange: Hashable, Sendable, CustomStringConvertible {
  /// The fewest.
  package var fewest: Int
  /// The most.
  package var most: Int

  /// One number.
  package init(_ ways: Int) { self.init(from: ways, to: ways) }

  /// A range.
  package init(from fewest: Int, to most: Int) { (self.fewest, self.most) = (fewest, most) }

  /// `5`, or `5-20`.
  package var description: String { fewest == most ? "\(most)" : "\(fewest)-\(most)" }
}

/// How many support images a class has.
package enum ShotRule: Hashable, Sendable, CustomStringConvertible {
  /// As many in every class and episode.
  case fixed(Int)
  /// By the rules of Meta-Dataset, see ``ClassSizes/variable``.
  case variable

  /// `1`, or `variable`.
  package var description: String {
    switch self {
    case .fixed(let shots): "\(shots)"
    case .variable: "variable"
    }
  }
}

/// What is done about a class with fewer images than an episode takes of each.
package enum ShortClasses: String, CaseIterable, Codable, Sendable {
  /// The data is refused, with the names of all such classes.
  case refuse
  /// It gives what it has.
  case use
}

extension Plan {
  /// Classes in an episode; of a range the most.
  package var ways: Int {
    get { wayRange.most }
    set { wayRange = WayRange(newValue) }
  }

  /// Support images per class; 1 where they vary.
  package var shots: Int {
    get { if case .fixed(let shots) = shotRule { shots } else { 1 } }
    set { shotRule = .fixed(newValue) }
  }

  /// Classes in a training episode, of a range the most; nil as in evaluation.
  package var trainWays: Int? {
    get { trainWayRange?.most }
    set { trainWayRange = newValue.map { WayRange($0) } }
  }

  /// Support images per class in training; nil as in evaluation, or where they vary.
  package var trainShots: Int? {
    get { if case .fixed(let shots) = trainShotRule { shots } else { nil } }
    set { trainShotRule = newValue.map { .fixed($0) } }
  }

  /// The shape of test episodes with other shots.
  package func testShape(shots: Int) -> EpisodeShape { shape(wayRange, .fixed(shots), queries: queries) }

  /// A shape by the plan's rules.
  func shape(_ ways: WayRange, _ shots: ShotRule, queries: Int) -> EpisodeShape {
    switch shots {
    case .fixed(let shots):
      EpisodeShape(
        ways: ways.most, shots: shots, queries: queries, fewestWays: ways.fewest,
        sizes: shortClasses == .use ? .available : .equal, sampling: classSampling)
    case .variable:
      EpisodeShape(
        ways: ways.most, shots: 1, queries: queries, fewestWays: ways.fewest, sizes: .variable,
        sampling: classSampling)
    }
  }
}
