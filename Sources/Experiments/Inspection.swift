public import Networks
internal import Tensors

/// What a network is made of: layers, parameters by role, work per image.
public struct Inspection: Hashable, Sendable {
  /// One layer of the body, what layers share, or the head.
  public struct Row: Hashable, Sendable {
    /// `layer2`, `shared` or `head`.
    public let name: String
    /// Channels in and out and the side of what comes in; nil for what is shared.
    public let size: Size?
    /// How many numbers it holds.
    public let parameters: Int
    /// Multiply-adds on one image with dense kernels.
    public let dense: Int
    /// Multiply-adds on one image with factors where the family has them.
    public let factored: Int
  }

  /// The extents of a layer.
  public struct Size: Hashable, Sendable {
    /// Input channels, or features.
    public let inputs: Int
    /// Output channels, or classes.
    public let outputs: Int
    /// Side of the incoming image; nil for the head.
    public let side: Int?
  }

  /// What stands behind one role.
  public struct Role: Hashable, Sendable {
    /// Its name.
    public let role: String
    /// How many tensors have it.
    public let tensors: Int
    /// How many numbers they hold.
    public let parameters: Int
    /// How many tensors the inner loop changes, in whole or in part.
    public let adaptedTensors: Int
    /// How many numbers the inner loop changes.
    public let adapted: Int
  }

  /// The layers in order, then what they share, then the head.
  public let rows: [Row]
  /// The roles in order of declaration.
  public let roles: [Role]

  /// Counts.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - adapted: What its inner loop changes.
  public init(network: Network, adapted: [AdaptedTensor]) {
    let layout = network.layout
    let body = layout.entries.filter { $0.role != .head }
    var rows = Self.layers(network.backbone.convolutions, body)
    let shared = body.filter { $0.layer == nil }.reduce(0) { $0 + $1.shape.count }
    if shared > 0 { rows.append(Row(name: "shared", size: nil, parameters: shared, dense: 0, factored: 0)) }
    let head = layout.count(of: .head)
    if head > 0 {
      let features = network.backbone.features
      let ways = head / (features + 1)
      rows.append(
        Row(
          name: "head", size: Size(inputs: features, outputs: ways, side: nil), parameters: head,
          dense: features * ways, factored: features * ways))
    }
    self.rows = rows
    roles = layout.roles.map { role in
      let own = adapted.filter { layout[$0.ref].role == role }
      return Role(
        role: role.rawValue, tensors: layout.entries.count { $0.role == role },
        parameters: layout.count(of: role), adaptedTensors: own.count,
        adapted: own.reduce(0) { $0 + $1.count(in: layout) })
    }
  }

  private static func layers(
    _ convolutions: [(convolution: any Convolution, geometry: ConvGeometry)],
    _ body: [ParameterLayout.Entry]
  ) -> [Row] {
    let numbers = Set(convolutions.map(\.convolution.site.layer)).sorted()
    return numbers.map { number in
      let own = convolutions.filter { $0.convolution.site.layer == number }
      let work = own.map { $0.convolution.multiplyAdds($0.geometry) }
      return Row(
        name: "layer\(number)",
        size: own.first.map {
          let site = $0.convolution.site
          return Size(inputs: site.inputs, outputs: site.outputs, side: $0.geometry.height)
        },
        parameters: body.filter { $0.layer == number }.reduce(0) { $0 + $1.shape.count },
        dense: work.reduce(0) { $0 + $1.dense },
        factored: work.reduce(0) { $0 + ($1.factored ?? $1.dense) })
    }
  }

  /// The sum of all rows but the head.
  public var body: Row { sum("body", rows.filter { $0.name != "head" }) }

  /// The sum of all rows.
  public var total: Row { sum("total", rows) }

  /// Numbers the inner loop changes.
  public var adapted: Int { roles.reduce(0) { $0 + $1.adapted } }

  private func sum(_ name: String, _ rows: [Row]) -> Row {
    Row(
      name: name, size: nil, parameters: rows.reduce(0) { $0 + $1.parameters },
      dense: rows.reduce(0) { $0 + $1.dense }, factored: rows.reduce(0) { $0 + $1.factored })
  }
}

extension Inspection {
  /// Counts the network of a plan.
  ///
  /// - Parameters:
  ///   - plan: The plan; its data are not touched.
  ///   - families: The convolution families there are.
  /// - Throws: If the plan names what does not exist.
  public init(plan: Plan, families: [any ConvFamily.Type]) throws(ConfigurationError) {
    let network = try plan.skeleton(families: families)
    self.init(network: network, adapted: try plan.adaptedTensors(of: network, families: families))
  }
}
