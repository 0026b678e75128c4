import Formats
import Randomness
import Testing

@Suite struct JSONReaderTests {
  private func read(
    _ text: String, _ limits: JSONReader.Limits = .init()
  ) throws(JSONError) -> JSONValue {
    try JSONReader.read(Array(text.utf8)[...], limits: limits)
  }

  private func fault(_ text: String, _ limits: JSONReader.Limits = .init()) -> JSONError? {
    do throws(JSONError) {
      _ = try read(text, limits)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "a name that appears twice in an object is refused, however it is spelled",
    arguments: [
      #"{"index": 0, "index": 1}"#, #"{"index": 0, "\u0069ndex": 1}"#, #"{"\u0069ndex": 0, "index": 1}"#,
      #"[{"a": {"index": 1, "x": 2, "inde\u0078": 1}}]"#,
    ])
  func duplicates(text: String) {
    #expect(fault(text)?.repeatedName == "index")
  }

  @Test("one name in two objects is fine")
  func names() throws {
    #expect(try read(#"[{"a": 1}, {"a": {"a": 2}}]"#)[""] == nil)
  }

  @Test("NUL is refused as an escape, unless it is allowed, and always as a byte")
  func nul() throws {
    #expect(fault(#""a\u0000""#)?.offset == 8)
    #expect(try read(#""a\u0000""#, .init(allowsNUL: true)) == .text("a\u{0}"))
    for text in ["\"a\u{0}\"", "\u{0}", "1\u{0}", "\"a\nb\"", "\"a\u{1f}\""] {
      #expect(fault(text, .init(allowsNUL: true)) != nil)
    }
  }

  @Test("the limits hold for exactly what they say")
  func limits() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try read(nested(32))
    #expect(fault(nested(33))?.offset == 32)
    #expect(fault(String(repeating: "{\"a\":", count: 100_000))?.offset == 32 * 5)
    _ = try read("[[1, 2], [3, 4]]", .init(depth: 2, arrayLength: 2))
    #expect(fault("[1, 2, 3]", .init(arrayLength: 2)) != nil)
    _ = try read("[1]", .init(bytes: 3))
    #expect(fault("[1] ", .init(bytes: 3))?.offset == 0)
  }

