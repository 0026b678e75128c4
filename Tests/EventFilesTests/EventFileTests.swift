import EventFiles
import TestEvents
import Testing

@Suite("Event files")
struct EventFileTests {
  // RFC 3720, appendix B.4, and the usual check value of "123456789".
  @Test(
    "checksums are those of the standard",
    arguments: [
      ([UInt8](repeating: 0, count: 32), 0x8a91_36aa), ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
      (Array(0..<32), 0x46dd_794e), (Array((0..<32).reversed()), 0x113f_db5c),
      (Array("123456789".utf8), 0xe306_9283), ([], 0),
    ] as [([UInt8], UInt32)])
  func checksum(bytes: [UInt8], wanted: UInt32) {
    #expect(CRC32C.of(bytes) == wanted)
    #expect(CRC32C.masked(bytes) == RecordReader.masked(bytes))
  }

  @Test("scalars, histograms and pictures read back with their tags, steps and times")
  func roundTrip() throws {
    let histogram = try #require(Histogram(of: [0.5, -1, 2, .nan, 2, 0.25]))
    let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0, 0xff]
    let events = [
      Event(time: 1.5, step: 0, .version), Event(time: 2, step: 41, .restart),
      Event(
        time: 1e9, step: 300,
        .values([
          .init("accuracy", .scalar(0.625)), .init("loss", .scalar(.infinity)),
          .init("inner_rates/atoms", .histogram(histogram)),
          .init("curves", .image(png: png, width: 1600, height: 1000)),
        ])),
    ]
    let messages = try RecordReader.messages(events.flatMap(\.record))
    #expect(messages.count == 3)
    for (message, event) in zip(messages, events) {
      #expect(try RecordReader.field(1, of: message) == .double(event.time))
      #expect(try RecordReader.field(2, of: message) == .integer(UInt64(event.step)))
    }
    #expect(try RecordReader.field(3, of: messages[0]) == .bytes(Array("brain.Event:2".utf8)))
    #expect(try RecordReader.field(1, of: RecordReader.message(7, of: messages[1])) == .integer(1))
    let values = try RecordReader.fields(RecordReader.message(5, of: messages[2])).map { field in
      guard field.number == 1, case .bytes(let value) = field.value else {
        throw RecordReader.Malformed(reason: "no value")
      }
      return value
    }
    let tags = ["accuracy", "loss", "inner_rates/atoms", "curves"]
    #expect(try values.map { try RecordReader.field(1, of: $0) } == tags.map { .bytes(Array($0.utf8)) })
    #expect(try RecordReader.field(2, of: values[0]) == .float(0.625))
    #expect(try RecordReader.field(2, of: values[1]) == .float(.infinity))
    let image = try RecordReader.message(4, of: values[3])
    #expect(try RecordReader.field(1, of: image) == .integer(1000))
    #expect(try RecordReader.field(2, of: image) == .integer(1600))
    #expect(try RecordReader.field(4, of: image) == .bytes(png))
    let found = try RecordReader.message(5, of: values[2])
    // Least, greatest, count, sum and sum of squares of −1, 0.25, 0.5, 2, 2.
    #expect(
      try (1...5).map { try RecordReader.field($0, of: found) }
        == [-1, 2, 5, 3.75, 9.3125].map { .double($0) })
    let limits = RecordReader.doubles(try RecordReader.message(6, of: found))
    let buckets = RecordReader.doubles(try RecordReader.message(7, of: found))
    #expect(limits.count == buckets.count && limits.last == 2 && buckets.reduce(0, +) == 5)
  }

  @Test("every number is in the bucket whose ends hold it", arguments: 1...40)
  func histogram(count: Int) throws {
    let numbers = (0..<count).map { Double($0 * $0 % 17) / 7 }
    let histogram = try #require(Histogram(of: numbers))
    #expect(zip(histogram.limits, histogram.limits.dropFirst()).allSatisfy { $0 < $1 })
    var low = -Double.infinity
    for (limit, inside) in zip(histogram.limits, histogram.buckets) {
      #expect(Double(numbers.count { low < $0 && $0 <= limit }) == inside)
      low = limit
    }
    #expect(Histogram(of: [.nan, .infinity]) == nil)
  }

  @Test("a damaged record does not read", arguments: [0, 8, 12, 20])
  func damaged(at position: Int) throws {
    var record = Event(time: 1, step: 2, .values([.init("a", .scalar(3))])).record
    record[position] ^= 1
    #expect(throws: RecordReader.Malformed.self) { try RecordReader.messages(record) }
  }
}
