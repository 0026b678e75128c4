public import Tensors

extension Network {
  /// What every layer makes of some images: the backbone's blocks from the images on and, where they are, the
  /// alignment of the features and the head.
  ///
  /// - Parameters:
  ///   - images: `[N, H, W, C]`.
  ///   - parameters: Where to evaluate.
  ///   - statistics: What the layers normalise by.
  /// - Returns: Names and outputs flattened to `[N, …]`, one row per image; the head's are its class scores.
  /// - Precondition: given statistics are as many as the network has normalisations.
  public func activations(
    _ images: Tensor, _ parameters: Parameters, statistics: StatisticsSource = .batch
  ) -> [(layer: String, rows: Tensor)] {
    var found: [(layer: String, rows: Tensor)] = []
    var x = NormalisationPass.run(by: source(statistics, parameters)) { pass in
      body(images, parameters, &pass) { block, output in
        found.append((block, output.reshaped([output.shape[0], output.count / output.shape[0]])))
      }
    }
    if let aligned = aligned(x, parameters) {
      x = aligned
      found.append(("alignment", x))
    }
    if let scores = scores(of: x, parameters) { found.append(("head", scores)) }
    return found
  }
}
