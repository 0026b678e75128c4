internal import Figures
internal import Formats
package import Foundation
internal import Images
package import Settings
internal import Studies

/// A sheet of what was said of pictures: the support on top, then the pictures of each class, the most probable first.
package struct AnswerSheet {
  /// Pictures side by side.
  private static let columns = 10
  /// The most pictures of one class that are shown.
  private static let most = 60

  private let sheet: PictureSheet

  /// Makes a sheet.
  ///
  /// - Parameters:
  ///   - answers: What was said, with the prepared bytes of every picture.
  ///   - support: What was learned from; nil where a saved task was asked.
  ///   - plan: How pictures were prepared.
  package init(_ answers: Answers, support: SupportSet?, _ plan: Plan) {
    func cells(_ pictures: [(bytes: [UInt8], caption: String)]) -> [PictureSheet.Cell] {
      pictures.map { .init([.init($0.bytes[...], plan.preparation)], caption: $0.caption) }
    }
    /// As many rows as it takes, the label before the first.
    func rows(_ label: String, _ cells: [PictureSheet.Cell]) -> [PictureSheet.Row] {
      stride(from: 0, to: cells.count, by: Self.columns).map { start in
        .init(
          start == 0 ? label : "", Array(cells[start..<min(start + Self.columns, cells.count)]))
      }
    }
    var all: [PictureSheet.Row] = []
    for name in support?.classes ?? [] {
      let pictures = support?.pictures(of: name).prefix(Self.columns) ?? []
      all += rows("support: \(PictureSheet.label(name, most: 24))", cells(pictures.map { ($0.bytes, "") }))
    }
    var left = 0
    for (label, name) in answers.classes.enumerated() {
      let own = answers.rows.filter { $0.label == label }
        .sorted { $0.probabilities[label] > $1.probabilities[label] }
      left += max(0, own.count - Self.most)
      let shown = own.prefix(Self.most).map { row in
        (row.bytes ?? [], "\(TextTable.fixed(100 * row.probabilities[label], 0)) %")
      }
      all += rows("predicted: \(PictureSheet.label(name, most: 24))", cells(shown))
    }
    let size = plan.preparation.imageSize
    sheet = PictureSheet(
      title: "Predicted classes",
      subtitle:
        "\(answers.rows.count) pictures as the network sees them, at \(size) × \(size) pixels; below: the probability of "
        + "the class" + (left > 0 ? "; \(left) more are not shown" : ""),
      columns: Array(repeating: "", count: min(Self.columns, all.map(\.cells.count).max() ?? 1)), rows: all)
  }

  /// The bytes of a PNG file.
  ///
  /// - Throws: ``FigureError`` if it cannot be drawn.
  package func png() throws -> Data { Data(try sheet.png()) }
}
