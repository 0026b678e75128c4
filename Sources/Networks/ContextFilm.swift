internal import Kernels
internal import Tensors

/// A normalisation of a backbone: its scale and shift, `[C]` each.
public struct Normalisation: Sendable {
  /// The factor behind the normalisation, `[C]`.
  public let scale: ParameterRef
  /// What is added, `[C]`.
  public let shift: ParameterRef
  /// C.
  public let channels: Int
  /// The layer it belongs to, from 1.
  public let layer: Int?
}

extension ParameterLayout {
  /// The normalisations declared so far, in the order of their declaration.
  ///
  /// A backbone declares `<path>.scale` and then `<path>.shift`, both with the role `norm`.
  var normalisations: [Normalisation] {
    refs.filter { self[$0].role == .norm && self[$0].path.hasSuffix(".scale") }.compactMap { scale in
      let entry = self[scale]
      guard let shift = ref(at: String(entry.path.dropLast("scale".count)) + "shift") else { return nil }
      return Normalisation(scale: scale, shift: shift, channels: entry.shape.count, layer: entry.layer)
    }
  }
}

/// A vector φ of a task that scales and shifts normalisations.
///
/// A scale s becomes s·(1 + γ) and a shift b becomes b·(1 + γ) + β, where [γ, β] = G·φ and every normalisation has its own
/// G. At φ = 0 it changes nothing.
///
/// - Source: Perez et al. 2018 (FiLM) for scale and shift, Zintgraf et al. 2019 (CAVIA) for the vector.
public struct ContextFilm: Sendable {
  /// What φ does to one normalisation.
  public struct Part: Sendable {
    /// What is scaled and shifted.
    public let normalisation: Normalisation
    /// G, `[2·C, K]`: the rows of γ, then those of β.
    public let generator: ParameterRef

    /// A normalisation and its generator.
    public init(_ normalisation: Normalisation, generator: ParameterRef) {
      self.normalisation = normalisation
      self.generator = generator
    }
  }

  /// φ, `[K]`.
  public let context: ParameterRef
  /// What it does.
  public let parts: [Part]

  /// A vector and what it does.
  public init(context: ParameterRef, parts: [Part]) {
    self.context = context
    self.parts = parts
  }

  /// The point that the backbone sees, differentiable towards φ, the generators and the normalisations.
  func callAsFunction(_ parameters: Parameters) -> Parameters {
    let phi = parameters[context]
    let column = phi.reshaped([phi.count, 1])
    return parts.reduce(parameters) { point, part in
      let norm = part.normalisation
      let rows = matmul(parameters[part.generator], column)
      let gamma = rows.slice(rows: 0..<norm.channels).reshaped([norm.channels])
      let beta = rows.slice(rows: norm.channels..<2 * norm.channels).reshaped([norm.channels])
      let (scale, shift) = (parameters[norm.scale], parameters[norm.shift])
      return point.replacing(
        [norm.scale, norm.shift], with: [scale + scale * gamma, shift + shift * gamma + beta])
    }
  }
}
