package import Episodes
package import Figures
package import Foundation
package import Images
internal import Results
package import Training

/// The pictures of one episode as networks see them, to be looked at before anything is believed.
package struct EpisodeSheet {
  /// What was told of a query picture.
  package struct Answer: Sendable {
    /// The class that was told.
    package let className: String
    /// Its probability.
    package let probability: Double

    /// From its parts.
    package init(className: String, probability: Double) {
      (self.className, self.probability) = (className, probability)
    }
  }

  /// The file of a run that holds it.
  package static let file = RunFolder.episodeSheet

  /// Larger pictures are reduced.
  private static let largestSide = 112
  /// The most classes, and pictures of each class in a column.
  private static let most = (classes: 10, pictures: 6)

  private let episode: Episode
  private let title: String
  private let answers: [String: Answer]

  /// The first test episode of a run.
  ///
  /// - Throws: `DatasetError.unknownImage` if its images are not there.
  package init(_ data: RunData) throws(DatasetError) {
    self.init(try data.store.episode(data.test.episodes[0]), title: "A test episode as the networks see it")
  }

  /// Any episode, with what was told of its query pictures.
  ///
  /// - Parameters:
  ///   - episode: The episode with its pixels.
  ///   - title: What it is.
  ///   - answers: What was told, by the paths of the pictures.
  package init(_ episode: Episode, title: String, answers: [String: Answer] = [:]) {
    (self.episode, self.title, self.answers) = (episode, title, answers)
  }

  /// The bytes of a PNG file: a row for each class, its support pictures and the first of its query pictures.
  ///
  /// - Throws: ``FigureError`` if it cannot be drawn.
  package func png() throws(FigureError) -> Data {
    let classes = episode.description.classes
    let rows = classes.indices.prefix(Self.most.classes).map { label in
      PictureSheet.Row(
        PictureSheet.label(classes[label]),
        [.init(pictures(of: label, in: episode.support))] + queries(of: label))
    }
    let columns = rows.map(\.cells.count).max() ?? 2
    let sheet = PictureSheet(
      title: title,
      subtitle: "\(classes.count) classes at \(episode.query.width) × \(episode.query.height) pixels"
        + (answers.isEmpty
          ? "" : "; below: yes, or the class that was answered instead, and its probability in %"),
      columns: ["support", "query"] + Array(repeating: "", count: max(0, columns - 2)), rows: rows)
    return Data(try sheet.png())
  }

  /// The query pictures of a class: together, or each with what was told of it.
  private func queries(of label: Int) -> [PictureSheet.Cell] {
    let shown = pictures(of: label, in: episode.query)
    guard !answers.isEmpty else { return [.init(shown)] }
    let name = episode.description.classes[label]
    return zip(shown, episode.description.query[label]).map { picture, path in
      guard let answer = answers[path] else { return .init([picture]) }
      let told = answer.className == name ? "yes" : Self.short(answer.className)
      return .init([picture], caption: "\(told) \(Int((100 * answer.probability).rounded()))")
    }
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

  /// The beginning of a class's own name, short enough to stand below a picture.
  private static func short(_ name: String) -> String {
    let own = name.split(separator: "/").last.map(String.init) ?? name
    return own.count > 8 ? own.prefix(7) + "…" : own
  }
}
