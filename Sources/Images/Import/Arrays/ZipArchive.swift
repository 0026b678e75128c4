internal import CInflate

/// Why an archive or an array cannot be read, as the end of a sentence.
struct ArrayFault: Error, Hashable {
  let reason: String
}

/// The files in a ZIP archive, as `numpy.savez` and `numpy.savez_compressed` write it: stored or deflated, with the
/// 64-bit sizes of large files.
///
/// Nothing in it is trusted: places and sizes are held against the file's own before they are used.
struct ZipArchive {
  /// One file in it.
  struct Member {
    let name: String
    fileprivate let method: Int
    fileprivate let crc: UInt32
    fileprivate let packed: Int
    /// Bytes when unpacked.
    let size: Int
    fileprivate let header: Int
  }

  /// The files in the order of the directory.
  let members: [Member]
  private let bytes: [UInt8]

  /// Reads the directory of an archive.
  ///
  /// - Parameter bytes: The whole archive.
  /// - Throws: `ArrayFault` if there is no directory, or one that leads out of the file.
  init(_ bytes: [UInt8]) throws(ArrayFault) {
    self.bytes = bytes
    let reader = LittleEndian(bytes)
    // The end of the directory is 22 bytes and a comment of at most 65,535.
    let signature: [UInt8] = [0x50, 0x4b, 5, 6]
    let first = max(0, bytes.count - 22 - 65_535)
    guard bytes.count >= 22,
      let end = (first...bytes.count - 22).last(where: { bytes[$0..<$0 + 4].elementsEqual(signature) })
    else { throw ArrayFault(reason: "it is no whole ZIP archive: the end of its directory is missing") }
    var count = reader.number(end + 10, bytes: 2)
    var at = reader.number(end + 16, bytes: 4)
    // Archives with large numbers have them in a record before, which a locator of 20 bytes leads to.
    if count == 0xffff || at == 0xffff_ffff, end >= 20, reader.number(end - 20, bytes: 4) == 0x0706_4b50 {
      let record = reader.number(end - 12, bytes: 8)
      guard record >= 0, record <= bytes.count - 56 else { throw Self.damaged }
      count = reader.number(record + 32, bytes: 8)
      at = reader.number(record + 48, bytes: 8)
    }
    var found: [Member] = []
    guard count >= 0, count <= 10_000 else {
      throw ArrayFault(reason: "it holds more files than any set of arrays")
    }
    for _ in 0..<count {
      guard at >= 0, at <= bytes.count - 46, reader.number(at, bytes: 4) == 0x0201_4b50 else {
        throw Self.damaged
      }
      let lengths = [28, 30, 32].map { reader.number(at + $0, bytes: 2) }
      guard lengths.reduce(46, +) <= bytes.count - at else { throw Self.damaged }
      let name = String(decoding: bytes[at + 46..<at + 46 + lengths[0]], as: UTF8.self)
      var sizes = [24, 20, 42].map { reader.number(at + $0, bytes: 4) }
      var extra = at + 46 + lengths[0]
      let extraEnd = extra + lengths[1]
      while extra + 4 <= extraEnd {
        let (kind, length) = (reader.number(extra, bytes: 2), reader.number(extra + 2, bytes: 2))
        guard length <= extraEnd - extra - 4 else { throw Self.damaged }
        if kind == 1 {
          // The numbers that did not fit, in this order.
          var place = extra + 4
          for i in sizes.indices where sizes[i] == 0xffff_ffff && place + 8 <= extra + 4 + length {
            sizes[i] = reader.number(place, bytes: 8)
            place += 8
          }
        }
        extra += 4 + length
      }
      found.append(
        Member(
          name: name, method: reader.number(at + 10, bytes: 2),
          crc: UInt32(truncatingIfNeeded: reader.number(at + 16, bytes: 4)), packed: sizes[1], size: sizes[0],
          header: sizes[2]))
      at += lengths.reduce(46, +)
    }
    members = found
  }

  /// The content of a file.
  ///
  /// - Parameters:
  ///   - member: One of ``members``.
  ///   - limit: The most bytes it may have.
  /// - Returns: Its bytes, whose checksum is right.
  /// - Throws: `ArrayFault`.
  func content(of member: Member, limit: Int) throws(ArrayFault) -> [UInt8] {
    let reader = LittleEndian(bytes)
    guard member.size >= 0, member.packed >= 0, member.header >= 0, member.header <= bytes.count - 30,
      reader.number(member.header, bytes: 4) == 0x0403_4b50
    else { throw Self.damaged }
    let start =
      member.header + 30 + reader.number(member.header + 26, bytes: 2)
      + reader.number(member.header + 28, bytes: 2)
    guard start <= bytes.count, member.packed <= bytes.count - start else { throw Self.damaged }
    guard member.size <= limit else {
      throw ArrayFault(reason: "\(member.name) has \(member.size) bytes, and \(limit) can be used")
    }
    let packed = bytes[start..<start + member.packed]
    switch member.method {
    case 0:
      let content = Array(packed)
      guard content.count == member.size, fewshot_crc32(content, content.count) == member.crc else {
        throw ArrayFault(reason: "\(member.name) in it is damaged: its checksum is wrong")
      }
      return content
    case 8:
      // Deflate makes at most 1032 bytes of one.
      guard member.size / 1040 <= member.packed else { throw Self.damaged }
      var isWhole = false
      let content = [UInt8](unsafeUninitializedCapacity: max(1, member.size)) { buffer, count in
        packed.withUnsafeBufferPointer { source in
          isWhole =
            fewshot_inflate(source.baseAddress, source.count, buffer.baseAddress, member.size, member.crc)
            == 0
        }
        count = isWhole ? member.size : 0
      }
      guard isWhole else { throw ArrayFault(reason: "\(member.name) in it is damaged") }
      return content
    default:
      throw ArrayFault(
        reason: "\(member.name) in it is packed by a method that is not read (\(member.method))")
    }
  }

  private static var damaged: ArrayFault { ArrayFault(reason: "its directory is damaged") }
}

/// Numbers in bytes, the lowest first.
struct LittleEndian {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The unsigned number in some bytes from a place; one of eight bytes that does not fit becomes −1.
  ///
  /// - Precondition: The bytes are there.
  func number(_ place: Int, bytes count: Int) -> Int {
    Int(exactly: (0..<count).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }) ?? -1
  }
}
