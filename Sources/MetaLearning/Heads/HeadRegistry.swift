public import Networks

/// The heads that have a rule, by name.
///
/// A new head is one new file and one line here.
public enum HeadRegistry {
  /// All of them.
  public static let heads: [any FeatureHead.Type] = [
    CentroidHead.self,
    CosineHead.self,
    SimpleShotHead.self,
    LogisticHead.self,
    RidgeHead.self,
  ]

  /// What they do, for help: `cosine: the cosine to class means; …`.
  public static var summaries: String {
    heads.map { "\($0.name): \($0.summary)" }.joined(separator: "; ")
  }

  /// The head of a name; nil if there is none.
  public static func head(named name: String) -> (any FeatureHead.Type)? {
    heads.first { $0.name == name }
  }
}

extension FeatureHead {
  /// The head with settings as a user wrote them.
  ///
  /// - Parameters:
  ///   - given: Keys and values.
  ///   - features: D, the features of an image.
  ///   - layout: Where its parameters are declared.
  /// - Returns: The head.
  /// - Throws: If a key is unknown or a value out of range.
  public static func made(
    with given: [String: String], features: Int, in layout: inout ParameterLayout
  ) throws(ConfigurationError) -> Self {
    try Self(
      OptionValues(given, of: "head \(name)", among: options, flag: "head-option"), features: features,
      in: &layout)
  }
}
