/// Reads JSON from files that nobody has checked: strict about syntax, about names and about size.
///
/// General readers keep the last of two values with one name, round whole numbers through floating point, accept NUL
/// in text and nest without limit. A file must say one thing only, to this program and to any other.
package struct JSONReader {
  /// What is accepted.
  package struct Limits: Sendable {
    /// The most levels of nesting.
    package var depth = 32
    /// The most values in one array.
    package var arrayLength = Int.max
    /// The most bytes of the text.
    package var bytes = Int.max
    /// Whether text may hold NUL, written as an escape.
    package var allowsNUL = false
    /// Whether a whole number may need more than 64 bits.
    package var allowsLongIntegers = true

    /// Limits; the defaults accept any size and 32 levels.
    package init(
      depth: Int = 32, arrayLength: Int = .max, bytes: Int = .max, allowsNUL: Bool = false,
      allowsLongIntegers: Bool = true
    ) {
      self.depth = depth
      self.arrayLength = arrayLength
      self.bytes = bytes
      self.allowsNUL = allowsNUL
      self.allowsLongIntegers = allowsLongIntegers
    }
  }

  private let bytes: ArraySlice<UInt8>
  private let limits: Limits
  private var position: Int

  /// Reads one JSON value that fills the bytes except for white space.
  ///
  /// - Parameters:
  ///   - bytes: The text, in UTF-8.
  ///   - limits: What is accepted.
  /// - Returns: The value. Whole numbers of 64 bits are `integer`, larger ones `digits`, all others `number`.
  /// - Throws: ``JSONError`` with the position of the fault. No content makes it trap.
  package static func read(
    _ bytes: ArraySlice<UInt8>, limits: Limits = Limits()
  ) throws(JSONError) -> JSONValue {
    var reader = JSONReader(bytes: bytes, limits: limits, position: bytes.startIndex)
    guard bytes.count <= limits.bytes else { throw reader.fault("it is longer than \(limits.bytes) bytes") }
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.endIndex else { throw reader.fault("there is text after its end") }
    return value
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private func fault(_ reason: String) -> JSONError {
    JSONError(offset: position - bytes.startIndex, reason: reason)
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

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .text(try text())
    case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"): return try number()
    default:
      let words: KeyValuePairs<String, JSONValue> = [
        "true": .flag(true), "false": .flag(false), "null": .null,
      ]
      for (word, value) in words where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw fault("a value is missing")
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < limits.depth else { throw fault("it nests deeper than \(limits.depth) levels") }
    position += 1
    var members: [JSONValue.Member] = []
    var seen: Set<String> = []
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw fault("a name in quotes is missing") }
      let name = try text()
      guard seen.insert(name).inserted else {
        throw JSONError(
          offset: position - bytes.startIndex, reason: "the field \(printable(name)) appears twice",
          repeatedName: name)
      }
      guard take(":") else { throw fault("a colon is missing after \"\(printable(name))\"") }
      members.append(JSONValue.Member(name, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw fault("a closing brace is missing") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < limits.depth else { throw fault("it nests deeper than \(limits.depth) levels") }
    position += 1
    var values: [JSONValue] = []
    if take("]") { return .list([]) }
    repeat {
      guard values.count < limits.arrayLength else {
        throw fault("an array has more than \(limits.arrayLength) values")
      }
      values.append(try value(depth: depth + 1))
    } while take(",")
    guard take("]") else { throw fault("a closing bracket is missing") }
    return .list(values)
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    while let c = next, Self.numeric.contains(c) { position += 1 }
    let number = String(decoding: bytes[start..<position], as: UTF8.self)
    let digits = number.hasPrefix("-") ? number.dropFirst() : number[...]
    let whole = digits.prefix { $0.isNumber }
    guard !whole.isEmpty, whole == "0" || !whole.hasPrefix("0"), let value = Double(number),
      // The standard wants digits on both sides of a point; the conversion does not.
      !digits.contains(".") || digits.split(separator: ".", maxSplits: 1).last?.first?.isNumber == true,
      digits.last?.isNumber == true
    else { throw fault("\(number.prefix(40)) is not a number") }
    if whole.count < digits.count {
      guard value.isFinite else { throw fault("\(number.prefix(40)) is too large for a number") }
      return .number(value)
    }
    if let integer = Int(number) { return .integer(integer) }
    guard limits.allowsLongIntegers else { throw fault("\(number.prefix(40)) is not a number of 64 bits") }
    return .digits(number)
  }

  private static let numeric = Set("0123456789+-.eE".utf8)
}

/// Why a text is not the JSON that is accepted here.
package struct JSONError: Error, Hashable, Sendable {
  /// Bytes before the fault.
  package let offset: Int
  /// The fault, as a sentence without its end.
  package let reason: String
  /// The name that appears twice in one object, where that is the fault.
  package var repeatedName: String?
}

extension JSONReader {
  /// The text whose opening quotation mark is next.
  private mutating func text() throws(JSONError) -> String {
    position += 1
    var text: [UInt8] = []
    while let c = next {
      position += 1
      switch c {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw fault("it is not UTF-8 text")
        }
        return string
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20: throw fault("a text holds a control character")
      default: text.append(c)
      }
    }
    throw fault("a text does not end")
  }

  /// The UTF-8 of an escape sequence whose backslash has been read.
  private mutating func escape() throws(JSONError) -> [UInt8] {
    guard let c = next else { throw fault("a text does not end") }
    position += 1
    switch c {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [c]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): break
    default: throw fault("an escape sequence is unknown")
    }
    var code = try codeUnit()
    guard code != 0 || limits.allowsNUL else { throw fault("a text holds a NUL character") }
    if 0xd800..<0xdc00 ~= code {
      guard bytes[position...].starts(with: "\\u".utf8) else { throw fault("half a surrogate pair") }
      position += 2
      let low = try codeUnit()
      guard 0xdc00..<0xe000 ~= low else { throw fault("half a surrogate pair") }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair") }
    return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func codeUnit() throws(JSONError) -> UInt32 {
    let end = position + 4
    guard end <= bytes.endIndex, bytes[position..<end].allSatisfy(Self.hexadecimal.contains),
      let code = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16)
    else { throw fault("\\u needs four hexadecimal digits") }
    position = end
    return code
  }

  private static let hexadecimal = Set("0123456789abcdefABCDEF".utf8)
}
