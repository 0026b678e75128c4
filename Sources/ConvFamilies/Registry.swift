public import Networks

/// The convolution families by name. A new family is one new file and one line here.
public enum FamilyRegistry {
  /// All families, the baseline first.
  public static let families: [any ConvFamily.Type] = [
    StandardFamily.self,
    AtomCoefficientFamily.self,
  ]

  /// The family of a name.
  ///
  /// - Throws: If there is none; the error lists the known ones.
  public static func family(named name: String) throws(ConfigurationError) -> any ConvFamily.Type {
    if let family = families.first(where: { $0.name == name }) { return family }
    throw ConfigurationError(
      field: "family", value: name, reason: "there is no such convolution family",
      remedy: "Use \(families.map { $0.name }.joined(separator: ", "))")
  }
}
