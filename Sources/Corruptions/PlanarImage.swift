/// A picture of any size as planes of numbers, 0 for black and 1 for full.
public struct PlanarImage: Hashable, Sendable {
  /// The number of planes C: 1 for grey, 3 for red, green, blue.
  public let channels: Int
  /// The number of rows, H.
  public let height: Int
  /// The number of pixels in a row, W.
  public let width: Int
  /// The numbers `[C, H, W]`, in 0...1 for a valid picture.
  public var pixels: [Float]

  /// A picture of given numbers.
  ///
  /// - Precondition: there are C·H·W of them, and at least one.
  public init(channels: Int, height: Int, width: Int, pixels: [Float]) {
    precondition(
      pixels.count == channels * height * width && !pixels.isEmpty,
      "planar image: \(pixels.count) values for [\(channels), \(height), \(width)]")
    self.channels = channels
    self.height = height
    self.width = width
    self.pixels = pixels
  }

  /// A picture of 8-bit planes `[H, W]`, 255 for full.
  ///
  /// - Precondition: every plane has H·W values, and there is at least one.
  public init(planes: [[UInt8]], height: Int, width: Int) {
    var pixels: [Float] = []
    pixels.reserveCapacity(planes.count * height * width)
    for plane in planes { for value in plane { pixels.append(Float(value) / 255) } }
    self.init(channels: planes.count, height: height, width: width, pixels: pixels)
  }

  /// The count of numbers in one plane, H·W.
  public var planeCount: Int { height * width }

  /// The picture in 8 bits, one plane per channel: clipped to 0...1 and rounded.
  public var planes: [[UInt8]] {
    (0..<channels).map { c in
      pixels[c * planeCount..<(c + 1) * planeCount].map { UInt8((min(max($0, 0), 1) * 255).rounded()) }
    }
  }

  /// Pixels of this picture to one pixel of a CIFAR image: the shorter side over 32.
  ///
  /// Lengths that CIFAR-C gives in pixels are multiplied by it, so that they are the same share of the side.
  ///
  /// - Source: ours.
  var cifarPixel: Double { Double(min(width, height)) / 32 }

  /// The same picture with other numbers.
  func with(_ pixels: [Float]) -> PlanarImage {
    PlanarImage(channels: channels, height: height, width: width, pixels: pixels)
  }

  /// The same picture with every number passed through a function.
  func mapped(_ transform: (Float) -> Float) -> PlanarImage { with(pixels.map(transform)) }

  /// The numbers of one plane, `[H, W]`.
  func plane(_ channel: Int) -> [Float] {
    Array(pixels[channel * planeCount..<(channel + 1) * planeCount])
  }

  /// The same picture with every plane passed through a function that keeps its size.
  func mappedPlanes(_ transform: (_ plane: [Float]) -> [Float]) -> PlanarImage {
    with((0..<channels).flatMap { transform(plane($0)) })
  }
}
