/// Which images of an episode a condition changes: the side that is learned from, the side that is asked, or both.
public enum Side: String, Codable, CaseIterable, Hashable, Sendable {
  /// The support images, which the learner adapts to.
  case support
  /// The query images, on which accuracy is measured.
  case query
  /// The support and the query images.
  case both
}

/// Under what circumstances a score was taken, as it stands in `results.json` and in the columns of `episodes.csv`.
///
/// The kinds of conditions are ours; each case of ``Group`` names the type that its sources are given with.
public struct Condition: Codable, Hashable, Sendable {
  /// The kind of condition; the raw values are those of files.
  public enum Group: String, Codable, CaseIterable, Hashable, Sendable {
    /// The episodes as they are.
    case clean
    /// Damaged images, by severity; see `CorruptionRegistry.corruptions`.
    case corruption
    /// Wrong labels or foreign images in the support, by their share; see ``LabelNoise``.
    case labels
    /// Another kind of image, or another data set; see `CorruptionRegistry.shifts`.
    case shift
    /// Other statistics of normalisation on the query; see ``NormalisationStatistics``.
    case normalisation
    /// Images changed against the network, by ε; see ``Attack``.
    case attack
  }

  /// The kind of condition, by which reports group.
  public var group: Group
  /// What was done, for example `gaussian-noise`; `clean` for nothing, `mean` for all corruptions together.
  public var name: String
  /// How strongly: 1...5 for corruptions, a share in 0...1 for labels, ε in units of prepared images (0...1) for
  /// attacks; nil where there is no scale, and for means over severities.
  public var severity: Double?
  /// Which images were changed; nil where that has no meaning.
  ///
  /// Files call it `place`.
  public var side: Side?

  private enum CodingKeys: String, CodingKey {
    case group, name, severity
    case side = "place"
  }

  /// A condition from its parts; see the properties for their units.
  public init(group: Group, name: String, severity: Double? = nil, side: Side? = nil) {
    self.group = group
    self.name = name
    self.severity = severity
    self.side = side
  }

  /// The episodes as they are.
  public static let clean = Condition(group: .clean, name: "clean")

  private static let meanName = "mean"

  /// All corruptions at all severities together, on one side or on both: mean corruption accuracy.
  public static func meanCorruption(on side: Side) -> Condition {
    Condition(group: .corruption, name: meanName, side: side)
  }

  private static let dataSetPrefix = "data set "

  /// The test episodes of one data set of a union.
  public static func dataSet(_ name: String) -> Condition {
    Condition(group: .shift, name: dataSetPrefix + name)
  }

  /// The name of the data set whose episodes these are; nil where they are those of no single one; see ``dataSet(_:)``.
  public var dataSetName: String? {
    guard group == .shift, name.hasPrefix(Self.dataSetPrefix) else { return nil }
    return String(name.dropFirst(Self.dataSetPrefix.count))
  }

  /// Whether the episodes are as they are.
  public var isClean: Bool { group == .clean }

  /// Whether this stands for all corruptions of a side; see ``meanCorruption(on:)``.
  public var isMeanCorruption: Bool { group == .corruption && name == Self.meanName }

  /// The same condition at no severity, which stands for all of them: their mean.
  public var withoutSeverity: Condition { Condition(group: group, name: name, side: side) }

  /// What a drop under this condition is measured from: the same statistics of normalisation without a perturbation,
  /// else the episodes as they are.
  public var unperturbed: Condition {
    guard group == .normalisation, let cut = name.lastIndex(of: "/") else { return .clean }
    return Condition(group: group, name: String(name[name.index(after: cut)...]))
  }
}

extension Condition: CustomStringConvertible {
  /// Group, name, severity and side between slashes, for example `corruption/gaussian-noise/3.0/query`.
  ///
  /// Two conditions have the same description only if they are equal, so that it can be part of a key.
  public var description: String {
    "\(group.rawValue)/\(name)/\(severity.map { "\($0)" } ?? "")/\(side?.rawValue ?? "")"
  }
}
