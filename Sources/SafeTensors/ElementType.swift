/// The element types of the safetensors format, by the names it gives them.
public enum ElementType: String, Sendable, CaseIterable {
  /// One byte a truth value.
  case bool = "BOOL"
  /// Unsigned 8-bit integer.
  case uint8 = "U8"
  /// Signed 8-bit integer.
  case int8 = "I8"
  /// Unsigned 16-bit integer.
  case uint16 = "U16"
  /// Signed 16-bit integer.
  case int16 = "I16"
  /// IEEE half precision.
  case float16 = "F16"
  /// The upper half of a single-precision number.
  case bfloat16 = "BF16"
  /// Unsigned 32-bit integer.
  case uint32 = "U32"
  /// Signed 32-bit integer.
  case int32 = "I32"
  /// IEEE single precision.
  case float32 = "F32"
  /// Unsigned 64-bit integer.
  case uint64 = "U64"
  /// Signed 64-bit integer.
  case int64 = "I64"
  /// IEEE double precision.
  case float64 = "F64"

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// Bytes of a tensor of this shape, or nothing if an extent is negative or the product overflows.
  func byteCount(of shape: [Int]) -> Int? {
    guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
    // An empty tensor is empty however large its other extents are.
    if shape.contains(0) { return 0 }
    var bytes = size
    for extent in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      bytes = product
    }
    return bytes
  }
}
