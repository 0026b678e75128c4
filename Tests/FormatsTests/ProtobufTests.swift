import Formats
import Testing

@Suite struct ProtobufTests {
  // The examples of the encoding page of protobuf.dev.
  @Test("fields have the bytes of the published examples")
  func examples() {
    var message = ProtobufWriter()
    message.integer(1, 150)
    #expect(message.bytes == [0x08, 0x96, 0x01])
    message = ProtobufWriter()
    message.text(2, "testing")
    #expect(message.bytes == [0x12, 0x07] + Array("testing".utf8))
    message = ProtobufWriter()
    message.message(3) { $0.integer(1, 150) }
    #expect(message.bytes == [0x1a, 0x03, 0x08, 0x96, 0x01])
    message = ProtobufWriter()
    message.integer(1, -2)
    #expect(message.bytes == [0x08, 0xfe] + Array(repeating: 0xff, count: 8) + [0x01])
    message = ProtobufWriter()
    message.float(2, 1)
    #expect(message.bytes == [0x15, 0, 0, 0x80, 0x3f])
    message = ProtobufWriter()
    message.integer(20, 7)
    #expect(message.bytes == [0xa0, 0x01, 0x07])
    // 1.5 is 0x3FF8000000000000; field 1 of the kind 1 has the byte 0x09, packed field 6 the byte 0x32.
    message = ProtobufWriter()
    message.double(1, 1.5)
    #expect(message.bytes == [0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f])
    message = ProtobufWriter()
    message.doubles(6, [1.5])
    #expect(message.bytes == [0x32, 0x08, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f])
  }
}
