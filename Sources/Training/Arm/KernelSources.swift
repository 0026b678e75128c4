internal import MetaLearning
package import Networks
internal import Tensors

/// Which adapted tensors enter which convolution's kernel.
///
/// It is found and not declared: a kernel built from parameters of which one is tracked is itself tracked if it depends
/// on that one.
package struct KernelSources {
  private let byPath: [String: [AdaptedTensor]]

  /// Looks at every convolution of a network.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - adapted: What its inner loop changes.
  ///   - parameters: Any point of its layout; not evaluated if nothing in the body adapts.
  package init(_ network: Network, adapted: [AdaptedTensor], _ parameters: () -> Parameters) {
    let layout = network.layout
    guard adapted.contains(where: { layout[$0.ref].role != .head }) else {
      byPath = [:]
      return
    }
    let constants = parameters().detached
    var byPath: [String: [AdaptedTensor]] = [:]
    for (convolution, _) in network.backbone.convolutions {
      let site = convolution.site
      byPath[site.path] = adapted.filter { tensor in
        let entry = layout[tensor.ref]
        guard entry.role != .head, entry.layer == nil || entry.layer == site.layer else { return false }
        let leaf = constants.replacing([tensor.ref], with: [constants[tensor.ref].leaf])
        return convolution.kernel(leaf).isTracked
      }
    }
    self.byPath = byPath
  }

  /// The adapted tensors that enter this convolution's kernel.
  package subscript(convolution: any Convolution) -> [AdaptedTensor] { byPath[convolution.site.path] ?? [] }
}
