internal import Formats
public import Foundation

extension SafeTensorsFile {
  /// The longest header that is read, 100 MB as in the format's own description.
  public static let headerLimit = 100_000_000

  /// Reads a file.
  ///
  /// - Parameter url: The file.
  /// - Throws: if the file cannot be read or breaks a rule of the format. No content makes it trap.
  public init(contentsOf url: URL) throws(SafeTensorsError) {
    // A pipe or a device can hang or never end.
    let kind = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)[.type]
    if let kind = kind as? FileAttributeType, kind != .typeRegular {
      throw SafeTensorsError(.unreadable(why: "it is not a regular file"), file: url.path)
    }
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw SafeTensorsError(.unreadable(why: error.localizedDescription), file: url.path)
    }
    do throws(SafeTensorsError) {
      try self.init(bytes: [UInt8](data))
    } catch {
      throw SafeTensorsError(error.problem, tensor: error.tensor, file: url.path)
    }
  }

  /// Reads the bytes of a file.
  ///
  /// Eight bytes give the length of the header, the header is JSON, and the rest is data. Every byte of the
  /// data belongs to exactly one tensor.
  ///
  /// - Parameter bytes: The whole file.
  /// - Throws: if a rule of the format is broken. No content makes it trap.
  public init(bytes: [UInt8]) throws(SafeTensorsError) {
    guard bytes.count >= 8 else { throw SafeTensorsError(.noHeaderLength(fileBytes: bytes.count)) }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let limit = min(Self.headerLimit, bytes.count - 8)
    guard length <= UInt64(limit) else { throw SafeTensorsError(.headerLength(length, limit: limit)) }
    let dataStart = 8 + Int(length)
    let header = try Self.header(bytes[8..<dataStart])
    guard case .object(let members) = header else {
      throw SafeTensorsError(.field("the header", expected: "an object"))
    }

    self.init(metadata: try Self.metadata(header[Self.metadataKey]))
    var extents: [TensorExtent] = []
    for member in members where member.key != Self.metadataKey {
      extents.append(try TensorExtent(member, dataBytes: bytes.count - dataStart))
    }
    try TensorExtent.checkTiling(extents, dataBytes: bytes.count - dataStart)
    for extent in extents {
      self[extent.name] = Entry(
        elementType: extent.elementType, shape: extent.shape,
        bytes: Array(bytes[dataStart + extent.begin..<dataStart + extent.end]))
    }
  }

  /// The header as a value: nested no deeper than the format needs, with arrays no longer than shapes and offsets.
  private static func header(_ bytes: ArraySlice<UInt8>) throws(SafeTensorsError) -> JSONValue {
    do throws(JSONError) {
      return try JSONReader.read(
        bytes, limits: .init(depth: 8, arrayLength: 64, allowsNUL: true, allowsLongIntegers: false))
    } catch {
      throw SafeTensorsError(
        error.repeatedName.map { .duplicateName($0) } ?? .notJSON(offset: error.offset, why: error.reason))
    }
  }

  private static func metadata(_ value: JSONValue?) throws(SafeTensorsError) -> [String: String] {
    guard let value else { return [:] }
    guard case .object(let members) = value else {
      throw SafeTensorsError(.field(metadataKey, expected: "an object of strings"))
    }
    var metadata: [String: String] = [:]
    for member in members {
      guard let text = member.value.string else {
        throw SafeTensorsError(.field("\(metadataKey).\(member.key)", expected: "a string"))
      }
      metadata[member.key] = text
    }
    return metadata
  }
}

/// What the header says about one tensor, checked against itself and the size of the data.
private struct TensorExtent {
  let name: String
  let elementType: ElementType
  let shape: [Int]
  let begin: Int
  let end: Int

  init(_ member: JSONValue.Member, dataBytes: Int) throws(SafeTensorsError) {
    name = member.key
    guard case .object = member.value else {
      throw SafeTensorsError(.field("its header entry", expected: "an object"), tensor: name)
    }
    guard let type = member.value["dtype"]?.string else {
      throw SafeTensorsError(.field("dtype", expected: "a string"), tensor: name)
    }
    guard let elementType = ElementType(rawValue: type) else {
      throw SafeTensorsError(.unknownElementType(type), tensor: name)
    }
    guard let shape = member.value["shape"]?.wholes else {
      throw SafeTensorsError(.field("shape", expected: "an array of integers"), tensor: name)
    }
    guard let offsets = member.value["data_offsets"]?.wholes, offsets.count == 2 else {
      throw SafeTensorsError(.field("data_offsets", expected: "an array of two integers"), tensor: name)
    }
    guard let needed = elementType.byteCount(of: shape) else {
      throw SafeTensorsError(.impossibleShape(shape), tensor: name)
    }
    guard 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= dataBytes else {
      throw SafeTensorsError(
        .offsets(begin: offsets[0], end: offsets[1], dataBytes: dataBytes), tensor: name)
    }
    guard needed == offsets[1] - offsets[0] else {
      throw SafeTensorsError(
        .byteCount(shape: shape, elementType: type, needed: needed, found: offsets[1] - offsets[0]),
        tensor: name)
    }
    self.elementType = elementType
    self.shape = shape
    (begin, end) = (offsets[0], offsets[1])
  }

  /// Checks that the tensors cover the data without overlaps and without holes.
  static func checkTiling(_ extents: [TensorExtent], dataBytes: Int) throws(SafeTensorsError) {
    var covered = 0
    for extent in extents.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      if extent.begin < covered {
        throw SafeTensorsError(.overlap(begin: extent.begin, previousEnd: covered), tensor: extent.name)
      }
      if extent.begin > covered {
        throw SafeTensorsError(.hole(from: covered, to: extent.begin), tensor: extent.name)
      }
      covered = extent.end
    }
    if covered < dataBytes { throw SafeTensorsError(.hole(from: covered, to: dataBytes)) }
  }
}
