public import Tensors

/// The convolutions of one network, together with the family that made them.
///
/// A family's functions take convolutions of its own type. Here both are one value, so whoever holds it can ask for a
/// penalty or a fit without knowing the type, and no convolution has to be asked what it is.
public protocol MadeConvolutions: Sendable {
  /// The family's name.
  var family: String { get }
  /// One convolution per site, in the order of the sites, without the head's.
  var convolutions: [any Convolution] { get }
  /// What the weight of the head is made of; nil for a dense one and for none.
  var head: (any Convolution)? { get }

  /// The same and, if the family makes one, a head; see ``ConvFamily/head(inputs:outputs:in:)``.
  func withHead(inputs: Int, outputs: Int, in layout: inout ParameterLayout) -> any MadeConvolutions

  /// Declares what the features pass through, if the family has something; see ``ConvFamily/alignment(features:in:)``.
  func alignment(features: Int, in layout: inout ParameterLayout) -> ParameterRef?

  /// Declares what scales and shifts the normalisations, if the family has something; see
  /// ``ConvFamily/context(for:in:)``.
  func context(for normalisations: [Normalisation], in layout: inout ParameterLayout)
    throws(ConfigurationError) -> ContextFilm?

  /// What the family adds to the outer loss, of shape `[]`; nil for nothing.
  func regularizer(_ parameters: Parameters) -> Tensor?

  /// Which positions of which ranks the family keeps after an update of training; ranks not named stay whole.
  func keptRanks(_ parameters: Parameters, after updates: Int) -> [RankRef: [Int]]

  /// The point whose kernels are nearest to given ones; standard convolutions take theirs as they are.
  ///
  /// - Parameters:
  ///   - kernels: One dense kernel `[O, C, k, k]` for each of ``convolutions``, then the head's if there is a ``head``.
  ///   - start: The parameters to begin from; what the convolutions do not use stays.
  /// - Returns: The fitted point; nil where the family defines no fit.
  /// - Throws: If the family's settings allow none.
  /// - Precondition: there are as many kernels as convolutions.
  func fitting(to kernels: [Tensor], from start: Parameters) throws(ConfigurationError) -> Parameters?
}

extension ConvFamily {
  /// Declares the parameters of all convolutions of a backbone.
  ///
  /// The family is asked for the stem and every convolution larger than 1×1. Other 1×1 convolutions are standard and
  /// declared last: they have no spatial part to decompose.
  ///
  /// - Parameters:
  ///   - sites: Where the convolutions stand, in the order of their first use.
  ///   - layout: Where the parameters are declared.
  /// - Returns: The convolutions, in the order of the sites.
  /// - Throws: If the family cannot stand at one of the sites.
  /// - Precondition: the family returns one convolution for each site it is asked for, in their order.
  public func made(at sites: [ConvSite], in layout: inout ParameterLayout) throws(ConfigurationError)
    -> any MadeConvolutions
  {
    try Made(self, at: sites, in: &layout)
  }
}

/// A family and what it made, both of their own types.
private struct Made<Family: ConvFamily>: MadeConvolutions {
  private let maker: Family
  private let placed: [Placed<Family.Own>]
  private var ownHead: Family.Own?

  init(_ maker: Family, at sites: [ConvSite], in layout: inout ParameterLayout) throws(ConfigurationError) {
    let asked = sites.filter { $0.isStem || $0.kernel > 1 }
    let answered = try maker.convolutions(at: asked, in: &layout)
    precondition(
      answered.map(\.convolution.site) == asked,
      "family \(Family.name) made \(answered.map(\.convolution.site.path)) for \(asked.map(\.path))")
    var next = answered.makeIterator()
    var placed: [Placed<Family.Own>] = []
    for site in sites {
      let own = site.isStem || site.kernel > 1 ? next.next() : nil
      placed.append(own ?? .standard(StandardConvolution(at: site, in: &layout)))
    }
    self.maker = maker
    self.placed = placed
  }

  var family: String { Family.name }
  var convolutions: [any Convolution] { placed.map(\.convolution) }
  var head: (any Convolution)? { ownHead }

  /// The family's own convolutions in the order of the sites, the head's last.
  private var own: [Family.Own] {
    var all: [Family.Own] = []
    for case .own(let convolution) in placed { all.append(convolution) }
    if let ownHead { all.append(ownHead) }
    return all
  }

  func withHead(inputs: Int, outputs: Int, in layout: inout ParameterLayout) -> any MadeConvolutions {
    var both = self
    both.ownHead = maker.head(inputs: inputs, outputs: outputs, in: &layout)
    return both
  }

  func alignment(features: Int, in layout: inout ParameterLayout) -> ParameterRef? {
    maker.alignment(features: features, in: &layout)
  }

  func context(for normalisations: [Normalisation], in layout: inout ParameterLayout)
    throws(ConfigurationError) -> ContextFilm?
  {
    try maker.context(for: normalisations, in: &layout)
  }

  func regularizer(_ parameters: Parameters) -> Tensor? { maker.regularizer(of: own, parameters) }

  func keptRanks(_ parameters: Parameters, after updates: Int) -> [RankRef: [Int]] {
    maker.keptRanks(of: own, parameters, after: updates)
  }

  func fitting(to kernels: [Tensor], from start: Parameters) throws(ConfigurationError) -> Parameters? {
    let count = placed.count + (ownHead == nil ? 0 : 1)
    precondition(kernels.count == count, "\(kernels.count) kernels for \(count) convolutions")
    var point = start
    var wanted: [Tensor] = []
    for (item, kernel) in zip(placed, kernels) {
      switch item {
      case .standard(let convolution): point = convolution.replacingKernel(with: kernel, in: point)
      case .own: wanted.append(kernel)
      }
    }
    return try maker.fitting(own, to: wanted + kernels.dropFirst(placed.count), from: point)
  }
}
