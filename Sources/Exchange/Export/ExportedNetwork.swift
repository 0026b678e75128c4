internal import Formats
internal import Kernels
internal import MetaLearning
package import Networks
internal import Settings
package import Studies
package import Tensors
internal import Training

/// The tensors of a network as another program holds them, each under its name there.
package struct ExportedNetwork: Sendable {
  /// One tensor.
  package struct Item: Sendable {
    /// Its name there.
    package let name: String
    /// Its numbers.
    package let value: Tensor
  }

  /// The tensors, from the images on.
  package let items: [Item]
  /// The blocks they belong to.
  let outline: BackboneOutline
  /// The names.
  let names: TorchNames
  /// Convolutions, by the path of each, whose kernel is a product of two tensors.
  let products: Set<String>

  /// Writes a network down.
  ///
  /// - Parameters:
  ///   - run: The network.
  ///   - parameters: Where.
  ///   - statistics: Given ones in place of the network's own, in the order of a pass; empty for its own.
  ///   - isDense: Whether every kernel is built; else those of atoms stay a product, of which a task changes little.
  /// - Throws: ``ConfigurationError`` if the network is no chain of such blocks, or normalises within a convolution.
  package init(
    _ run: TrainedRun, at parameters: Parameters, statistics: [ChannelStatistics] = [], isDense: Bool
  ) throws(ConfigurationError) {
    let network = run.arm.network
    // What a task scales and shifts is written as it comes out.
    let parameters = network.seen(parameters)
    guard let outline = network.backbone.outline else {
      throw ConfigurationError(
        field: "backbone", value: run.plan.backbone, reason: "it cannot be written down block by block",
        remedy: "Export a run with another backbone")
    }
    let names = TorchNames(backbone: run.plan.backbone)
    let layout = network.layout
    var items: [Item] = []
    var seen: Set<String> = []
    var products: Set<String> = []
    func add(_ path: String, _ value: Tensor) {
      guard seen.insert(path).inserted else { return }
      items.append(Item(name: names(path), value: value.detached))
    }
    for (i, layer) in outline.layers.enumerated() {
      let (convolution, path) = (layer.convolution, layer.convolution.site.path)
      if convolution.dependsOnBatch {
        throw ConfigurationError(
          field: "family", value: run.arm.family,
          reason: "\(path) normalises within itself, so no kernel stands for it on every batch",
          remedy: "Export a network that was trained without, for dsb with option norm=none")
      }
      if !isDense, let product = convolution.product(parameters) {
        products.insert(path)
        add(path + ".coefficients", product.coefficients)
        add(path + ".atoms", product.atoms)
      } else {
        add(path + ".kernel", convolution.kernel(parameters))
      }
      for part in [".scale", ".shift"] {
        if let ref = layout.ref(at: layer.norm + part) { add(layer.norm + part, parameters[ref]) }
      }
      let own = ["mean", "variance"].compactMap { layout.ref(at: "statistics.\(i + 1).\($0)") }
      if statistics.indices.contains(i) {
        add(layer.norm + ".mean", statistics[i].mean)
        add(layer.norm + ".variance", statistics[i].variance)
      } else if own.count == 2 {
        add(layer.norm + ".mean", parameters[own[0]])
        add(layer.norm + ".variance", parameters[own[1]])
      }
    }
    if let alignment = network.alignment { add("alignment.kernel", parameters[alignment]) }
    if let head = network.head(parameters) {
      add("head.kernel", head.weight)
      add("head.bias", head.bias)
    }
    (self.items, self.outline, self.names, self.products) = (items, outline, names, products)
  }

  /// The tensor of a path here; nil if there is none.
  subscript(path: String) -> Item? {
    let name = names(path)
    return items.first { $0.name == name }
  }

  /// The tensors that are not in another network, or are others there.
  package func changes(from other: ExportedNetwork) -> [Item] {
    let known = Dictionary(other.items.map { ($0.name, $0.value) }) { first, _ in first }
    return items.filter { item in
      known[item.name].map { $0.shape != item.value.shape || $0.scalars != item.value.scalars } ?? true
    }
  }
}
