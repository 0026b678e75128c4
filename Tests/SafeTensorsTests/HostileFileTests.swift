import Foundation
import SafeTensors
import Testing

@Suite("Hostile safetensors files")
struct HostileFileTests {
  static func file(_ header: String, data: Int = 0) -> [UInt8] {
    let length = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  static func tensor(_ type: String, _ shape: String, _ offsets: String) -> String {
    #"{"dtype":\#(type),"shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static func problem(_ bytes: [UInt8]) -> SafeTensorsError.Problem? {
    do throws(SafeTensorsError) {
      _ = try SafeTensorsFile(bytes: bytes)
      return nil
    } catch {
      #expect(!error.description.isEmpty)
      return error.problem
    }
  }

  @Test("lengths that cannot be are refused")
  func lengths() {
    #expect(Self.problem([]) == .noHeaderLength(fileBytes: 0))
    #expect(Self.problem([1, 2, 3]) == .noHeaderLength(fileBytes: 3))
    #expect(
      Self.problem([UInt8](repeating: 0xff, count: 12)) == .headerLength(.max, limit: 4))
    #expect(Self.problem([5, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]) == .headerLength(5, limit: 2))
  }

  @Test(
    "text that is not JSON is refused",
    arguments: [
      "", " ", "{", "}", "[", "{]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{} x", "{\"a\":01}",
      "nul", "{\"a\":+1}", "{\"a\":--1}", "{\"a\":1e}", "{\"a\":99999999999999999999}", "{\"\\x\":1}",
      "{\"\\u12\":1}",
      "{\"\\ud800\":1}", "{\"\\ud800\\u0041\":1}", "{\"\\u+123\":1}", "{\"a", "{\"a\\", "{\"\u{1}\":1}",
      String(repeating: "[", count: 100_000), "{\"a\":" + String(repeating: "{\"a\":", count: 50) + "1",
    ])
  func notJSON(header: String) {
    guard case .notJSON = Self.problem(Self.file(header)) else {
      Issue.record("accepted \(header.prefix(60))")
      return
    }
  }

