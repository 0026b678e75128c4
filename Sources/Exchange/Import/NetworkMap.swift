internal import Formats
internal import Networks
internal import Settings

/// Which network a state dict of another program becomes, and which of its tensors goes where.
package struct NetworkMap: Sendable {
  /// How it was named: a built-in map, or a file.
  package let name: String
  /// The network, as settings of a run.
  let settings: [Setting]
  /// The name of the tensor for a path here; nil for none.
  let source: @Sendable (_ path: String) -> String?
  /// Names of tensors that have no part in the network; a star stands for any text.
  let ignored: [String]
  /// The ε of the network's normalisations.
  let epsilon: Double

  /// A map from its parts.
  init(
    name: String, settings: [Setting], ignored: [String], epsilon: Double = 1e-5,
    source: @escaping @Sendable (_ path: String) -> String?
  ) {
    (self.name, self.settings, self.ignored) = (name, settings, ignored)
    (self.epsilon, self.source) = (epsilon, source)
  }

  /// The built-in maps by name: networks of torchvision, and the backbone here that computes the same.
  private static let builtIn = [
    "torchvision-resnet18": "resnet18-imagenet", "torchvision-resnet34": "resnet34-imagenet",
    "torchvision-resnet50": "resnet50",
  ]

  /// Names of the built-in maps.
  package static let names = builtIn.keys.sorted()

  /// Backbones of torchvision's form.
  static let torchvisionBackbones = Set(builtIn.values).union(["resnet101"])

  /// The map of a name, or of a file.
  ///
  /// - Parameter text: A built-in name, or the path of a mapping.
  /// - Throws: ``ConfigurationError`` if it is neither; what reading the file throws.
  package init(_ text: String) throws {
    guard let backbone = Self.builtIn[text] else {
      guard text.hasSuffix(".yaml") || text.hasSuffix(".yml") || text.hasSuffix(".json") || text.contains("/")
      else {
        throw ConfigurationError(
          field: "map", value: text, reason: "there is no such map, and a file ends in .yaml",
          remedy: NearestName.of(text, among: Self.names).map { "The nearest name is \($0)" }
            ?? "Use \(Self.names.joined(separator: ", ")) or a file")
      }
      try self.init(parsing: ConfigurationFile.text(of: text), from: text)
      return
    }
    self.init(
      name: text,
      settings: [
        Setting("backbone", backbone), Setting("channels", "3"), Setting("image-size", "224"),
        // Tested on the middle 224 pixels of 256.
        Setting("crop", "0.875"), Setting("invert", "false"), Setting("pixel-statistics", "imagenet"),
      ], ignored: ["fc.weight", "fc.bias", "*num_batches_tracked"],
      source: { TorchNames.torchvision($0) })
  }

  /// Whether a tensor has no part in the network.
  func ignores(_ name: String) -> Bool {
    ignored.contains { pattern in
      let parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
      guard parts.count > 1 else { return name == pattern }
      return parts.count == 2 && name.count >= pattern.count - 1 && name.hasPrefix(parts[0])
        && name.hasSuffix(parts[1])
    }
  }
}
