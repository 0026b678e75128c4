public import Randomness

/// More light: the value of hue, saturation and value is raised.
///
/// - Source: Hendrycks and Dietterich 2019, CIFAR-C.
public struct Brightness: Corruption {
  /// `brightness`.
  public let name = "brightness"
  private static let raises: [Float] = [0.05, 0.10, 0.15, 0.20, 0.30]

  /// The corruption; it has no settings.
  public init() {}

  /// V + c, at most 1; hue and saturation stay, so all channels of a pixel grow by one factor.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let raise = Self.raises[severity - 1]
    var result = image.pixels
    for i in 0..<image.planeCount {
      let indices = stride(from: i, to: result.count, by: image.planeCount)
      let value = indices.reduce(0) { max($0, image.pixels[$1]) }
      let raised = min(value + raise, 1)
      // Black has no hue: it becomes grey.
      for index in indices { result[index] = value > 0 ? result[index] * (raised / value) : raised }
    }
    return image.with(result)
  }
}

/// Less contrast: every channel is drawn towards its mean.
///
/// - Source: Hendrycks and Dietterich 2019, CIFAR-C.
public struct Contrast: Corruption {
  /// `contrast`.
  public let name = "contrast"
  private static let factors: [Float] = [0.75, 0.50, 0.40, 0.30, 0.15]

  /// The corruption; it has no settings.
  public init() {}

  /// mean + c·(x − mean).
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let factor = Self.factors[severity - 1]
    return image.mappedPlanes { plane in
      let mean = mean(plane)
      return plane.map { mean + factor * ($0 - mean) }
    }
  }
}

/// A square that hides a part of the picture behind the mean of each channel.
///
/// The square lies wholly inside, at a random position. Its side is 15, 25, 35, 45, 55 % of the shorter side.
///
/// - Source: ours, after the occluder of Zeiler and Fergus 2014.
public struct Occlusion: Corruption {
  /// `occlusion`.
  public let name = "occlusion"
  private static let shares = [0.15, 0.25, 0.35, 0.45, 0.55]

  /// The corruption; it has no settings.
  public init() {}

  /// The picture with a square of one colour.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    let side = max(1, Int((Self.shares[severity - 1] * Double(min(image.width, image.height))).rounded()))
    let left = Int(stream.uniform() * Double(image.width - side + 1))
    let top = Int(stream.uniform() * Double(image.height - side + 1))
    return image.mappedPlanes { plane in
      let mean = mean(plane)
      var plane = plane
      for y in top..<top + side { for x in left..<left + side { plane[y * image.width + x] = mean } }
      return plane
    }
  }
}

/// Grey for colour: every channel becomes one mixture of all.
///
/// grey = 0.299 red + 0.587 green + 0.114 blue, Rec. 601.
public struct Grey: Corruption {
  /// `grey`.
  public let name = "grey"

  /// The corruption; it has no settings.
  public init() {}

  /// The picture without its colours; a grey one is returned as it is.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    guard image.channels == 3 else { return image }
    let n = image.planeCount
    let grey = (0..<n).map {
      0.299 * image.pixels[$0] + 0.587 * image.pixels[n + $0] + 0.114 * image.pixels[2 * n + $0]
    }
    return image.with(grey + grey + grey)
  }
}

/// Light and dark are swapped, as foreground and background of ink on paper do.
public struct Inversion: Corruption {
  /// `inversion`.
  public let name = "inversion"

  /// The corruption; it has no settings.
  public init() {}

  /// 1 − x.
  public func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
  {
    image.mapped { 1 - $0 }
  }
}

private func mean(_ plane: [Float]) -> Float {
  Float(plane.reduce(0.0) { $0 + Double($1) } / Double(plane.count))
}
