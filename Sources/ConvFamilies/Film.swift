internal import Networks
internal import Tensors

/// Standard convolutions in a network whose normalisations alone a task scales and shifts: FiLM.
///
/// It computes what ``StandardFamily`` does and differs in what adapts unless told otherwise. A convolution followed by
/// a normalisation has no other scale and shift, so those of the normalisation are the film.
///
/// - Source: Perez et al. 2018 (FiLM); Triantafillou et al. 2021 (FLUTE) for few-shot tasks. Both learn or predict the
///   start of scale and shift with the rest; so do we, by the outer loop.
struct FilmFamily: ConvFamily {
  /// The name in `--family`.
  static let name = "film"
  /// One sentence for the list of families.
  static let summary = "dense kernels; a task scales and shifts the normalisations (FiLM)"
  /// It has no settings.
  static let options: [NamedOption] = []
  /// Scale and shift of every channel.
  static let defaultAdaptation = "norm"

  /// The family; it has no settings.
  init(_ options: OptionValues) {}

  /// One dense kernel per site.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) -> [Placed<StandardConvolution>] {
    sites.map { .standard(StandardConvolution(at: $0, in: &layout)) }
  }

  /// The start: standard convolutions take kernels as they are, so nothing is left to fit.
  func fitting(_ own: [StandardConvolution], to kernels: [Tensor], from start: Parameters) -> Parameters? {
    start
  }
}
