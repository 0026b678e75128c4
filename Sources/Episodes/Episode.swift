public import Images

/// Images with their labels, ordered by class.
public struct LabelledImages: Hashable, Sendable {
  /// Number of images, N.
  public let count: Int

  /// 1 for grey, 3 for colour, C.
  public let channels: Int

  /// Rows, H.
  public let height: Int

  /// Pixels in a row, W.
  public let width: Int

  /// `[C, N, H, W]`, channels outermost; bytes divided by 255, so 0...1.
  public let pixels: [Float]

  /// `N` class positions in `0..<ways`, in ascending order.
  public let labels: [Int]

  /// Makes images from their parts.
  ///
  /// - Precondition: `pixels` has channels × labels × height × width values.
  public init(channels: Int, height: Int, width: Int, pixels: [Float], labels: [Int]) {
    precondition(
      pixels.count == channels * labels.count * height * width,
      "labelled images: \(pixels.count) values for [\(channels), \(labels.count), \(height), \(width)]")
    count = labels.count
    self.channels = channels
    self.height = height
    self.width = width
    self.pixels = pixels
    self.labels = labels
  }
}

/// A task: labelled support images to learn from and query images to be judged on.
public struct Episode: Hashable, Sendable {
  /// Which images these are.
  public let description: EpisodeDescription

  /// ways × shots images.
  public let support: LabelledImages

  /// ways × queries images.
  public let query: LabelledImages

  /// Makes an episode from its parts.
  public init(description: EpisodeDescription, support: LabelledImages, query: LabelledImages) {
    self.description = description
    self.support = support
    self.query = query
  }
}

extension ImageStore {
  /// The episode with its pixels.
  ///
  /// - Throws: `DatasetError.unknownImage` if a path is not here.
  public func episode(_ description: EpisodeDescription) throws(DatasetError) -> Episode {
    Episode(
      description: description,
      support: try images(description.support, rotations: description.rotations),
      query: try images(description.query, rotations: description.rotations))
  }

  /// Prepared images with the class positions as labels.
  ///
  /// - Parameters:
  ///   - paths: The images of each class.
  ///   - rotations: Degrees for each class: 0, 90, 180 or 270.
  /// - Returns: The images in order of class.
  /// - Throws: `DatasetError.unknownImage` if a path is not here.
  public func images(_ paths: [[String]], rotations: [Int]) throws(DatasetError) -> LabelledImages {
    try images(paths, rotations: rotations) { path, _, _ throws(DatasetError) in
      guard let bytes = bytes(of: path) else { throw .unknownImage(path: path) }
      return bytes
    }
  }

  /// Images prepared by the caller, with the class positions as labels.
  ///
  /// - Parameters:
  ///   - paths: The images of each class.
  ///   - rotations: Degrees for each class: 0, 90, 180 or 270.
  ///   - prepared: The bytes `[channels, imageSize, imageSize]` of an image, from its path, its class and its
  ///     position in the class.
  /// - Returns: The images in order of class, turned.
  /// - Throws: What `prepared` throws.
  public func images(
    _ paths: [[String]], rotations: [Int],
    prepared: (_ path: String, _ label: Int, _ position: Int) throws(DatasetError) -> ArraySlice<UInt8>
  ) throws(DatasetError) -> LabelledImages {
    precondition(paths.count == rotations.count, "images: \(paths.count) classes, \(rotations.count) turns")
    let size = preparation.imageSize
    let plane = size * size
    let count = paths.reduce(0) { $0 + $1.count }
    var pixels = [Float](repeating: 0, count: preparation.channels * count * plane)
    var labels: [Int] = []
    for (label, (paths, degrees)) in zip(paths, rotations).enumerated() {
      let order = (0..<plane).map { rotatedSource($0 / size, $0 % size, size: size, degrees: degrees) }
      for (position, path) in paths.enumerated() {
        let bytes = try prepared(path, label, position)
        for channel in 0..<preparation.channels {
          let from = bytes.startIndex + channel * plane
          let to = (channel * count + labels.count) * plane
          for i in 0..<plane { pixels[to + i] = Float(bytes[from + order[i]]) / 255 }
        }
        labels.append(label)
      }
    }
    return LabelledImages(
      channels: preparation.channels, height: size, width: size, pixels: pixels, labels: labels)
  }
}
