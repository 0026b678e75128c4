internal import Files
package import SafeTensors

/// Files that carry a SHA-256 checksum of themselves, so that a truncated or altered one is noticed.
///
/// The checksum stands in the header under ``key`` and is taken over the whole file with sixty-four zeros
/// instead of it.
package enum SealedFile {
  /// The key of the checksum.
  static let key = "sha256"

  private static let blank = String(repeating: "0", count: 64)

  /// A file whose checksum is missing or wrong.
  package struct Broken: Error {
    /// What is wrong with it.
    package let reason: String
  }

  /// The bytes of a file with its checksum.
  package static func encode(_ file: SafeTensorsFile) -> [UInt8] {
    var file = file
    file.metadata[key] = blank
    var bytes = file.encoded()
    guard let range = checksumRange(in: bytes) else {
      preconditionFailure("the header has no room for the checksum")
    }
    bytes.replaceSubrange(range, with: Array(ContentHash.sha256(bytes).utf8))
    return bytes
  }

  /// The content of a file whose checksum is right.
  ///
  /// - Throws: ``Broken`` if it is not, or the file is no such file.
  package static func decode(_ bytes: [UInt8]) throws(Broken) -> SafeTensorsFile {
    guard let range = checksumRange(in: bytes) else { throw Broken(reason: "it has no checksum") }
    var content = bytes
    content.replaceSubrange(range, with: Array(blank.utf8))
    guard Array(ContentHash.sha256(content).utf8) == Array(bytes[range]) else {
      throw Broken(reason: "its checksum is wrong")
    }
    do throws(SafeTensorsError) {
      return try SafeTensorsFile(bytes: bytes)
    } catch {
      throw Broken(reason: "\(error)")
    }
  }

  /// Where the digits of the checksum stand: behind the first occurrence of its key.
  private static func checksumRange(in bytes: [UInt8]) -> Range<Int>? {
    let mark = Array("\"\(key)\":\"".utf8)
    // The header begins with the metadata; names in it cannot hold a quote that is not escaped.
    guard let start = bytes.firstRange(of: mark)?.upperBound, start + blank.utf8.count <= bytes.count else {
      return nil
    }
    return start..<start + blank.utf8.count
  }
}
