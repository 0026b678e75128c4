/// What part of a layer a parameter is; the names are those of `--adapt`.
///
/// A family may introduce a role of its own by declaring parameters with a new name.
public struct ParameterRole: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The name, as in `--adapt` and in reports.
  public let rawValue: String

  /// A role by its name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The name, as in `--adapt`.
  public var description: String { rawValue }

  /// Dense kernels of standard convolutions, `[O, C, k, k]`.
  public static let kernels = ParameterRole(rawValue: "kernels")
  /// Small spatial filters, `[m, k, k]` per layer.
  public static let atoms = ParameterRole(rawValue: "atoms")
  /// What a task adds to its atoms, zero before it adapts, `[m, k, k]` per layer.
  public static let atomsDelta = ParameterRole(rawValue: "atoms-delta")
  /// Large mixing weights, `[O, C, m]` and often shared (ACDC), or `[O, R]` of one layer (shared bases).
  public static let coefficients = ParameterRole(rawValue: "coefficients")
  /// Filters that several layers share, `[S, C, k, k]`.
  public static let bases = ParameterRole(rawValue: "bases")
  /// Filters of one layer beside shared ones, `[U, C, k, k]`.
  public static let unique = ParameterRole(rawValue: "unique")
  /// What a layer takes of a Tucker tensor's structural modes, `[r]` or `[extent, r]`.
  public static let layerFactors = ParameterRole(rawValue: "layer-factors")
  /// The core of a Tucker tensor.
  public static let core = ParameterRole(rawValue: "core")
  /// Outer factors of decomposed kernels, for example those of a Tucker tensor's channels, `[channels, r]`.
  public static let factors = ParameterRole(rawValue: "factors")
  /// Height and width factors of a Tucker tensor, `[k, r]`.
  public static let spatialFactors = ParameterRole(rawValue: "spatial-factors")
  /// Singular values of factored kernels, `[r]` per layer.
  public static let singular = ParameterRole(rawValue: "singular")
  /// One vector per layer that all its filters are segments of, `[L]`.
  public static let summary = ParameterRole(rawValue: "summary")
  /// Where in its summary each filter of a layer lies, `[O]`.
  public static let locations = ParameterRole(rawValue: "locations")
  /// A low-rank difference to a kernel, `[r, C, k, k]` and `[O, r]` per layer.
  public static let lora = ParameterRole(rawValue: "lora")
  /// A residual matrix beside a convolution, `[O, C]`, or behind the features, `[D, D]`.
  public static let adapter = ParameterRole(rawValue: "adapter")
  /// A vector of a task that scales and shifts normalisations, `[K]`.
  public static let context = ParameterRole(rawValue: "context")
  /// What turns it into scales and shifts, `[2·C, K]` for each normalisation.
  public static let generators = ParameterRole(rawValue: "generators")
  /// Scale and shift of a normalisation, `[C]` each.
  public static let norm = ParameterRole(rawValue: "norm")
  /// The linear classifier's weight and bias, or what a rule learns instead.
  public static let head = ParameterRole(rawValue: "head")
  /// What is measured and not learned, such as the running statistics of normalisations: neither loop changes it, and it
  /// does not count as a parameter.
  public static let measured = ParameterRole(rawValue: "measured")
}
