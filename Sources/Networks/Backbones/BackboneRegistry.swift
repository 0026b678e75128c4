internal import Formats

/// A backbone by name: what it is, how wide it is unless told otherwise, and how to make it.
public struct BackboneKind: Sendable, CustomStringConvertible {
  /// The name in `--backbone`.
  public let name: String
  /// One sentence for the list of backbones.
  public let summary: String
  /// Channels of its first layers as published, or as usual in this package; all widths are multiples of them.
  public let defaultFilters: Int
  /// The name, as in `--backbone`.
  public var description: String { name }
  private let build:
    @Sendable (Int, ImageShape, any ConvFamily, inout ParameterLayout) throws(ConfigurationError) ->
      any Backbone

  /// A plain network.
  init(_ form: Conv4.Form, filters: Int, _ summary: String) {
    name = form.rawValue
    self.summary = summary
    defaultFilters = filters
    build = { filters, image, family, layout throws(ConfigurationError) in
      try Conv4(form, filters: filters, image: image, family: family, in: &layout)
    }
  }

  /// A residual network whose shape follows from its first width.
  init(
    _ name: String, filters: Int, _ summary: String,
    _ shape: @escaping @Sendable (Int) throws(ConfigurationError) -> ResidualShape
  ) {
    self.name = name
    self.summary = summary
    defaultFilters = filters
    build = { filters, image, family, layout throws(ConfigurationError) in
      try ResidualNetwork(named: name, shape(filters), image: image, family: family, in: &layout)
    }
  }

  /// Declares a backbone's parameters.
  ///
  /// - Parameters:
  ///   - filters: Channels of its first layers; nil for ``defaultFilters``.
  ///   - image: What it reads.
  ///   - family: What its convolutions are made of.
  ///   - layout: Where the parameters are declared.
  /// - Returns: The backbone.
  /// - Throws: If the images are too small, or the width or the family does not suit it.
  public func backbone(
    filters: Int? = nil, image: ImageShape, family: any ConvFamily, in layout: inout ParameterLayout
  ) throws(ConfigurationError) -> any Backbone {
    try build(filters ?? defaultFilters, image, family, &layout)
  }
}

/// The backbones by name.
public enum BackboneRegistry {
  /// All backbones, the plain ones first.
  public static let backbones: [BackboneKind] = [
    BackboneKind(.pooled, filters: 32, "four layers, max-pooling after each, all positions as features"),
    BackboneKind(.strided, filters: 32, "four layers of stride 2, features averaged over space"),
    BackboneKind(.six, filters: 32, "as conv4, and two more layers that do not pool"),
    BackboneKind("resnet12", filters: 64, "few-shot ResNet-12, widths 1, 2.5, 5, 10 times the first") {
      filters throws(ConfigurationError) in
      guard filters % 2 == 0 else {
        throw ConfigurationError(
          field: "filters", value: "\(filters)", reason: "resnet12 is 2.5 times as wide in its second block",
          remedy: "Use an even number")
      }
      return .twelve(widths: [filters, filters * 5 / 2, filters * 5, filters * 10])
    },
    BackboneKind("resnet12-512", filters: 64, "few-shot ResNet-12, widths 1, 2, 4, 8 times the first") {
      .twelve(widths: [$0, $0 * 2, $0 * 4, $0 * 8])
    },
    BackboneKind("resnet10", filters: 64, "ResNet-10 with a 3×3 stem, for small images") {
      .basic(blocks: [1, 1, 1, 1], width: $0, stem: .small)
    },
    BackboneKind("resnet18", filters: 64, "ResNet-18 with a 3×3 stem, for small images") {
      .basic(blocks: [2, 2, 2, 2], width: $0, stem: .small)
    },
    BackboneKind("resnet34", filters: 64, "ResNet-34 with a 3×3 stem, for small images") {
      .basic(blocks: [3, 4, 6, 3], width: $0, stem: .small)
    },
    BackboneKind("resnet18-imagenet", filters: 64, "ResNet-18 with a 7×7 stem and max-pooling") {
      .basic(blocks: [2, 2, 2, 2], width: $0, stem: .large)
    },
    BackboneKind("resnet34-imagenet", filters: 64, "ResNet-34 with a 7×7 stem and max-pooling") {
      .basic(blocks: [3, 4, 6, 3], width: $0, stem: .large)
    },
    BackboneKind("resnet20", filters: 16, "ResNet-20 for small images, shortcuts without parameters") {
      .small(blocks: 3, width: $0)
    },
    BackboneKind("resnet32", filters: 16, "ResNet-32 for small images, shortcuts without parameters") {
      .small(blocks: 5, width: $0)
    },
    BackboneKind("resnet56", filters: 16, "ResNet-56 for small images, shortcuts without parameters") {
      .small(blocks: 9, width: $0)
    },
    BackboneKind("resnet50", filters: 64, "ResNet-50: bottleneck blocks, 7×7 stem") {
      .bottleneck(blocks: [3, 4, 6, 3], width: $0)
    },
    BackboneKind("resnet101", filters: 64, "ResNet-101: bottleneck blocks, 7×7 stem") {
      .bottleneck(blocks: [3, 4, 23, 3], width: $0)
    },
    BackboneKind("resnet50-shared", filters: 64, "ResNet-50 whose stages share one 3×3 convolution (DSB)") {
      .bottleneck(blocks: [3, 4, 6, 3], width: $0, reuse: .spatial)
    },
    BackboneKind(
      "resnet50-shared++", filters: 64,
      "ResNet-50 whose stages share a 3×3 and the last 1×1 convolution (DSB)"
    ) {
      .bottleneck(blocks: [3, 4, 6, 3], width: $0, reuse: .spatialAndLast)
    },
    BackboneKind("resnet101-shared", filters: 64, "ResNet-101 whose stages share one 3×3 convolution (DSB)") {
      .bottleneck(blocks: [3, 4, 23, 3], width: $0, reuse: .spatial)
    },
  ]
}

extension [BackboneKind] {
  /// The backbone of a name, if there is one.
  public func kind(named name: String) -> BackboneKind? { first { $0.name == name } }

  /// The backbone of a name.
  ///
  /// - Throws: If there is none; the error names the nearest, or what there is.
  public func known(_ name: String) throws(ConfigurationError) -> BackboneKind {
    if let kind = kind(named: name) { return kind }
    let names = map(\.name)
    throw ConfigurationError(
      field: "backbone", value: name, reason: "there is no such backbone",
      remedy: NearestName.of(name, among: names).map { "The nearest name is \($0)" }
        ?? "Use \(names.joined(separator: ", "))")
  }
}
