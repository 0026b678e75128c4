package import MetaLearning

/// How a run tells the classes of a task apart: by a linear head of one of four regimes, or by a head with a rule.
package struct HeadPolicy: RawRepresentable, CaseIterable, Codable, Hashable, Sendable {
  /// The name in `--head`.
  package let rawValue: String

  /// The head of a name; nil if there is none.
  package init?(rawValue: String) {
    guard Self.names.contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  private init(_ name: String) { rawValue = name }

  /// A linear head adapts from learned rows, also where the selector does not name it.
  package static let adapts = HeadPolicy("adapts")
  /// A linear head is frozen in the inner loop, also where everything else adapts.
  package static let frozen = HeadPolicy("frozen")
  /// A linear head adapts from the class means of the support; see `HeadStart.prototypes`.
  package static let prototypes = HeadPolicy("prototypes")
  /// A linear head adapts from one learned vector for all classes; see `HeadStart.shared`.
  package static let shared = HeadPolicy("shared")
  /// The distance to class means; see `CentroidHead`.
  package static let centroid = HeadPolicy(CentroidHead.name)

  /// All of them: the regimes of a linear head first, then the rules.
  package static let allCases =
    [adapts, frozen, prototypes, shared] + HeadRegistry.heads.map { Self($0.name) }
  private static let names = Set(allCases.map(\.rawValue))

  /// The head's rule; nil for a linear head.
  package var rule: (any FeatureHead.Type)? { HeadRegistry.head(named: rawValue) }

  /// Where a linear head stands before the first step.
  package var start: HeadStart {
    switch self {
    case .prototypes: .prototypes
    case .shared: .shared
    default: .parameters
    }
  }

  /// Whether the inner loop changes it: a frozen head does not move, and a rule has no weights.
  package var adapts: Bool { self != .frozen && rule == nil }
}
