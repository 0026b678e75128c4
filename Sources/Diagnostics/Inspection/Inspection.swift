internal import Kernels
package import Networks
package import Settings
internal import Tensors
internal import Training

/// What a network is made of: layers, parameters by role, work per image, and what an inner step does.
package struct Inspection: Hashable, Sendable {
  /// One layer of the body, what layers share, what is behind the features, or the head.
  package struct Row: Hashable, Sendable {
    /// `layer2`, `shared`, `alignment` or `head`.
    package let name: String
    /// The path of the layer's convolution on the main path; nil if the row is not a layer.
    package let path: String?
    /// Channels in and out and the side of what comes in; nil for what is shared.
    package let size: Size?
    /// How many numbers it holds.
    package let parameters: Int
    /// Multiply-adds on one image, forward.
    package let forward: Work
    /// Multiply-adds on one image in an inner step: forward, backward as far as needed, gradients of what adapts.
    package let step: Work
  }

  /// Multiply-adds in both evaluations.
  package struct Work: Hashable, Sendable {
    /// With dense kernels.
    package var dense = 0
    /// With factors where the family has them.
    package var factored = 0

    static func + (a: Work, b: Work) -> Work {
      Work(dense: a.dense + b.dense, factored: a.factored + b.factored)
    }
  }

  /// The extents of a layer.
  package struct Size: Hashable, Sendable {
    /// Input channels, or features.
    package let inputs: Int
    /// Output channels, or classes.
    package let outputs: Int
    /// Side of the incoming image; nil for alignment and head.
    package let side: Int?
  }

  /// What stands behind one role.
  package struct Role: Hashable, Sendable {
    /// Its name.
    package let role: String
    /// How many tensors have it.
    package let tensors: Int
    /// How many numbers they hold.
    package let parameters: Int
    /// How many tensors the inner loop changes, in whole or in part.
    package let adaptedTensors: Int
    /// How many numbers the inner loop changes.
    package let adapted: Int
    /// How much further a step on it moves kernels; nil if it adapts nothing or enters no kernel.
    package let amplification: Amplification?
  }

  /// The layers in order, then what they share, then what is behind the features, then the head.
  package let rows: [Row]
  /// The roles in order of declaration.
  package let roles: [Role]
  /// The extents that training may lower.
  package let ranks: [Rank]

  /// Counts, and measures amplification.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - adapted: What its inner loop changes.
  ///   - parameters: Where amplification is measured; not evaluated if nothing in the body adapts.
  package init(network: Network, adapted: [AdaptedTensor], at parameters: @autoclosure () -> Parameters) {
    let layout = network.layout
    let body = layout.entries.filter { $0.role != .head && $0.isLearned }
    // Made at most once: for wide factored networks that takes seconds.
    lazy var point = parameters()
    let sources = KernelSources(network, adapted: adapted) { point }
    let step = StepWork(network, adapted: adapted, sources)
    var rows = Self.layers(network.backbone.uses, step, layout)
    let aligned = network.alignment.map { layout[$0].shape.count } ?? 0
    let shared = body.filter { $0.layer == nil }.reduce(0) { $0 + $1.shape.count } - aligned
    if shared > 0 {
      rows.append(
        Row(name: "shared", path: nil, size: nil, parameters: shared, forward: Work(), step: Work()))
    }
    let features = network.backbone.features
    if aligned > 0 {
      rows.append(
        Row(
          name: "alignment", path: nil, size: Size(inputs: features, outputs: features, side: nil),
          parameters: aligned, forward: Work(dense: aligned, factored: aligned),
          step: Work(dense: step.alignment, factored: step.alignment)))
    }
    let head = layout.count(of: .head)
    if head > 0 {
      let ways = network.ways ?? 0
      rows.append(
        Row(
          name: "head", path: nil, size: Size(inputs: features, outputs: ways, side: nil), parameters: head,
          forward: Work(dense: features * ways, factored: features * ways),
          step: Work(dense: step.head, factored: step.head)))
    }
    self.rows = rows
    ranks = layout.ranks
    let amplification = Amplification.measure(network, adapted: adapted, sources) { point }
    roles = layout.roles.map { role in
      let own = adapted.filter { layout[$0.ref].role == role }
      return Role(
        role: role.rawValue, tensors: layout.entries.count { $0.role == role },
        parameters: layout.count(of: role), adaptedTensors: own.count,
        adapted: own.reduce(0) { $0 + $1.count(in: layout) },
        amplification: amplification.first { $0.role == role.rawValue })
    }
  }

  private static func layers(
    _ uses: [ConvolutionUse], _ step: StepWork, _ layout: ParameterLayout
  ) -> [Row] {
    Set(uses.map(\.layer)).sorted().map { number in
      let own = uses.filter { $0.layer == number }
      let work = own.map { $0.convolution.multiplyAdds($0.geometry, in: layout) }
      // A projection stands beside the main path.
      let main = own.first { $0.convolution.site.position > 0 }
      return Row(
        name: "layer\(number)", path: main?.convolution.site.path,
        size: main.map {
          let site = $0.convolution.site
          return Size(inputs: site.inputs, outputs: site.outputs, side: $0.geometry.height)
        },
        parameters: layout.entries.filter { $0.role != .head && $0.isLearned && $0.layer == number }.reduce(0)
        {
          $0 + $1.shape.count
        },
        forward: work.reduce(Work()) { $0 + Work(dense: $1.dense, factored: $1.factored ?? $1.dense) },
        step: step.items.filter { $0.layer == number }
          .reduce(Work()) { $0 + Work(dense: $1.dense, factored: $1.factored) })
    }
  }

  /// The sum of all rows but the head.
  package var body: Row { sum("body", rows.filter { $0.name != "head" }) }

  /// The sum of all rows.
  package var total: Row { sum("total", rows) }

  /// Numbers the inner loop changes.
  package var adapted: Int { roles.reduce(0) { $0 + $1.adapted } }

  private func sum(_ name: String, _ rows: [Row]) -> Row {
    Row(
      name: name, path: nil, size: nil, parameters: rows.reduce(0) { $0 + $1.parameters },
      forward: rows.reduce(Work()) { $0 + $1.forward }, step: rows.reduce(Work()) { $0 + $1.step })
  }
}

extension Inspection {
  /// Counts the network of a plan, and measures amplification where its seed lets training start.
  ///
  /// - Parameters:
  ///   - plan: The plan; its images are not read.
  ///   - families: The convolution families there are.
  /// - Throws: If the plan names what does not exist.
  package init(plan: Plan, families: [any ConvFamily.Type]) throws(ConfigurationError) {
    let plan = try plan.fittingBudget(families: families)
    let network = try plan.skeleton(families: families)
    self.init(
      network: network, adapted: try plan.adaptedTensors(of: network, families: families),
      at: network.layout.initialized(seed: plan.seed))
  }
}
