internal import ConvFamilies
internal import Exchange
internal import Formats
internal import SafeTensors

/// A tiny network as another program would save it, and maps of its names.
enum ForeignNetwork {
  /// A map in the names of PyTorch, and one with little in it.
  static let maps = [
    """
    backbone: conv4-strided
    channels: 1
    image-size: 16
    crop: 0.875
    norm-epsilon: 0.001
    ignore: ["*num_batches_tracked", fc.weight]
    tensors:
      layer{n}.conv.kernel: layers.{n-1}.conv.weight
      layer{n}.norm.scale: layers.{n-1}.norm.weight
      layer{n}.norm.shift: layers.{n-1}.norm.bias
      layer{n}.norm.mean: layers.{n-1}.norm.running_mean
      layer{n}.norm.variance: layers.{n-1}.norm.running_var
    """,
    #"{"backbone":"conv4-strided","channels":1,"ignore":["*"],"#
      + #""tensors":{"layer{i}.conv.kernel":"layers.{i-1}.conv.weight","#
      + #""layer{i}.norm.scale":"layers.{i-1}.norm.weight","layer{i}.norm.shift":"layers.{i-1}.norm.bias"}}"#,
  ]

  private static let state: SafeTensorsFile = {
    var file = SafeTensorsFile(metadata: ["format": "pt"])
    func set(_ name: String, _ shape: [Int], _ value: Float) {
      file[name] = .init(floats: Array(repeating: value, count: shape.reduce(1, *)), shape: shape)
    }
    for n in 0..<4 {
      set("layers.\(n).conv.weight", [2, n == 0 ? 1 : 2, 3, 3], 0.1)
      for (part, value) in [("weight", 1), ("bias", 0), ("running_mean", 0.5), ("running_var", 2)] {
        set("layers.\(n).norm.\(part)", [2], Float(value))
      }
      file["layers.\(n).norm.num_batches_tracked"] = .init(int64s: [3], shape: [])
    }
    set("fc.weight", [2, 2], 1)
    return file
  }()

  /// The network.
  static var seeds: [[UInt8]] { [state.encoded()] }

  /// Reads bytes as a state dict.
  static func check(_ bytes: [UInt8]) throws {
    try make(bytes, NetworkMap(parsing: maps[0], from: "map"))
  }

  /// Reads bytes as a map, and makes of the state dict what it says.
  static func checkMap(_ bytes: [UInt8]) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    try make(state.encoded(), NetworkMap(parsing: text, from: "map"))
  }

  /// What is accepted has a place for every tensor that it does not say it left out.
  private static func make(_ bytes: [UInt8], _ map: NetworkMap) throws {
    let network: NetworkImport
    do {
      network = try NetworkImport(
        parsing: bytes, from: "state", map, families: FamilyRegistry.families)
    } catch let error as ImportError {
      throw FewFaults(error)
    }
    let names = try SafeTensorsFile(bytes: bytes).names
    guard case .list(let items) = network.document["tensors"],
      let left = network.document["left_out"]?.strings
    else { preconditionFailure("a network without its tensors") }
    precondition(Set(items.compactMap { $0["from"]?.string }).count + left.count == names.count)
  }

  /// A line for each of many faults, of which the first are enough here.
  private struct FewFaults: Error, CustomStringConvertible {
    let description: String

    init(_ error: ImportError) {
      description = "\(error)".split(separator: "\n").prefix(3).joined(separator: "\n")
    }
  }
}
