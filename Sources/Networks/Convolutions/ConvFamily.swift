public import Tensors

/// A way to parametrise convolutions: a drop-in replacement for the standard kernels of any backbone.
///
/// The types stay together in ``MadeConvolutions``, which is what a backbone asks a family for.
public protocol ConvFamily: Sendable {
  /// The family's own kind of convolution.
  associatedtype Own: Convolution

  /// The name in `--family`.
  static var name: String { get }
  /// One sentence for `fewshot families`.
  static var summary: String { get }
  /// The family's own settings, for `--option key=value` and `fewshot families`.
  static var options: [NamedOption] { get }
  /// What `--adapt` means if it is not given.
  static var defaultAdaptation: String { get }
  /// The setting that says how many numbers adapt, for a budget of these; nil, the default, for none.
  static var size: SizeOption? { get }

  /// The family with given settings; absent ones take their defaults.
  ///
  /// - Throws: If a value is out of range.
  init(_ options: OptionValues) throws(ConfigurationError)

  /// Declares the parameters of all convolutions of a backbone and returns one convolution per site.
  ///
  /// All sites come at once, so that a family can let them share parameters.
  ///
  /// - Parameters:
  ///   - sites: The stem and every convolution larger than 1×1, in the order of their first use.
  ///   - layout: Where the parameters are declared.
  /// - Returns: For each site in turn a convolution of its own, or a standard one.
  /// - Throws: If the family cannot stand at one of the sites.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) throws(ConfigurationError)
    -> [Placed<Own>]

  /// What the weight of the network's linear head is made of, as a 1×1 convolution of one pixel, `[ways, D, 1, 1]`.
  ///
  /// - Parameters:
  ///   - inputs: Features D.
  ///   - outputs: Classes.
  ///   - layout: Where its parameters are declared, with the role `head`.
  /// - Returns: nil, the default, for a dense weight.
  func head(inputs: Int, outputs: Int, in layout: inout ParameterLayout) -> Own?

  /// Declares a matrix `[D, D]` that the features of an image pass through before anything classifies them.
  ///
  /// Features f become B·f for every learner and every head.
  ///
  /// - Parameters:
  ///   - features: Features D.
  ///   - layout: Where the matrix is declared.
  /// - Returns: Its place; nil, the default, where features stay as the backbone makes them.
  func alignment(features: Int, in layout: inout ParameterLayout) -> ParameterRef?

  /// Declares a vector that belongs to a task and scales and shifts the normalisations.
  ///
  /// - Parameters:
  ///   - normalisations: Those of the backbone, in the order of their declaration.
  ///   - layout: Where the vector is declared, and what turns it into scales and shifts.
  /// - Returns: Both; nil, the default, where normalisations are scaled and shifted by their own numbers alone.
  /// - Throws: If the family's settings name a layer that there is not.
  func context(for normalisations: [Normalisation], in layout: inout ParameterLayout)
    throws(ConfigurationError) -> ContextFilm?

  /// What the outer loss adds to the mean task loss, at the meta-parameters where every task starts.
  ///
  /// The inner loop does not see it. The family's own weight λ is part of it.
  ///
  /// - Parameters:
  ///   - own: Its own convolutions of one network: those of ``convolutions(at:in:)`` in the order of the sites, then
  ///     that of ``head(inputs:outputs:in:)`` if it made one.
  ///   - parameters: Where to evaluate.
  /// - Returns: One number, of shape `[]`; nil if nothing is added, which is the default.
  func regularizer(of own: [Own], _ parameters: Parameters) -> Tensor?

  /// Which positions of which ranks go on after an update of training; what is not named goes on whole.
  ///
  /// - Parameters:
  ///   - own: Its own convolutions of one network, as for ``regularizer(of:_:)``.
  ///   - parameters: The point after the update.
  ///   - updates: Updates made so far.
  /// - Returns: Positions among the present ones, ascending, at least one for each rank named; empty by default.
  func keptRanks(of own: [Own], _ parameters: Parameters, after updates: Int)
    -> [RankRef: [Int]]

  /// The point whose kernels are nearest to given ones, in the least-squares sense if the family says no other.
  ///
  /// - Parameters:
  ///   - own: Its own convolutions of one network, as for ``regularizer(of:_:)``.
  ///   - kernels: One dense kernel `[O, C, k, k]` for each of them.
  ///   - start: The parameters to begin from; what the convolutions do not use stays.
  /// - Returns: The fitted point; nil, the default, where the family defines no such fit.
  /// - Throws: If the family's settings allow none.
  func fitting(_ own: [Own], to kernels: [Tensor], from start: Parameters)
    throws(ConfigurationError) -> Parameters?
}

extension ConvFamily {
  /// No setting says so.
  public static var size: SizeOption? { nil }

  /// The weight of the head stays dense.
  public func head(inputs: Int, outputs: Int, in layout: inout ParameterLayout) -> Own? { nil }

  /// Features stay as the backbone makes them.
  public func alignment(features: Int, in layout: inout ParameterLayout) -> ParameterRef? { nil }

  /// Normalisations have their own scales and shifts alone.
  public func context(for normalisations: [Normalisation], in layout: inout ParameterLayout)
    -> ContextFilm?
  { nil }

  /// Nothing joins the outer loss.
  public func regularizer(of own: [Own], _ parameters: Parameters) -> Tensor? { nil }

  /// Nothing is ever lowered.
  public func keptRanks(of own: [Own], _ parameters: Parameters, after updates: Int)
    -> [RankRef: [Int]]
  { [:] }

  /// There is no fit.
  public func fitting(_ own: [Own], to kernels: [Tensor], from start: Parameters)
    -> Parameters?
  { nil }
}
