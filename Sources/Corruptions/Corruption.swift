public import Randomness

/// A way to damage a picture, at five severities.
///
/// What it draws comes from the stream alone, in an order that does not depend on the severity: with one stream,
/// a higher severity is the same random change made stronger.
public protocol Corruption: Sendable {
  /// The name in tables and files, for example `gaussian-noise`.
  var name: String { get }

  /// The damaged picture, of the same size; numbers outside of 0...1 are clipped by ``corrupted(_:by:severity:_:)``.
  ///
  /// - Parameters:
  ///   - image: A picture of any size.
  ///   - severity: 1 for mild to 5 for strong.
  ///   - stream: The source of randomness.
  /// - Returns: The damaged picture.
  func callAsFunction(_ image: PlanarImage, severity: Int, _ stream: inout RandomStream) -> PlanarImage
}

extension PlanarImage {
  /// The picture after a corruption, within 0...1.
  ///
  /// - Parameters:
  ///   - corruption: The corruption.
  ///   - severity: 1...5.
  ///   - stream: The source of randomness.
  /// - Returns: A picture of the same size.
  /// - Precondition: the severity is in 1...5.
  public func corrupted(
    by corruption: any Corruption, severity: Int, _ stream: inout RandomStream
  ) -> PlanarImage {
    precondition((1...5).contains(severity), "\(corruption.name): severity \(severity); use 1...5")
    return corruption(self, severity: severity, &stream).mapped { min(max($0, 0), 1) }
  }
}

/// All corruptions by name; a new one is a type and a line here.
public enum CorruptionRegistry {
  /// The corruptions, each at severities 1...5.
  public static let corruptions: [any Corruption] = [
    GaussianNoise(), ShotNoise(), ImpulseNoise(), SpeckleNoise(),
    GaussianBlur(), DefocusBlur(), MotionBlur(),
    Brightness(), Contrast(), Pixelate(), Elastic(),
    Occlusion(), Translation(), Rotation(), Zoom(),
  ]

  /// The shifts, which turn pictures into another kind of picture; the severity has no effect.
  public static let shifts: [any Corruption] = [Grey(), Inversion()]

  /// A corruption or shift by name; nil if there is none.
  public static func named(_ name: String) -> (any Corruption)? {
    (corruptions + shifts).first { $0.name == name }
  }
}
