internal import Files

extension ImageStore {
  /// Reads and decodes an image again, as stored in its file: at its own size, before any preparation.
  ///
  /// The store keeps prepared images only; a picture is changed with
  /// `preparation.bytes(of: original.planes(channels:), …)`.
  ///
  /// - Parameters:
  ///   - path: The image, relative to the root.
  ///   - limit: The largest picture accepted.
  /// - Returns: The decoded picture.
  /// - Throws: `DatasetError.unknownImage` if the store does not have it, `badImages` if the file has gone or
  ///   changed since the store was made.
  public func original(
    of path: String, limit: ImageLimit = ImageLimit()
  ) throws(DatasetError) -> DecodedPicture {
    guard contains(path) else { throw .unknownImage(path: path) }
    do {
      return try DecodedPicture(decoding: pictureBytes(roots.place(of: path)), limit: limit)
    } catch {
      throw .badImages([BadImage(path: path, error: error)], total: 1)
    }
  }
}
