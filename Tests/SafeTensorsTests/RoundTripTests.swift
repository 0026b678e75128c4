import Foundation
import SafeTensors
import Testing

@Suite("Safetensors round trips")
struct RoundTripTests {
  @Test("every number and every word survives")
  func everything() throws {
    var file = SafeTensorsFile(metadata: ["note": "a \"quoted\" \\ line\n\u{1} é 漢", "step": "12"])
    let weight: [Float] = [1.5, -0, .infinity, .leastNonzeroMagnitude, 3e38, -2]
    file["layer.1.weight"] = .init(floats: weight, shape: [2, 3])
    file["exact"] = .init(doubles: [.pi, -1 / 3, .leastNonzeroMagnitude], shape: [3])
    file["labels"] = .init(int64s: [.min, -1, 0, .max], shape: [4])
    file["scalar"] = .init(floats: [7], shape: [])
    file["empty"] = .init(floats: [], shape: [4, 0, 2])
    file["pixels"] = .init(elementType: .uint8, shape: [3], bytes: [0, 128, 255])
    file["größe 漢 \"q\""] = .init(doubles: [1], shape: [1, 1])
    let back = try SafeTensorsFile(bytes: file.encoded())
    #expect(back == file)
    #expect(try back.floats("layer.1.weight") == weight)
    #expect(try back.doubles("exact") == [.pi, -1 / 3, .leastNonzeroMagnitude])
    #expect(try back.int64s("labels") == [.min, -1, 0, .max])
    #expect(try back.int64s("pixels") == [0, 128, 255])
    #expect(back["empty"]?.shape == [4, 0, 2])
    #expect(back.names == back.names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test("single and double precision convert into each other")
  func precision() throws {
    var file = SafeTensorsFile()
    file["single"] = .init(floats: [0.1], shape: [1])
    file["double"] = .init(doubles: [0.1], shape: [1])
    #expect(try file.doubles("single") == [Double(Float(0.1))])
    #expect(try file.floats("double") == [Float(0.1)])
  }

  @Test("narrow integers are read with their sign")
  func narrowIntegers() throws {
    var file = SafeTensorsFile()
    let bytes: [UInt8] = [0xff, 0xff, 0xff, 0xff]
    let cases: [(ElementType, [Int64])] = [
      (.int8, [-1, -1, -1, -1]), (.uint16, [65535, 65535]), (.int16, [-1, -1]), (.int32, [-1]),
      (.uint32, [4_294_967_295]),
    ]
    for (type, expected) in cases {
      file["x"] = .init(elementType: type, shape: [expected.count], bytes: bytes)
      #expect(try file.int64s("x") == expected)
    }
  }

  @Test("a tiny file has exactly these bytes")
  func exactBytes() {
    var file = SafeTensorsFile(metadata: ["k": "v"])
    file["b"] = .init(elementType: .uint8, shape: [1], bytes: [9])
    file["a"] = .init(floats: [1, -2], shape: [2])
    // 1 is 0x3f800000 and −2 is 0xc0000000, low byte first. Spaces bring the header to a
    // multiple of eight.
    let header =
      #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}"#
    let padding = [UInt8](repeating: 0x20, count: (8 - header.utf8.count % 8) % 8)
    let length = UInt8(header.utf8.count + padding.count)
    let expected: [UInt8] =
      [length, 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + padding
      + [0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0, 9]
    #expect(file.encoded() == expected)
  }

  @Test("the bytes do not depend on the order of assignment, and every tensor is aligned")
  func deterministicAndAligned() throws {
    let entries: [(String, SafeTensorsFile.Entry)] = [
      ("z", .init(doubles: [1, 2], shape: [2])),
      ("a", .init(elementType: .uint8, shape: [3], bytes: [1, 2, 3])),
      ("m", .init(floats: [4], shape: [1])),
    ]
    var forwards = SafeTensorsFile(metadata: ["x": "1", "y": "2"])
    var backwards = SafeTensorsFile(metadata: ["y": "2", "x": "1"])
    for (name, entry) in entries { forwards[name] = entry }
    for (name, entry) in entries.reversed() { backwards[name] = entry }
    let bytes = forwards.encoded()
    #expect(bytes == backwards.encoded())
    #expect(bytes[0] % 8 == 0)
    // Doubles first, then floats, then bytes: 16 + 4 + 3.
    #expect(Array(bytes.suffix(7)) == [0, 0, 0x80, 0x40, 1, 2, 3])
  }

  @Test("a file on disk comes back, and a missing one is explained")
  func onDisk() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var file = SafeTensorsFile()
    file["w"] = .init(floats: [1, 2, 3], shape: [3])
    let url = folder.appendingPathComponent("x.safetensors")
    try file.write(to: url)
    #expect(try SafeTensorsFile(contentsOf: url) == file)

    let missing = folder.appendingPathComponent("none.safetensors")
    let error = #expect(throws: SafeTensorsError.self) { try SafeTensorsFile(contentsOf: missing) }
    #expect(error?.file == missing.path)
    #expect(error?.description.contains("cannot be read") == true)
    let nowhere = folder.appendingPathComponent("no folder/x.safetensors")
    #expect(throws: SafeTensorsError.self) { try file.write(to: nowhere) }
  }

  @Test("asking for the wrong tensor or type says what there is")
  func wrongRequests() {
    var file = SafeTensorsFile()
    file["w"] = .init(floats: [1], shape: [1])
    #expect(throws: SafeTensorsError.self) { try file.floats("v") }
    let error = #expect(throws: SafeTensorsError.self) { try file.int64s("w") }
    let wanted = "a signed integer type, or U8, U16 or U32"
    #expect(error?.problem == .otherElementType(found: "F32", wanted: wanted))
  }
}
