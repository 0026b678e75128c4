internal import Episodes
package import Figures
package import Foundation
package import Images
internal import Results
package import Training

/// The pictures of one test episode as networks see them, to be looked at before anything is believed.
package struct EpisodeSheet {
  /// The file of a run that holds it.
  package static let file = RunFolder.episodeSheet

  /// Larger pictures are reduced.
  private static let largestSide = 112
  /// The most classes, and pictures of each class in a column.
  private static let most = (classes: 10, pictures: 6)

  private let episode: Episode

  /// The first test episode of a run.
  ///
  /// - Throws: `DatasetError.unknownImage` if its images are not there.
  package init(_ data: RunData) throws(DatasetError) {
    episode = try data.store.episode(data.test.episodes[0])
  }

  /// The bytes of a PNG file: a row for each class, its support pictures and the first of its query pictures.
  ///
  /// - Throws: ``FigureError`` if it cannot be drawn.
  package func png() throws(FigureError) -> Data {
    let classes = episode.description.classes
    let rows = classes.indices.prefix(Self.most.classes).map { label in
      PictureSheet.Row(
        Self.label(classes[label]),
        [
          .init(pictures(of: label, in: episode.support)), .init(pictures(of: label, in: episode.query)),
        ])
    }
    let sheet = PictureSheet(
      title: "A test episode as the networks see it",
      subtitle: "\(classes.count) classes at \(episode.query.width) × \(episode.query.height) pixels",
      columns: ["support", "query"], rows: rows)
    return Data(try sheet.png())
  }

  private func pictures(of label: Int, in images: LabelledImages) -> [PictureSheet.Bitmap] {
    images.labels.indices.filter { images.labels[$0] == label }.prefix(Self.most.pictures).map { n in
      let (side, plane) = (images.width, images.width * images.height)
      let shown = min(side, Self.largestSide)
      let planes = (0..<images.channels).map { channel -> [UInt8] in
        let start = (channel * images.count + n) * plane
        let bytes = images.pixels[start..<start + plane].map { UInt8(($0 * 255).rounded()) }
        return resized(bytes, width: side, height: images.height, to: shown, by: .area)
      }
      let rgb = (0..<shown * shown).flatMap { i in (0..<3).map { planes[min($0, planes.count - 1)][i] } }
      return PictureSheet.Bitmap(width: shown, height: shown, rgb: rgb)
    }
  }

  /// The end of a class's path, short enough for a sheet.
  private static func label(_ name: String) -> String {
    name.count > 28 ? "…" + name.suffix(27) : name
  }
}
