internal import Formats
internal import Foundation

/// A computation in ONNX, opset 17: nodes in order, and the numbers they use.
///
/// - Source: onnx.proto of the ONNX project, version 1.12, for the numbers of fields.
struct OnnxGraph {
  /// Numbers under a name, in the model or in a file beside it.
  enum Constant {
    /// Floats in the model.
    case floats([Float], shape: [Int])
    /// Whole numbers in the model.
    case integers([Int])
    /// Floats in another file, from a byte on.
    case external(file: String, offset: Int, shape: [Int])
  }

  /// What an attribute of a node says.
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case float(Double)
  }

  private struct Node {
    let kind: String
    let inputs: [String]
    let output: String
    let attributes: [(name: String, value: Attribute)]
  }

  private var nodes: [Node] = []
  private var constants: [(name: String, value: Constant)] = []
  /// Inputs and outputs: names and extents; nil for a number of images.
  private var inputs: [(name: String, extents: [Int?])] = []
  private var outputs: [(name: String, extents: [Int?])] = []
  private var count = 0

  /// The largest opset whose nodes are used.
  static let opset = 17

  /// Adds an input of floats.
  mutating func input(_ name: String, _ extents: [Int?]) -> String {
    inputs.append((name, extents))
    return name
  }

  /// Makes a value an output.
  mutating func output(_ name: String, _ extents: [Int?]) { outputs.append((name, extents)) }

  /// Adds numbers, once for each name.
  mutating func constant(_ name: String, _ value: Constant) -> String {
    if !constants.contains(where: { $0.name == name }) { constants.append((name, value)) }
    return name
  }

  /// Adds a node.
  ///
  /// - Parameters:
  ///   - kind: The operator, as in `Conv`.
  ///   - inputs: Names of values.
  ///   - name: The name of its output; nil for one of its own.
  ///   - attributes: What it is told.
  /// - Returns: The name of its output.
  mutating func add(
    _ kind: String, _ inputs: [String], named name: String? = nil,
    _ attributes: KeyValuePairs<String, Attribute> = [:]
  ) -> String {
    count += 1
    let output = name ?? "\(kind.lowercased())\(count)"
    nodes.append(
      Node(kind: kind, inputs: inputs, output: output, attributes: attributes.map { ($0.key, $0.value) }))
    return output
  }

  /// The bytes of the model's file.
  ///
  /// - Parameters:
  ///   - name: The name of the graph.
  ///   - metadata: Text by key, in the order of the keys.
  ///   - version: Version of this program.
  /// - Returns: A serialised ModelProto.
  func model(named name: String, metadata: [String: String], version: String) -> Data {
    var model = ProtobufWriter()
    model.integer(1, 8)
    model.text(2, "fewshot")
    model.text(3, version)
    model.message(7) { graph in
      for node in nodes { graph.message(1) { write(node, into: &$0) } }
      graph.text(2, name)
      for constant in constants { graph.message(5) { write(constant.value, constant.name, into: &$0) } }
      for value in inputs { graph.message(11) { write(value.name, value.extents, into: &$0) } }
      for value in outputs { graph.message(12) { write(value.name, value.extents, into: &$0) } }
    }
    model.message(8) { opset in
      opset.text(1, "")
      opset.integer(2, Self.opset)
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      model.message(14) { entry in
        entry.text(1, key)
        entry.text(2, value)
      }
    }
    return Data(model.bytes)
  }

  private func write(_ node: Node, into message: inout ProtobufWriter) {
    for input in node.inputs { message.text(1, input) }
    message.text(2, node.output)
    message.text(3, node.output)
    message.text(4, node.kind)
    for attribute in node.attributes {
      message.message(5) { inner in
        inner.text(1, attribute.name)
        switch attribute.value {
        case .float(let value):
          inner.float(2, Float(value))
          inner.integer(20, 1)
        case .integer(let value):
          inner.integer(3, value)
          inner.integer(20, 2)
        case .integers(let values):
          for value in values { inner.integer(8, value) }
          inner.integer(20, 7)
        }
      }
    }
  }

  private func write(_ value: Constant, _ name: String, into message: inout ProtobufWriter) {
    switch value {
    case .floats(let numbers, let shape):
      for extent in shape { message.integer(1, extent) }
      message.integer(2, 1)
      message.text(8, name)
      message.blob(9, OnnxGraph.bytes(of: numbers))
    case .integers(let numbers):
      message.integer(1, numbers.count)
      message.integer(2, 7)
      message.text(8, name)
      message.blob(
        9, numbers.flatMap { n in (0..<8).map { UInt8(truncatingIfNeeded: n >> ($0 * 8)) } })
    case .external(let file, let offset, let shape):
      for extent in shape { message.integer(1, extent) }
      message.integer(2, 1)
      message.text(8, name)
      let length = 4 * shape.reduce(1, *)
      for (key, text) in [("location", file), ("offset", "\(offset)"), ("length", "\(length)")] {
        message.message(13) { entry in
          entry.text(1, key)
          entry.text(2, text)
        }
      }
      message.integer(14, 1)
    }
  }

  private func write(_ name: String, _ extents: [Int?], into message: inout ProtobufWriter) {
    message.text(1, name)
    message.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, 1)
        tensor.message(2) { shape in
          for extent in extents {
            shape.message(1) { dimension in
              if let extent { dimension.integer(1, extent) } else { dimension.text(2, "images") }
            }
          }
        }
      }
    }
  }

  /// Floats as bytes, little-endian.
  static func bytes(of numbers: [Float]) -> [UInt8] {
    numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) } }
  }
}
