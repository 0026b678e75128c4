/// Writes the fields of one message in the wire format of Protocol Buffers.
///
/// The format is short: a field is a number and a kind in one varint, then a varint, four bytes, or a length and bytes. A
/// library for it would be larger than what it is needed for.
///
/// - Source: the encoding page of protobuf.dev.
package struct ProtobufWriter {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  /// An empty message.
  package init() {}

  /// A whole number: int32, int64, enumeration or bool; negative ones in ten bytes.
  package mutating func integer(_ field: Int, _ value: Int) {
    varint(UInt64(field) << 3)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A number in four bytes.
  package mutating func float(_ field: Int, _ value: Float) {
    varint(UInt64(field) << 3 | 5)
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
    }
  }

  /// A number in eight bytes.
  package mutating func double(_ field: Int, _ value: Double) {
    varint(UInt64(field) << 3 | 1)
    append(value)
  }

  /// Numbers in eight bytes each, packed.
  package mutating func doubles(_ field: Int, _ values: [Double]) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(8 * values.count))
    for value in values { append(value) }
  }

  private mutating func append(_ value: Double) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(shift)))
    }
  }

  /// Bytes.
  package mutating func blob(_ field: Int, _ value: some Collection<UInt8>) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(value.count))
    bytes += value
  }

  /// Text.
  package mutating func text(_ field: Int, _ value: String) { blob(field, Array(value.utf8)) }

  /// A message in this one.
  package mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    write(&inner)
    blob(field, inner.bytes)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
