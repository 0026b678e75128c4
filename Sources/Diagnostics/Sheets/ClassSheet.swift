internal import Figures
internal import Formats
internal import Networks
package import Foundation
package import Images
package import Settings
internal import Studies

/// The first pictures of some classes as a network sees them, a row for each class.
package struct ClassSheet {
  /// Which classes and how many pictures.
  package struct Choice: Sendable {
    /// The split of the classes; nil for all.
    package var part: Split?
    /// The most classes; if there are more, some are taken at equal distances.
    package var classes = 20
    /// The most pictures of a class.
    package var images = 8

    /// Eight pictures of twenty classes.
    package init() {}
  }

  /// How many classes there are, and how many are shown.
  package let (found, shown): (Int, Int)

  /// The same of each folder of a union; empty where there is one.
  package let sets: [(name: String, found: Int, shown: Int)]

  private let store: ImageStore
  private let names: [ImageClass]

  /// Chooses pictures of a data set and reads them; no other picture is read.
  ///
  /// - Parameters:
  ///   - index: The data set.
  ///   - choice: Which of its pictures.
  ///   - plan: How pictures are prepared.
  /// - Throws: ``ConfigurationError`` if there is no class; `DatasetError` if a picture cannot be used.
  package init(of index: DatasetIndex, _ choice: Choice, _ plan: Plan) throws {
    let all = index.classes.filter { choice.part == nil ? $0.split != nil : $0.split == choice.part }
    guard !all.isEmpty else {
      throw ConfigurationError(
        field: "part", value: choice.part?.rawValue ?? "",
        reason: "there is no class in this part of the data",
        remedy: "Name another part, or divide the classes otherwise with --split")
    }
    let count = min(all.count, choice.classes)
    let chosen = (0..<count).map { all[$0 * all.count / count] }.map { item in
      ImageClass(name: item.name, split: item.split, images: Array(item.images.prefix(choice.images)))
    }
    store = try ImageStore(
      index.keeping(Set(chosen.flatMap(\.images))), preparation: plan.preparation, threads: plan.workers,
      skipUnreadable: plan.skipUnreadable)
    names = chosen
    (found, shown) = (all.count, count)
    let roots = index.roots
    func number(_ some: [ImageClass], _ root: Int) -> Int {
      some.count { roots.position(of: $0.name) == root }
    }
    sets =
      roots.isUnion
      ? roots.all.enumerated().map { ($1.name, number(all, $0), number(chosen, $0)) } : []
  }

  /// The bytes of a PNG file.
  ///
  /// - Throws: ``FigureError`` if it cannot be drawn.
  package func png() throws -> Data {
    let rows = names.map { item in
      let pictures = item.images.compactMap { store.bytes(of: $0) }
      return PictureSheet.Row(
        PictureSheet.label(item.name), [.init(pictures.map { .init($0, store.preparation) })])
    }
    let size = store.preparation.imageSize
    let sheet = PictureSheet(
      title: "Classes as the networks see them",
      subtitle: "\(shown) of \(found) classes at \(size) × \(size) pixels", columns: [""], rows: rows)
    return Data(try sheet.png())
  }
}
