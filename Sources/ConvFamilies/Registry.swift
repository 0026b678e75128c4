public import Networks

/// The convolution families by name.
///
/// A new family is one new file and one line here.
public enum FamilyRegistry {
  /// All families, the baseline first.
  public static let families: [any ConvFamily.Type] = [
    StandardFamily.self,
    AtomCoefficientFamily.self,
    SharedBasisFamily.self,
    TuckerFamily.self,
    SingularValueFamily.self,
    FilterSummaryFamily.self,
    LowRankFamily.self,
    AdapterFamily.self,
    FilmFamily.self,
    ContextVectorFamily.self,
  ]
}
