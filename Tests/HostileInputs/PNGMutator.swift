internal import Randomness

/// Changes PNG files by their structure: whole chunks, headers that fit each other or just do not, rows of pixels.
///
/// Every length and checksum is right afterwards, so what lies behind the first checks is reached.
public enum PNGMutator {
  private static let ancillary = [
    "tRNS", "PLTE", "gAMA", "sBIT", "bKGD", "cHRM", "iCCP", "zTXt", "tEXt", "iTXt", "eXIf", "acTL", "hIST",
    "pHYs",
  ]

  /// A changed file.
  ///
  /// - Parameters:
  ///   - file: Any bytes; what does not look like a chunk is left out.
  ///   - seed: Decides what is changed.
  ///   - change: Changes the bytes within a chunk.
  /// - Returns: The bytes of the changed file.
  public static func changed(_ file: [UInt8], seed: UInt64, _ change: ([UInt8]) -> [UInt8]) -> [UInt8] {
    var stream = RandomStream(seed: seed, purpose: "test/hostile/png")
    return changed(file, &stream, change)
  }

  static func changed(_ file: [UInt8], _ stream: inout RandomStream, _ change: ([UInt8]) -> [UInt8])
    -> [UInt8]
  {
    var result = PNGChunks(file)
    for _ in 0...stream.below(3) { alter(&result.chunks, &stream, change) }
    return result.file
  }

  private static func alter(
    _ chunks: inout [PNGChunks.Chunk], _ stream: inout RandomStream, _ change: ([UInt8]) -> [UInt8]
  ) {
    guard !chunks.isEmpty else {
      chunks = [header(&stream), pixels(&stream)]
      return
    }
    let (i, j) = (stream.below(chunks.count), stream.below(chunks.count))
    switch stream.below(10) {
    case 0: chunks.remove(at: i)
    case 1: chunks.insert(chunks[i], at: j)
    case 2: chunks.swapAt(i, j)
    case 3: chunks[i].name = name(&stream)
    case 4: chunks.insert(PNGChunks.Chunk(name: name(&stream), data: bytes(stream.below(40), &stream)), at: j)
    case 5: chunks[0] = header(&stream)
    case 6:
      // A picture of another kind with rows that may fit it.
      let place = chunks.firstIndex { $0.name == Array("IDAT".utf8) } ?? i
      chunks[place] = pixels(&stream)
    case 7:
      // One stream of pixels may be cut into several chunks anywhere.
      let data = chunks[i].data
      let cut = stream.below(data.count + 1)
      chunks[i].data = Array(data.prefix(cut))
      chunks.insert(PNGChunks.Chunk(name: chunks[i].name, data: Array(data.dropFirst(cut))), at: i + 1)
    default: chunks[i].data = change(chunks[i].data)
    }
  }

  private static func name(_ stream: inout RandomStream) -> [UInt8] {
    Array((ancillary + ["IHDR", "IDAT", "IEND"])[stream.below(ancillary.count + 3)].utf8)
  }

  private static func bytes(_ count: Int, _ stream: inout RandomStream) -> [UInt8] {
    (0..<count).map { _ in UInt8(stream.below(256)) }
  }

  private static func header(_ stream: inout RandomStream) -> PNGChunks.Chunk {
    let side: [UInt32] = [1, 2, 3, 5, 8, 17, 200, 0, 0x7fff_ffff]
    return PNGChunks.header(
      width: side[stream.below(side.count)], height: side[stream.below(side.count)],
      depth: [1, 2, 4, 8, 16, 3][stream.below(6)], color: [0, 2, 3, 4, 6, 1][stream.below(6)],
      interlaced: UInt8(stream.below(3)))
  }

  /// Rows with the five filters of the format and now and then one that does not exist.
  private static func pixels(_ stream: inout RandomStream) -> PNGChunks.Chunk {
    let length = stream.below(40)
    return PNGChunks.pixels(
      (0..<stream.below(10)).flatMap { _ in [UInt8(stream.below(6))] + bytes(length, &stream) })
  }
}