  @Test("a name that is not UTF-8 is refused")
  func notUTF8() {
    var bytes = Self.file(#"{"?":1}"#)
    bytes[10] = 0xff
    guard case .notJSON = Self.problem(bytes) else {
      Issue.record("accepted")
      return
    }
  }

  @Test(
    "fields of the wrong type are named",
    arguments: [
      ("[]", "the header"), ("7", "the header"), (#"{"a":7}"#, "its header entry"),
      (#"{"__metadata__":[]}"#, "__metadata__"), (#"{"__metadata__":{"k":1}}"#, "__metadata__.k"),
      (#"{"a":{}}"#, "dtype"), (#"{"a":{"dtype":4}}"#, "dtype"),
      (#"{"a":{"dtype":"F32"}}"#, "shape"), (#"{"a":{"dtype":"F32","shape":3}}"#, "shape"),
      (#"{"a":{"dtype":"F32","shape":[1.5]}}"#, "shape"), (#"{"a":{"dtype":"F32","shape":["1"]}}"#, "shape"),
      (#"{"a":{"dtype":"F32","shape":[null]}}"#, "shape"),
      (#"{"a":{"dtype":"F32","shape":[1]}}"#, "data_offsets"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "data_offsets"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, "data_offsets"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":{}}}"#, "data_offsets"),
    ])
  func wrongTypes(header: String, field: String) {
    guard case .field(field, _) = Self.problem(Self.file(header, data: 4)) else {
      Issue.record("\(header) gave \(String(describing: Self.problem(Self.file(header))))")
      return
    }
  }

  @Test("shapes and offsets that contradict each other or the file are refused")
  func contradictions() {
    func problem(_ type: String, _ shape: String, _ offsets: String, data: Int) -> SafeTensorsError.Problem? {
      Self.problem(Self.file("{\"a\":\(Self.tensor("\"\(type)\"", shape, offsets))}", data: data))
    }
    let max = Int.max
    #expect(problem("F32", "[1]", "[0,4]", data: 4) == nil)
    #expect(problem("F31", "[1]", "[0,4]", data: 4) == .unknownElementType("F31"))
    #expect(problem("F32", "[-1]", "[0,4]", data: 4) == .impossibleShape([-1]))
    #expect(problem("F32", "[\(max)]", "[0,4]", data: 4) == .impossibleShape([max]))
    #expect(problem("F32", "[\(max),\(max)]", "[0,4]", data: 4) == .impossibleShape([max, max]))
    #expect(problem("F32", "[1]", "[4,0]", data: 4) == .offsets(begin: 4, end: 0, dataBytes: 4))
    #expect(problem("F32", "[1]", "[-4,0]", data: 4) == .offsets(begin: -4, end: 0, dataBytes: 4))
    #expect(problem("F32", "[1]", "[0,4]", data: 3) == .offsets(begin: 0, end: 4, dataBytes: 3))
    #expect(
      problem("F32", "[1]", "[\(Int.min),\(max)]", data: 4)
        == .offsets(begin: .min, end: max, dataBytes: 4))
    #expect(
      problem("F32", "[2]", "[0,4]", data: 4)
        == .byteCount(shape: [2], elementType: "F32", needed: 8, found: 4))
    #expect(problem("F32", "[1]", "[4,8]", data: 8) == .hole(from: 0, to: 4))
    #expect(problem("F32", "[1]", "[0,4]", data: 6) == .hole(from: 4, to: 6))
    #expect(Self.problem(Self.file("{}", data: 1)) == .hole(from: 0, to: 1))
  }

  @Test("tensors may neither overlap nor share a name")
  func overlaps() {
    let a = Self.tensor("\"U8\"", "[4]", "[0,4]")
    let b = Self.tensor("\"U8\"", "[4]", "[2,6]")
    #expect(
      Self.problem(Self.file("{\"a\":\(a),\"b\":\(b)}", data: 6)) == .overlap(begin: 2, previousEnd: 4))
    #expect(Self.problem(Self.file("{\"a\":\(a),\"a\":\(a)}", data: 4)) == .duplicateName("a"))
    #expect(Self.problem(Self.file("{\"a\":\(a),\"\\u0061\":\(a)}", data: 4)) == .duplicateName("a"))
  }

  @Test("what costs memory or never ends is refused: long shapes, pipes, devices")
  func costly() throws {
    let shape = "[" + Array(repeating: "1", count: 100_000).joined(separator: ",") + "]"
    let long = Self.problem(Self.file("{\"a\":\(Self.tensor("\"F32\"", shape, "[0,4]"))}", data: 4))
    guard case .notJSON(_, let why) = long else {
      Issue.record("accepted")
      return
    }
    #expect(why.contains("more than 64"))
    for path in ["/dev/zero", "/tmp"] {
      #expect(throws: SafeTensorsError.self) { try SafeTensorsFile(contentsOf: URL(fileURLWithPath: path)) }
    }
  }

  @Test("no mutation of a good file makes the reader trap")
  func mutations() throws {
    var good = SafeTensorsFile(metadata: ["step": "3", "é": "\u{1F600}"])
    good["w"] = .init(floats: [1, 2, 3, 4, 5, 6], shape: [2, 3])
    good["y"] = .init(int64s: [1, 2], shape: [2])
    good["z"] = .init(elementType: .uint8, shape: [0], bytes: [])
    let bytes = good.encoded()
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let telling = Array("{}[]\",:\\0123456789-eu ".utf8) + [0, 0xff, 0x80]
    var refused = 0
    for _ in 0..<6000 {
      var changed = bytes
      for _ in 0...random(3) {
        let at = random(changed.count)
        switch random(4) {
        case 0: changed[at] = UInt8(random(256))
        case 1: changed[at] = telling[random(telling.count)]
        case 2: changed.insert(telling[random(telling.count)], at: at)
        default: changed.removeSubrange(at..<min(changed.count, at + 1 + random(4)))
        }
        if changed.isEmpty { changed = [0] }
      }
      do throws(SafeTensorsError) {
        let file = try SafeTensorsFile(bytes: changed)
        // What is accepted must be sound: it survives its own round trip.
        #expect(try SafeTensorsFile(bytes: file.encoded()) == file)
      } catch {
        refused += 1
        #expect(!error.description.isEmpty)
      }
    }
    #expect(refused > 1000)
  }
}
