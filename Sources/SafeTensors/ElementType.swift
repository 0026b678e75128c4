/// The element types of the safetensors format; raw values are its names for them.
public enum ElementType: String, Sendable, CaseIterable {
  /// Truth values, one byte each.
  case bool = "BOOL"
  /// Unsigned 8-bit integers.
  case uint8 = "U8"
  /// Signed 8-bit integers.
  case int8 = "I8"
  /// Unsigned 16-bit integers, little-endian.
  case uint16 = "U16"
  /// Signed 16-bit integers, little-endian.
  case int16 = "I16"
  /// IEEE 754 half-precision numbers (binary16).
  case float16 = "F16"
  /// The upper half of a single-precision number (bfloat16).
  case bfloat16 = "BF16"
  /// Unsigned 32-bit integers, little-endian.
  case uint32 = "U32"
  /// Signed 32-bit integers, little-endian.
  case int32 = "I32"
  /// IEEE 754 single-precision numbers (binary32).
  case float32 = "F32"
  /// Unsigned 64-bit integers, little-endian.
  case uint64 = "U64"
  /// Signed 64-bit integers, little-endian.
  case int64 = "I64"
  /// IEEE 754 double-precision numbers (binary64).
  case float64 = "F64"

  /// The number of bytes of one element: 1, 2, 4 or 8.
  public var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// Bytes of a tensor of this shape, or nil if an extent is negative or the product overflows.
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
