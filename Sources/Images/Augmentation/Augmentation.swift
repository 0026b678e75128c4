public import Randomness

/// How training images are changed at random, so that no two passes over the data see the same ones.
///
/// A list of changes, written `crop+flip+jitter`; they are made in the order of ``Change``.
public struct Augmentation: RawRepresentable, Hashable, Sendable {
  /// One kind of change.
  public enum Change: String, CaseIterable, Sendable {
    /// A part of the image, of a random place, 20 to 100 % of its area and 3/4 to 4/3 as wide as high, resized to the
    /// whole; bilinear.
    case resizedCrop = "resized-crop"
    /// The image with an eighth of its side added in black on every side, cut to its size at a random place.
    case crop
    /// Left and right changed over, in half of the cases.
    case flip
    /// A turn by up to 15 degrees; bilinear, black outside.
    case rotation
    /// Brightness, contrast and, in colour, saturation, in random order, each times 0.6 to 1.4.
    case jitter
    /// A black square of half the side, at a random place, partly outside.
    case cutout
  }

  /// The changes, each once, in the order they are made.
  public let changes: [Change]

  /// Those of a list such as `crop+flip`, or of `none`; nil if a name is unknown or stands twice.
  public init?(rawValue: String) {
    guard rawValue != "none" else {
      changes = []
      return
    }
    let names = rawValue.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    let found = names.compactMap(Change.init)
    guard found.count == names.count, Set(found).count == found.count else { return nil }
    changes = Change.allCases.filter(found.contains)
  }

  /// The list as it is written.
  public var rawValue: String {
    changes.isEmpty ? "none" : changes.map(\.rawValue).joined(separator: "+")
  }

  /// An image changed at random.
  ///
  /// - Parameters:
  ///   - image: The image.
  ///   - stream: Where chance comes from; the same stream makes the same image.
  /// - Returns: An image of the same size.
  public func changed(_ image: FloatImage, _ stream: inout RandomStream) -> FloatImage {
    changes.reduce(image) { image, change in
      switch change {
      case .resizedCrop: image.resizedCrop(&stream)
      case .crop: image.shifted(&stream)
      case .flip: stream.below(2) == 0 ? image : image.mirrored
      case .rotation: image.turned(by: stream.uniform(-15, 15))
      case .jitter: image.jittered(&stream)
      case .cutout: image.cutOut(&stream)
      }
    }
  }
}
