public import Foundation

extension SafeTensorsFile {
  /// Writes the file, replacing an older one only when all bytes are on disk.
  ///
  /// - Parameter url: Where to write; the folder must exist.
  /// - Throws: if the file cannot be written.
  public func write(to url: URL) throws(SafeTensorsError) {
    do {
      try Data(encoded()).write(to: url, options: .atomic)
    } catch {
      throw SafeTensorsError(.unwritable(why: error.localizedDescription), file: url.path)
    }
  }

  /// The bytes of the file: the same for the same content, whatever the order of assignment was.
  ///
  /// The header lists metadata first and then tensors by name. The data holds the widest elements first, so
  /// that every tensor is aligned to its elements although the format allows no gaps.
  public func encoded() -> [UInt8] {
    let tensors = names.compactMap { name in self[name].map { (name: name, entry: $0) } }
    let laidOut = tensors.sorted { a, b in
      if a.entry.elementType.size != b.entry.elementType.size {
        return a.entry.elementType.size > b.entry.elementType.size
      }
      return a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }
    var offsets: [String: Int] = [:]
    var data: [UInt8] = []
    data.reserveCapacity(laidOut.reduce(0) { $0 + $1.entry.bytes.count })
    for (name, entry) in laidOut {
      offsets[name] = data.count
      data += entry.bytes
    }

    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\(quoted(Self.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    for (name, entry) in tensors {
      let begin = offsets[name, default: 0]
      let shape = entry.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(name)):{\"dtype\":\"\(entry.elementType.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(begin),\(begin + entry.bytes.count)]}")
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    let length = UInt64(header.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + data
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
