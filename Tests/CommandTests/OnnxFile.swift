import Foundation
import Testing

/// What an ONNX file says, read by the numbers of the fields in onnx.proto.
struct OnnxFile {
  struct Node {
    var kind = ""
    var inputs: [String] = []
    var outputs: [String] = []
  }

  struct Constant {
    var name = ""
    var extents: [Int] = []
    var bytes: [UInt8] = []
    /// `location`, `offset` and `length` of numbers in another file.
    var external: [String: String] = [:]
    var type = 0
  }

  var opset = 0
  var nodes: [Node] = []
  var constants: [Constant] = []
  var inputs: [String] = []
  var outputs: [String] = []
  var metadata: [String: String] = [:]

  /// One field of a message: its number, and a whole number or bytes.
  private enum Value {
    case number(UInt64)
    case bytes([UInt8])
  }

  private static func fields(_ bytes: [UInt8]) throws -> [(Int, Value)] {
    var (result, i): ([(Int, Value)], Int) = ([], 0)
    func varint() throws -> UInt64 {
      var (value, shift) = (UInt64(0), UInt64(0))
      while true {
        try #require(i < bytes.count && shift < 64)
        value |= UInt64(bytes[i] & 0x7f) << shift
        i += 1
        if bytes[i - 1] < 0x80 { return value }
        shift += 7
      }
    }
    while i < bytes.count {
      let key = try varint()
      switch key & 7 {
      case 0: result.append((Int(key >> 3), .number(try varint())))
      case 2:
        let length = Int(try varint())
        try #require(i + length <= bytes.count)
        result.append((Int(key >> 3), .bytes(Array(bytes[i..<i + length]))))
        i += length
      case 5:
        try #require(i + 4 <= bytes.count)
        result.append((Int(key >> 3), .bytes(Array(bytes[i..<i + 4]))))
        i += 4
      default:
        Issue.record("a field of kind \(key & 7)")
        return result
      }
    }
    return result
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func pair(_ bytes: [UInt8]) throws -> (String, String) {
    var both = ("", "")
    for case (let field, .bytes(let value)) in try fields(bytes) {
      if field == 1 { both.0 = text(value) } else { both.1 = text(value) }
    }
    return both
  }

  private static func name(_ bytes: [UInt8]) throws -> String {
    for case (1, .bytes(let value)) in try fields(bytes) { return text(value) }
    return ""
  }

  init(_ url: URL) throws {
    for case (let field, .bytes(let bytes)) in try Self.fields([UInt8](Data(contentsOf: url))) {
      switch field {
      case 7: try readGraph(bytes)
      case 8:
        for case (2, .number(let version)) in try Self.fields(bytes) { opset = Int(version) }
      case 14:
        let (key, value) = try Self.pair(bytes)
        metadata[key] = value
      default: break
      }
    }
  }

  private mutating func readGraph(_ bytes: [UInt8]) throws {
    for case (let field, .bytes(let inner)) in try Self.fields(bytes) {
      switch field {
      case 1:
        var node = Node()
        for case (let field, .bytes(let value)) in try Self.fields(inner) {
          if field == 1 { node.inputs.append(Self.text(value)) }
          if field == 2 { node.outputs.append(Self.text(value)) }
          if field == 4 { node.kind = Self.text(value) }
        }
        nodes.append(node)
      case 5:
        var constant = Constant()
        for (field, value) in try Self.fields(inner) {
          switch (field, value) {
          case (1, .number(let extent)): constant.extents.append(Int(extent))
          case (2, .number(let type)): constant.type = Int(type)
          case (8, .bytes(let name)): constant.name = Self.text(name)
          case (9, .bytes(let raw)): constant.bytes = raw
          case (13, .bytes(let entry)):
            let (key, value) = try Self.pair(entry)
            constant.external[key] = value
          default: break
          }
        }
        constants.append(constant)
      case 11: inputs.append(try Self.name(inner))
      case 12: outputs.append(try Self.name(inner))
      default: break
      }
    }
  }
}
