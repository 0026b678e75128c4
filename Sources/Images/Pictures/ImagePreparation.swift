/// How a picture's pixels become those of another size.
public enum Resize: String, Codable, CaseIterable, Hashable, Sendable {
  /// The source pixel under the centre of each output pixel.
  case nearest

  /// The mean of the source over each output pixel, with exact fractional coverage.
  case area
}

/// What is done to every picture before a model sees it.
///
/// In this order: 16-bit samples are rounded to 8; transparent pixels are laid on white paper; colours are
/// kept (3 channels) or weighted into grey (1 channel, Rec. 601, which leaves greys exactly as they are);
/// the whole picture is resized to a square, its aspect not kept, or only the square in its middle is; values are
/// inverted if asked.
public struct ImagePreparation: Codable, Hashable, Sendable {
  /// Pixels of each side of the result.
  public var imageSize: Int

  /// 1 for grey, 3 for red, green, blue.
  public var channels: Int

  /// Which part of a picture is kept.
  public var crop: Crop

  /// How the size is changed.
  public var resize: Resize

  /// Whether each value v becomes 255 − v, so that dark ink on white paper is bright on black.
  public var invert: Bool

  /// Makes a preparation; without arguments 28 × 28 grey of the whole picture by area, not inverted.
  ///
  /// - Precondition: `imageSize` is in `1...4096` and `channels` is 1 or 3.
  public init(
    imageSize: Int = 28, channels: Int = 1, crop: Crop = .whole, resize: Resize = .area, invert: Bool = false
  ) {
    precondition((1...4096).contains(imageSize), "image size \(imageSize): use 1...4096")
    precondition(channels == 1 || channels == 3, "\(channels) channels: use 1 or 3")
    self.imageSize = imageSize
    self.channels = channels
    self.crop = crop
    self.resize = resize
    self.invert = invert
  }

  /// Bytes of one prepared picture: channels × imageSize².
  public var byteCount: Int { channels * imageSize * imageSize }

  /// The same for a picture that has been prepared and turned back by ``planes(of:)``: of it nothing more is cut off.
  public var again: ImagePreparation {
    var preparation = self
    preparation.crop = .whole
    return preparation
  }

  /// The prepared bytes of a picture.
  ///
  /// - Returns: `[channels, imageSize, imageSize]`.
  public func bytes(of image: DecodedPicture) -> [UInt8] {
    bytes(of: image.planes(channels: channels), width: image.width, height: image.height)
  }

  /// The prepared bytes of a picture that has been through the first steps, up to colours or grey.
  ///
  /// So a picture can be changed at its own resolution: after `DecodedPicture.planes(channels:)` and before this.
  ///
  /// - Parameters:
  ///   - planes: `channels` planes, each `[height, width]`.
  ///   - width: Pixels in a row.
  ///   - height: Rows.
  /// - Returns: `[channels, imageSize, imageSize]`.
  /// - Precondition: there are as many planes as channels, each of that size.
  public func bytes(of planes: [[UInt8]], width: Int, height: Int) -> [UInt8] {
    precondition(planes.count == channels, "\(planes.count) planes for \(channels) channels")
    var result: [UInt8] = []
    result.reserveCapacity(byteCount)
    for plane in planes {
      let part = crop.applied(to: plane, width: width, height: height)
      result += resized(part.plane, width: part.width, height: part.height, to: imageSize, by: resize)
    }
    return invert ? result.map { 255 - $0 } : result
  }

  /// A prepared picture as it was before its values were inverted: resized, but with the file's dark and light.
  ///
  /// So a picture can be changed at the network's side: ``again`` prepares it again, and if nothing was changed the
  /// bytes are the same, since a picture of the right size is not resized.
  ///
  /// - Parameter prepared: `[channels, imageSize, imageSize]`.
  /// - Returns: `channels` planes, each `[imageSize, imageSize]`.
  /// - Precondition: there are ``byteCount`` bytes.
  public func planes(of prepared: ArraySlice<UInt8>) -> [[UInt8]] {
    precondition(prepared.count == byteCount, "\(prepared.count) prepared bytes; they should be \(byteCount)")
    let size = imageSize * imageSize
    return (0..<channels).map { channel in
      let start = prepared.startIndex + channel * size
      return prepared[start..<start + size].map { invert ? 255 - $0 : $0 }
    }
  }
}

extension DecodedPicture {
  /// Grey or colour planes of 8-bit values, transparent pixels laid on white.
  ///
  /// grey = 0.299 red + 0.587 green + 0.114 blue, in 16-bit fixed point whose weights add up to exactly 1.
  ///
  /// - Parameter channels: 1 for grey, 3 for red, green, blue.
  /// - Returns: `channels` planes, each `[height, width]`.
  public func planes(channels: Int) -> [[UInt8]] {
    let rgba = rgba8
    func onWhite(_ value: UInt8, _ alpha: UInt8) -> Int {
      (Int(value) * Int(alpha) + 255 * (255 - Int(alpha)) + 127) / 255
    }
    let pixels = 0..<width * height
    guard channels == 1 else {
      return (0..<3).map { c in pixels.map { UInt8(onWhite(rgba[4 * $0 + c], rgba[4 * $0 + 3])) } }
    }
    let grey = pixels.map { i in
      let alpha = rgba[4 * i + 3]
      let red = 19_595 * onWhite(rgba[4 * i], alpha)
      let green = 38_470 * onWhite(rgba[4 * i + 1], alpha)
      let blue = 7_471 * onWhite(rgba[4 * i + 2], alpha)
      return UInt8((red + green + blue + 32_768) >> 16)
    }
    return [grey]
  }

  /// The samples in 8 bits: 16-bit ones divided by 257 and rounded.
  package var rgba8: [UInt8] {
    guard sampleBits == 16 else { return rgba }
    return (0..<rgba.count / 2).map { i in
      let value = Int(rgba[2 * i]) * 256 + Int(rgba[2 * i + 1])
      return UInt8((value + 128) / 257)
    }
  }
}
