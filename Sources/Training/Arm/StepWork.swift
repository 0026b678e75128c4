internal import MetaLearning
package import Networks
internal import Tensors

/// Multiply-adds of convolutions, alignment and head in one inner step on one image, in both evaluations.
///
/// Every layer goes forward. A layer behind the first that adapts passes the gradient on to its input, which costs a
/// convolution as much as going forward. A convolution that adapts needs a gradient of its own: with dense kernels
/// that of the kernel, again as much; with factors what the family states, or, where no gradient is passed on, one
/// way back through the factors. Turning a kernel's gradient into that of its factors does not depend on the images
/// and is not counted, nor are norms, activations and pooling.
///
/// - Source: ours; for atoms the same counts as in Wang et al. 2020 (ACDC) follow.
package struct StepWork {
  /// One use of a convolution, in the order of the backbone's uses.
  package struct Item {
    package let layer: Int
    package let dense: Int
    package let factored: Int
  }

  package let items: [Item]
  package let head: Int
  /// The product of the features with the matrix behind them; 0 where there is none.
  package let alignment: Int

  /// Counts.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - adapted: What its inner loop changes.
  ///   - sources: Which of that enters which kernel.
  package init(_ network: Network, adapted: [AdaptedTensor], _ sources: KernelSources) {
    let layout = network.layout
    let uses = network.backbone.uses
    let own = adapted.filter { layout[$0.ref].role != .head }.compactMap { layout[$0.ref].layer }
    // A vector that scales and shifts normalisations is reached from every one of them.
    let filmed = network.film.flatMap { film in
      adapted.contains { $0.ref == film.context } ? film.parts.compactMap(\.normalisation.layer).min() : nil
    }
    let first =
      (own + [filmed].compactMap(\.self) + uses.filter { !sources[$0.convolution].isEmpty }.map(\.layer))
      .min() ?? Int.max
    items = uses.map { use in
      let work = use.convolution.multiplyAdds(use.geometry, in: layout)
      let roles = Set(sources[use.convolution].map { layout[$0.ref].role })
      let passesOn = use.layer > first
      let dense = work.dense * (1 + (passesOn ? 1 : 0) + (roles.isEmpty ? 0 : 1))
      guard let forward = work.factored else {
        return Item(layer: use.layer, dense: dense, factored: dense)
      }
      let gradient =
        passesOn ? work.gradients(of: roles) : roles.isEmpty ? 0 : forward
      return Item(
        layer: use.layer, dense: dense, factored: forward * (passesOn ? 2 : 1) + gradient)
    }
    let features = network.backbone.features
    let aligns = adapted.contains { $0.ref == network.alignment }
    alignment =
      network.alignment == nil
      ? 0 : features * features * (1 + (first < Int.max ? 1 : 0) + (aligns ? 1 : 0))
    let product = (network.ways ?? 0) * features
    let bias = layout.ref(at: "head.bias")
    let adapts = adapted.contains { layout[$0.ref].role == .head && $0.ref != bias }
    head = product * (1 + (first < Int.max || aligns ? 1 : 0) + (adapts ? 1 : 0))
  }

  /// A step but for its head, with each layer in the cheaper of its evaluations.
  var cheapest: Int { items.reduce(alignment) { $0 + min($1.dense, $1.factored) } }
}
