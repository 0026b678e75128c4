internal import Tensors

/// A trained network's nearest counterpart with other convolutions, and how near it comes.
///
/// Whatever both networks declare alike, such as norms and head, is copied. Where the target has a standard
/// convolution it takes the kernel itself; the others its family fits to the source's kernels.
public struct Conversion: Sendable {
  /// How near one convolution comes.
  public struct Layer: Hashable, Sendable {
    /// The path of the convolution, a prefix of those of its parameters, such as `layer2.conv`.
    public let path: String
    /// ‖W′ − W‖ / ‖W‖ of kernel W and its fit W′; 0 if both are zero.
    public let error: Double
    /// Numbers in the kernel.
    public let kernelNumbers: Int
  }

  /// The fitted point of the target.
  public let parameters: Parameters
  /// One entry per convolution, from the images on.
  public let layers: [Layer]
  /// ‖W′ − W‖ / ‖W‖ over all kernels together.
  public let totalError: Double

  /// Fits.
  ///
  /// - Parameters:
  ///   - source: What was trained, with any family.
  ///   - trained: Where it stands.
  ///   - target: The same backbone, declared with another family.
  ///   - start: Where the target begins; keeps what neither network's counterpart nor a fit determines.
  /// - Throws: If the backbones differ, the source has no kernels of its own, a number is not finite, or the target's family has no fit.
  public init(
    of source: Network, at trained: Parameters, to target: Network, from start: Parameters
  ) throws(ConfigurationError) {
    let (old, new) = (source.made.convolutions, target.made.convolutions)
    try Self.refuseOther(new.map(\.site), than: old.map(\.site))
    if let inner = old.first(where: \.dependsOnBatch) {
      throw ConfigurationError(
        field: "parameters", value: inner.site.path,
        reason: "it normalises within itself, so no kernel stands for it on every batch",
        remedy: "Convert a network that was trained without, for dsb with option norm=none")
    }
    // A head for other classes stays as the target draws it.
    let drawn = target.headWeight(start)
    let head = source.headWeight(trained.detached)?.detached
    let taken = head?.shape == drawn?.shape ? head : drawn?.detached
    let convolutions = target.convolutions
    // A head that the target's family makes comes behind the backbone's convolutions.
    var kernels = old.map { $0.kernel(trained.detached).detached }
    if let taken, target.made.head != nil {
      kernels.append(taken.reshaped([taken.shape[0], taken.shape[1], 1, 1]))
    }
    if let bad = zip(convolutions, kernels).first(where: { !$0.1.scalars.allSatisfy(\.isFinite) }) {
      throw ConfigurationError(
        field: "parameters", value: bad.0.site.path,
        reason: "its kernel holds numbers that are not finite",
        remedy: "Use a checkpoint from before the training diverged")
    }
    let copied = target.replacingHeadWeight(with: taken, in: Self.copy(trained, to: start))
    guard let fitted = try target.made.fitting(to: kernels, from: copied) else {
      throw ConfigurationError(
        field: "family", value: target.made.family, reason: "no fit to dense kernels is defined for it",
        remedy: "Use a family that has one, such as acdc, svd or fsnet")
    }
    parameters = fitted
    var (missed, all) = (0.0, 0.0)
    layers = zip(convolutions, kernels).map { convolution, kernel in
      let rest = Self.energy(convolution.kernel(fitted) - kernel)
      let size = Self.energy(kernel)
      missed += rest
      all += size
      return Layer(
        path: convolution.site.path, error: size > 0 ? (rest / size).squareRoot() : rest.squareRoot(),
        kernelNumbers: kernel.count)
    }
    totalError = all > 0 ? (missed / all).squareRoot() : missed.squareRoot()
  }

  /// The start with everything that has the same path, role and shape in what was trained.
  public static func copy(_ trained: Parameters, to start: Parameters) -> Parameters {
    let pairs = start.layout.refs.compactMap { ref -> (ParameterRef, Tensor)? in
      let entry = start.layout[ref]
      guard let theirs = trained.layout.ref(at: entry.path), trained.layout[theirs].role == entry.role,
        trained.layout[theirs].shape == entry.shape
      else { return nil }
      return (ref, trained[theirs].detached)
    }
    return start.replacing(pairs.map(\.0), with: pairs.map(\.1))
  }

  private static func energy(_ tensor: Tensor) -> Double {
    tensor.scalars.reduce(0) { $0 + Double($1) * Double($1) }
  }
}

extension Conversion {
  /// Refuses a network whose convolutions are not those of the trained one, by the first that differs.
  private static func refuseOther(_ new: [ConvSite], than old: [ConvSite]) throws(ConfigurationError) {
    guard new != old else { return }
    let first = zip(new, old).map(!=).firstIndex(of: true) ?? min(new.count, old.count)
    func words(_ sites: [ConvSite]) -> String {
      guard first < sites.count else { return "no convolution" }
      let site = sites[first]
      return "\(site.path) [\(site.outputs), \(site.inputs), \(site.kernel), \(site.kernel)]"
        + (site.stride > 1 ? " at stride \(site.stride)" : "")
    }
    throw ConfigurationError(
      field: "backbone", value: words(new),
      reason:
        "the trained network has \(words(old)) there, the first difference in \(old.count) convolutions",
      remedy: "Use the backbone, filters and images it was trained with")
  }
}
