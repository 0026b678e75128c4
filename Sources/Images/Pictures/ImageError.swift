/// The largest size that a picture's file may declare before it is refused.
public struct ImageLimit: Hashable, Sendable {
  /// The most pixels along one side.
  public var side: Int

  /// The most pixels in all, width × height.
  public var pixels: Int

  /// Makes a limit; without arguments 16,384 pixels a side and 64 million pixels.
  public init(side: Int = 16_384, pixels: Int = 64_000_000) {
    self.side = side
    self.pixels = pixels
  }
}

/// Why a picture could not be decoded or encoded.
public enum ImageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes begin as a file of this format and are not a whole, undamaged one.
  case corrupt(format: PictureFormat, reason: String)

  /// The bytes are of a format that this build does not decode.
  case foreign(PictureFormat)

  /// The bytes are of no known format.
  case unknown(reason: String)

  /// The file declares more pixels than the limit.
  case tooLarge(width: Int, height: Int, limit: ImageLimit)

  /// The file could not be read from the disk.
  case unreadable(reason: String)

  /// The machine had no room to open, read or decode the file, which does not mean that the file is bad.
  case exhausted(reason: String)

  /// The pixels cannot be encoded as a PNG file.
  case notEncodable(reason: String)

  /// What is wrong, in one line.
  public var description: String {
    switch self {
    case .corrupt(let format, let reason): "not a valid \(format.rawValue) file: \(reason)"
    case .foreign(let format): format.advice
    case .unknown(let reason): "not a picture of a known format: \(reason)"
    case .tooLarge(let width, let height, let limit):
      "declares \(width) × \(height) pixels; the limit is \(limit.side) a side and \(limit.pixels) in all"
    case .unreadable(let reason), .exhausted(let reason): "cannot be read: \(reason)"
    case .notEncodable(let reason): "cannot be written as PNG: \(reason)"
    }
  }
}
