/// Named tensors with a little text about them: the content of one safetensors file.
///
/// Numbers are little-endian and row-major. Names are kept in the order of their UTF-8 bytes, so two files
/// with the same content have the same bytes.
public struct SafeTensorsFile: Equatable, Sendable {
  /// One tensor: its element type, its shape and its raw bytes.
  public struct Entry: Equatable, Sendable {
    /// The type of the elements.
    public let elementType: ElementType
    /// The extents, outermost first; empty for a scalar.
    public let shape: [Int]
    /// The elements, little-endian and row-major.
    public let bytes: [UInt8]

    /// A tensor from raw bytes.
    ///
    /// - Precondition: the shape is non-negative and its elements take exactly `bytes.count` bytes.
    public init(elementType: ElementType, shape: [Int], bytes: [UInt8]) {
      precondition(
        elementType.byteCount(of: shape) == bytes.count,
        "safetensors entry: \(elementType.rawValue) \(shape) does not take \(bytes.count) bytes")
      self.elementType = elementType
      self.shape = shape
      self.bytes = bytes
    }

    /// The number of elements, the product of the shape.
    public var count: Int { bytes.count / elementType.size }
  }

  /// Free text by key, stored in the header.
  public var metadata: [String: String]
  private var entries: [String: Entry] = [:]

  /// The key of the header under which the format keeps the metadata.
  static let metadataKey = "__metadata__"

  /// A file without tensors.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// The names of the tensors, ordered by their UTF-8 bytes.
  public var names: [String] { entries.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

  /// The number of tensors in the file.
  public var count: Int { entries.count }

  /// The tensor of a name, if there is one; assigning stores, replaces or removes it.
  ///
  /// - Precondition: the name is not `__metadata__`, which the format reserves.
  public subscript(name: String) -> Entry? {
    get { entries[name] }
    set {
      precondition(name != Self.metadataKey, "safetensors: \(name) is reserved for the metadata")
      entries[name] = newValue
    }
  }
}