  static let numbers: [(text: String, value: JSONValue)] = [
    ("0", .integer(0)), ("-0", .integer(0)), ("10", .integer(10)), ("9223372036854775807", .integer(.max)),
    ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .digits("9223372036854775808")),
    ("-9223372036854775809", .digits("-9223372036854775809")), ("0.5", .number(0.5)),
    ("-0.0", .number(-0.0)), ("1e3", .number(1000)), ("1E+3", .number(1000)), ("25e-2", .number(0.25)),
    ("1.0", .number(1)), ("5e-324", .number(.leastNonzeroMagnitude)), ("1e-999", .number(0)),
  ]

  @Test("whole numbers keep all digits, others the nearest number", arguments: numbers)
  func number(text: String, value: JSONValue) throws {
    #expect(try read(text) == value)
    #expect(try read(" [ \(text) ] ") == .list([value]))
  }

  @Test("2⁶³ is a number without a sign, and no whole number of 64 bits")
  func large() throws {
    let value = try read("9223372036854775808")
    #expect(value.unsigned == 1 << 63 && value.whole == nil && value.double == 0x1p63)
    let lower = try read("-9223372036854775809")
    #expect(lower.unsigned == nil && lower.whole == nil && lower.double == -0x1p63)
  }

  @Test(
    "what the standard does not call a number is refused",
    arguments: [
      "01", "-01", "00", "1.", ".5", "-.5", "+1", "1e", "1e+", "1.e5", "1.5.5", "-", "--1", "0x10", "1_000",
      "1e1e1",
      "NaN", "Infinity", "-Infinity", "inf", "1e999", "-1e999", "１",
    ])
  func notNumbers(text: String) {
    #expect(fault(text) != nil)
    #expect(fault("[\(text)]") != nil)
  }

  @Test(
    "text after the end, or missing before it, is refused",
    arguments: [
      "", " ", "1 2", "[] []", "{}x", "\"a\"b", "nullnull", "[1,]", "[,1]", "[1 2]", "{\"a\":1,}",
      "{\"a\" 1}",
      "{a: 1}", "{'a': 1}", "{1: 1}", "[1", "{\"a\": 1", "\"a", "tru", "True", "// note\n1", "\u{feff}1",
      "[1]\u{a0}",
    ])
  func incomplete(text: String) {
    #expect(fault(text) != nil)
  }

  @Test("escapes are decoded; half a surrogate pair is refused")
  func escapes() throws {
    #expect(try read(#""\"\\\/\b\f\n\r\t\u00fc\u6F22""#) == .text("\"\\/\u{8}\u{c}\n\r\tü漢"))
    #expect(try read(#""\ud83d\ude00""#) == .text("😀"))
    #expect(try read(#""\uD800\uDC00\udbff\udfff""#) == .text("\u{10000}\u{10ffff}"))
    for text in [
      #""\ud83d""#, #""\ude00""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ud83d\u0041""#, #""\ude00\ud83d""#,
      #""\ud83d\ud83d""#, #""\u12""#, #""\u12g4""#, #""\u+123""#, #""\x41""#, #""\"#,
    ] { #expect(fault(text) != nil, "\(text)") }
  }

  @Test("bytes that are not UTF-8 are refused")
  func encoding() {
    for bytes in [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]] as [[UInt8]] {
      #expect(throws: JSONError.self) { try JSONReader.read(([0x22] + bytes + [0x22])[...]) }
      #expect(throws: JSONError.self) { try JSONReader.read(bytes[...]) }
    }
  }

  /// A document as a reader returns it: no whole number is a `number`, and none that is not finite.
  private static func document(_ stream: inout RandomStream, depth: Int) -> JSONValue {
    func text(_ stream: inout RandomStream) -> String {
      let scalars: [Unicode.Scalar] = [
        "a", "\"", "\\", "/", "\n", "\t", "\r", "\u{1}", "\u{1f}", "\u{7f}", "\u{85}", "\u{2028}", "ü", "漢",
        "😀",
        "\u{10ffff}", " ", "{", "]", ",", ":", "0",
      ]
      var text = String.UnicodeScalarView()
      for _ in 0..<stream.below(6) { text.append(scalars[stream.below(scalars.count)]) }
      return String(text)
    }
    switch stream.below(depth > 0 ? 8 : 6) {
    case 0: return .null
    case 1: return .flag(stream.below(2) == 0)
    case 2: return .integer(Int(truncatingIfNeeded: stream.next()) >> stream.below(64))
    case 3:
      let number = Double(bitPattern: stream.next())
      return number.isFinite && number.rounded() != number ? .number(number) : .number(0.5)
    case 4: return .digits("\(UInt64(1) << 63 | stream.next())")
    case 5: return .text(text(&stream))
    case 6: return .list((0..<stream.below(5)).map { _ in document(&stream, depth: depth - 1) })
    default:
      var seen: Set<String> = []
      var members: [JSONValue.Member] = []
      for _ in 0..<stream.below(5) {
        let name = text(&stream)
        if seen.insert(name).inserted { members.append(.init(name, document(&stream, depth: depth - 1))) }
      }
      return .object(members)
    }
  }

  @Test("what is written reads back equal, on many lines and on one")
  func roundTrip() throws {
    for index in 0..<2000 {
      var stream = RandomStream(seed: 5, purpose: "json", index: UInt64(index))
      let document = Self.document(&stream, depth: 5)
      #expect(try read(document.text) == document)
      #expect(try read(document.line) == document)
      #expect(!document.line.contains("\n"))
    }
  }
}
