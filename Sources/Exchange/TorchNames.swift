internal import Networks

/// What PyTorch calls the tensors of a network.
///
/// Here a kernel is `<convolution>.kernel`, and a normalisation has `.scale`, `.shift`, `.mean` and `.variance`; there both
/// have `.weight`, a norm `.bias`, `.running_mean` and `.running_var`. Networks of torchvision's form take its names.
package enum TorchNames: Sendable {
  /// Those of torchvision's residual networks.
  case torchvision
  /// The paths of this program.
  case plain

  /// The names for a backbone.
  ///
  /// - Parameter backbone: Its name in `--backbone`.
  package init(backbone: String) {
    self = NetworkMap.torchvisionBackbones.contains(backbone) ? .torchvision : .plain
  }

  /// The name of a tensor.
  ///
  /// - Parameter path: Its path here.
  /// - Returns: Its name there.
  package func callAsFunction(_ path: String) -> String {
    let parts = path.split(separator: ".").map(String.init)
    guard let last = parts.last else { return path }
    let kind = Self.kinds[last] ?? last
    guard self == .torchvision else { return (parts.dropLast() + [kind]).joined(separator: ".") }
    if parts[0] == "stem", parts.count == 3 { return (parts[1] == "conv" ? "conv1." : "bn1.") + kind }
    if parts[0] == "head" { return "fc." + kind }
    guard parts.count >= 4, let stage = Self.number(parts[0], behind: "stage"),
      let block = Self.number(parts[1], behind: "block")
    else { return path }
    let inner =
      parts[2] == "shortcut"
      ? "downsample.\(parts[3] == "conv" ? 0 : 1)" : parts[2].replacing("norm", with: "bn")
    return "layer\(stage).\(block - 1).\(inner).\(kind)"
  }

  private static let kinds = [
    "kernel": "weight", "scale": "weight", "shift": "bias", "mean": "running_mean",
    "variance": "running_var",
  ]

  private static func number(_ word: String, behind start: String) -> Int? {
    word.hasPrefix(start) ? Int(word.dropFirst(start.count)) : nil
  }
}
