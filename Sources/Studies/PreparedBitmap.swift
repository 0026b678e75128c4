package import Figures
package import Images

extension PictureSheet.Bitmap {
  /// A prepared picture as a sheet shows it: colour or grey, reduced where it is large.
  ///
  /// - Parameters:
  ///   - prepared: Its bytes, `[channels, imageSize, imageSize]`.
  ///   - preparation: What was done to it.
  ///   - largest: The largest side that is shown.
  package init(_ prepared: ArraySlice<UInt8>, _ preparation: ImagePreparation, largest: Int = 112) {
    let (side, channels) = (preparation.imageSize, preparation.channels)
    let shown = min(side, largest)
    let planes = (0..<channels).map { channel -> [UInt8] in
      let start = prepared.startIndex + channel * side * side
      let plane = Array(prepared[start..<start + side * side])
      return resized(plane, width: side, height: side, to: shown, by: .area)
    }
    let rgb = (0..<shown * shown).flatMap { i in (0..<3).map { planes[min($0, channels - 1)][i] } }
    self.init(width: shown, height: shown, rgb: rgb)
  }
}
