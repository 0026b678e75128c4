internal import Formats
package import Images
package import Networks
package import Settings

extension Plan {
  /// The least share of pictures in colour by which a data set is one of colour.
  private static let inColour = 0.5

  /// The share below which it is grey.
  private static let isGrey = 0.05

  /// Refuses a union of coloured and of grey data sets that all become grey, unless it is said what becomes of dark and
  /// light: what is usual for ink on paper spoils photographs.
  ///
  /// - Parameter store: The images.
  /// - Throws: ``ConfigurationError`` that names a data set of each kind.
  package func refuseMixedColours(_ store: ImageStore) throws(ConfigurationError) {
    guard channels == 1, invert == nil, store.roots.isUnion else { return }
    func first(_ isMeant: (Double) -> Bool) -> String? {
      zip(store.roots.all, store.colouredShares).first { $1.map(isMeant) ?? false }.map {
        printable($0.0.name)
      }
    }
    guard let coloured = first({ $0 >= Self.inColour }), let grey = first({ $0 < Self.isGrey }) else {
      return
    }
    throw ConfigurationError(
      field: "channels", value: "1",
      reason:
        "\(coloured) is in colour and \(grey) is not: all would become grey, with dark and light exchanged",
      remedy:
        "Keep the colour with --channels 3, where grey pictures have three equal channels, or say with --invert or "
        + "--no-invert what becomes of dark and light")
  }
}
