package import Corruptions
package import Images
package import Randomness

/// Images of a store after corruptions, as a network sees them; every file is decoded at most once.
package struct CorruptedImages {
  private let store: ImageStore
  private let place: CorruptionPlace
  private var originals: [String: Picture] = [:]

  /// A picture before values are inverted.
  private struct Picture {
    let planes: [[UInt8]]
    let width: Int
    let height: Int
  }

  /// Images of a store that are corrupted at a place.
  package init(of store: ImageStore, at place: CorruptionPlace) {
    (self.store, self.place) = (store, place)
  }

  /// An image after a corruption.
  ///
  /// - Parameters:
  ///   - path: The image.
  ///   - corruption: The corruption.
  ///   - severity: 1...5.
  ///   - stream: The source of randomness.
  /// - Returns: The bytes `[channels, imageSize, imageSize]` that the network sees, and how far they are from the clean
  ///   ones.
  /// - Throws: `DatasetError` if the store does not have the image or its file cannot be read again.
  package mutating func corrupted(
    _ path: String, by corruption: any Corruption, severity: Int, _ stream: inout RandomStream
  ) throws(DatasetError) -> (bytes: [UInt8], change: SquaredChange) {
    guard let clean = store.bytes(of: path) else { throw .unknownImage(path: path) }
    let picture = try picture(path, clean)
    let image = PlanarImage(planes: picture.planes, height: picture.height, width: picture.width)
    let planes = image.corrupted(by: corruption, severity: severity, &stream).planes
    let preparation = place == .network ? store.preparation.again : store.preparation
    let bytes = preparation.bytes(of: planes, width: picture.width, height: picture.height)
    return (bytes, SquaredChange(from: clean, to: bytes))
  }

  /// What a corruption acts on.
  ///
  /// At both places that is the picture with the file's dark and light, and values are inverted after it: brightness,
  /// contrast, speckle and what fills the edges mean light and paper, not their opposite.
  private mutating func picture(
    _ path: String, _ clean: ArraySlice<UInt8>
  ) throws(DatasetError) -> Picture {
    let preparation = store.preparation
    switch place {
    case .network:
      let side = preparation.imageSize
      return Picture(planes: preparation.planes(of: clean), width: side, height: side)
    case .original:
      if let known = originals[path] { return known }
      let image = try store.original(of: path)
      let picture = Picture(
        planes: image.planes(channels: preparation.channels), width: image.width, height: image.height)
      originals[path] = picture
      return picture
    }
  }
}
