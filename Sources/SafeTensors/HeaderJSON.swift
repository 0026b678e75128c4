/// The part of JSON that a safetensors header is made of.
enum HeaderJSON: Equatable {
  case object([Member])
  case array([HeaderJSON])
  case string(String)
  case integer(Int)
  /// Anything that is valid JSON but that no header needs: fractions, truth values, null.
  case other

  struct Member: Equatable {
    let name: String
    let value: HeaderJSON
  }

  subscript(name: String) -> HeaderJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}

/// A strict JSON reader for headers.
///
/// It is written by hand because a header from a stranger must not name a tensor twice, and must not have its
/// offsets rounded through floating point; general readers let both pass. The nesting is limited, so no
/// header can exhaust the stack.
struct HeaderReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private static let deepest = 8
  private static let longest = 64

  /// Reads one JSON value that fills `bytes` except for white space.
  static func read(_ bytes: ArraySlice<UInt8>) throws(SafeTensorsError) -> HeaderJSON {
    var reader = HeaderReader(bytes: bytes, position: bytes.startIndex)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.endIndex else { throw reader.failure("text after the end of the header") }
    return value
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private func failure(_ why: String) -> SafeTensorsError {
    SafeTensorsError(.notJSON(offset: position - bytes.startIndex, why: why))
  }

  private mutating func skipSpace() {
    while let c = next, c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09 { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(SafeTensorsError) -> HeaderJSON {
    guard depth < Self.deepest else { throw failure("more than \(Self.deepest) levels of nesting") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"): return try number()
    default:
      for word in ["true", "false", "null"] where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return .other
      }
      throw failure("a value is missing")
    }
  }

  private mutating func object(depth: Int) throws(SafeTensorsError) -> HeaderJSON {
    position += 1
    var members: [HeaderJSON.Member] = []
    var seen: Set<String> = []
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw failure("a name in quotes is missing") }
      let name = try string()
      guard seen.insert(name).inserted else { throw SafeTensorsError(.duplicateName(name)) }
      guard take(":") else { throw failure("a colon is missing after \"\(name)\"") }
      members.append(HeaderJSON.Member(name: name, value: try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw failure("a closing brace is missing") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(SafeTensorsError) -> HeaderJSON {
    position += 1
    var values: [HeaderJSON] = []
    if take("]") { return .array([]) }
    repeat {
      // The arrays of a header are shapes and offsets; longer ones only cost memory.
      guard values.count < Self.longest else { throw failure("an array of more than \(Self.longest) values") }
      values.append(try value(depth: depth + 1))
    } while take(",")
    guard take("]") else { throw failure("a closing bracket is missing") }
    return .array(values)
  }

  private mutating func number() throws(SafeTensorsError) -> HeaderJSON {
    let start = position
    var whole = true
    while let c = next {
      switch c {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): whole = false
      default:
        return try finishedNumber(from: start, whole: whole)
      }
      position += 1
    }
    return try finishedNumber(from: start, whole: whole)
  }

  private func finishedNumber(from start: Int, whole: Bool) throws(SafeTensorsError) -> HeaderJSON {
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if !whole {
      guard Double(text) != nil else { throw failure("\(text) is not a number") }
      return .other
    }
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard digits == "0" || !digits.hasPrefix("0"), !digits.hasPrefix("+") else {
      throw failure("\(text) is not a number")
    }
    guard let integer = Int(text) else { throw failure("\(text) is not a number of 64 bits") }
    return .integer(integer)
  }

  private mutating func string() throws(SafeTensorsError) -> String {
    position += 1
    var text: [UInt8] = []
    while let c = next {
      position += 1
      switch c {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw failure("text is not UTF-8") }
        return string
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20: throw failure("a control character in a string")
      default: text.append(c)
      }
    }
    throw failure("a string does not end")
  }

  /// The UTF-8 of an escape sequence whose backslash has been read.
  private mutating func escape() throws(SafeTensorsError) -> [UInt8] {
    guard let c = next else { throw failure("a string does not end") }
    position += 1
    switch c {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [c]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): break
    default: throw failure("an unknown escape sequence")
    }
    var code = try codeUnit()
    if 0xd800..<0xdc00 ~= code {
      guard bytes[position...].starts(with: "\\u".utf8) else { throw failure("half a surrogate pair") }
      position += 2
      let low = try codeUnit()
      guard 0xdc00..<0xe000 ~= low else { throw failure("half a surrogate pair") }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
    return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func codeUnit() throws(SafeTensorsError) -> UInt32 {
    let end = position + 4
    guard end <= bytes.endIndex, bytes[position..<end].allSatisfy({ isxdigit($0) }),
      let code = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16)
    else { throw failure("\\u needs four hexadecimal digits") }
    position = end
    return code
  }

  private func isxdigit(_ c: UInt8) -> Bool {
    switch c {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
