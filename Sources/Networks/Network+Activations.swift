public import Tensors

extension Network {
  /// What every layer makes of some images: the backbone's blocks from the images on and, if there is one, the head.
  ///
  /// - Parameters:
  ///   - images: `[N, H, W, C]`, normalised by their own statistics.
  ///   - parameters: Where to evaluate.
  /// - Returns: Names and outputs flattened to `[N, …]`, one row per image; the head's are its class scores.
  public func activations(_ images: Tensor, _ parameters: Parameters) -> [(layer: String, rows: Tensor)] {
    var found: [(layer: String, rows: Tensor)] = []
    let x = backbone.features(images, parameters.atStartOfPass) { block, output in
      found.append((block, output.reshaped([output.shape[0], output.count / output.shape[0]])))
    }
    if let scores = scores(of: x, parameters) { found.append(("head", scores)) }
    return found
  }
}
