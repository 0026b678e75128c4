/// Reads event files as another program would: framing, checksums and the fields of messages, by their numbers.
package struct RecordReader {
  package struct Malformed: Error {
    package let reason: String

    package init(reason: String) { self.reason = reason }
  }

  /// A field of a message.
  package enum Field: Equatable {
    case integer(UInt64)
    case double(Double)
    case float(Float)
    case bytes([UInt8])
  }

  /// The messages of a file, each with both of its checksums right.
  package static func messages(_ file: [UInt8]) throws -> [[UInt8]] {
    var (messages, rest): ([[UInt8]], ArraySlice<UInt8>) = ([], file[...])
    func take(_ count: Int) throws -> [UInt8] {
      guard rest.count >= count else { throw Malformed(reason: "it ends within a record") }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    func check(_ bytes: [UInt8]) throws {
      guard try number(take(4)) == UInt64(masked(bytes)) else { throw Malformed(reason: "a checksum") }
    }
    while !rest.isEmpty {
      let length = try take(8)
      try check(length)
      let message = try take(Int(number(length)))
      try check(message)
      messages.append(message)
    }
    return messages
  }

  /// The checksum bit by bit, with no table: x³² + … of Castagnoli, reversed.
  package static func masked(_ bytes: [UInt8]) -> UInt32 {
    var rest = UInt32.max
    for byte in bytes {
      for bit in 0..<8 {
        let isOdd = (rest ^ UInt32(byte >> bit)) & 1 == 1
        rest = rest >> 1 ^ (isOdd ? 0x82f6_3b78 : 0)
      }
    }
    let sum = ~rest
    return (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }

  /// The fields of a message in their order.
  package static func fields(_ message: [UInt8]) throws -> [(number: Int, value: Field)] {
    var (found, i): ([(number: Int, value: Field)], Int) = ([], 0)
    func varint() throws -> UInt64 {
      var (value, shift) = (UInt64(0), UInt64(0))
      while i < message.count, shift < 64 {
        let byte = message[i]
        i += 1
        value |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      throw Malformed(reason: "a varint")
    }
    func take(_ count: Int) throws -> [UInt8] {
      guard message.count - i >= count else { throw Malformed(reason: "a field is cut off") }
      defer { i += count }
      return Array(message[i..<i + count])
    }
    while i < message.count {
      let key = try varint()
      let value: Field =
        switch key & 7 {
        case 0: .integer(try varint())
        case 1: .double(Double(bitPattern: number(try take(8))))
        case 2: .bytes(try take(Int(try varint())))
        case 5: .float(Float(bitPattern: UInt32(number(try take(4)))))
        default: throw Malformed(reason: "wire type \(key & 7)")
        }
      found.append((Int(key >> 3), value))
    }
    return found
  }

  /// The only field of a number in a message; nil if there is none.
  package static func field(_ number: Int, of message: [UInt8]) throws -> Field? {
    try fields(message).first { $0.number == number }?.value
  }

  /// The message in a field.
  package static func message(_ number: Int, of message: [UInt8]) throws -> [UInt8] {
    guard case .bytes(let inner) = try field(number, of: message) else {
      throw Malformed(reason: "no message \(number)")
    }
    return inner
  }

  /// Packed doubles.
  package static func doubles(_ bytes: [UInt8]) -> [Double] {
    stride(from: 0, to: bytes.count, by: 8).map { Double(bitPattern: number(Array(bytes[$0..<$0 + 8]))) }
  }

  private static func number(_ bytes: [UInt8]) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
