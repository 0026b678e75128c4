public import Networks
public import Tensors

/// Standard convolutions: a dense kernel for every layer.
public struct StandardFamily: ConvFamily {
  /// The name in `--family`.
  public static let name = "standard"
  /// One sentence for the list of families.
  public static let summary = "a dense kernel in every layer: the baseline"
  /// It has no settings.
  public static let options: [NamedOption] = []
  /// Everything adapts, as in MAML as published.
  public static let defaultAdaptation = "all"

  /// The family; it has no settings.
  public init(_ options: OptionValues) {}

  /// One dense kernel per site.
  public func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) -> [Placed<
    StandardConvolution
  >] {
    sites.map { .standard(StandardConvolution(at: $0, in: &layout)) }
  }

  /// The start: standard convolutions take kernels as they are, so nothing is left to fit.
  public func fitting(_ own: [StandardConvolution], to kernels: [Tensor], from start: Parameters)
    -> Parameters?
  { start }
}
