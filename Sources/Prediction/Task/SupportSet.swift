internal import Episodes
internal import Formats
package import Images
package import MetaLearning
internal import Networks
package import Settings

/// Labelled pictures to learn a task from: a folder with a folder for each class.
package struct SupportSet: Sendable {
  /// The folder.
  package let folder: String
  /// The classes: the paths of their folders, sorted by their bytes.
  ///
  /// A label is the position.
  package let classes: [String]
  /// All pictures, class by class.
  package let pictures: [PreparedPicture]
  /// What a user should know of it, a sentence each.
  package let notes: [String]
  private let preparation: ImagePreparation

  /// Reads a folder.
  ///
  /// - Parameters:
  ///   - folder: A folder whose folders are classes, at any depth.
  ///   - plan: How pictures are prepared, with how many threads, and whether bad ones are left out.
  /// - Throws: `DatasetError` if a picture cannot be used, all of them named; ``ConfigurationError`` if a class is empty,
  ///   or there are fewer than two.
  package init(_ folder: String, _ plan: Plan) throws {
    let list = try PictureList([folder], flag: "--support", followsLinksOut: plan.followLinks)
    func refuse(_ reason: String, _ remedy: String) -> ConfigurationError {
      ConfigurationError(field: "support", value: folder, reason: reason, remedy: remedy)
    }
    if let loose = list.items.first(where: { $0.className == nil }) {
      throw refuse(
        "\(printable(loose.path)) lies in no class folder", "Put every picture into a folder of its class")
    }
    if let empty = list.emptyFolders.first {
      throw refuse(
        "the class \(printable(empty)) has no .png picture", "Put some into its folder, or remove the folder")
    }
    let names = Set(list.items.compactMap(\.className))
    guard !names.isEmpty else {
      throw DatasetError.noImages(root: folder, archives: [], loose: 0)
    }
    guard names.count > 1 else {
      throw refuse(
        "it has one class, \(printable(names.first ?? "")), and nothing to tell it from",
        "Add a folder with pictures of another class")
    }
    var skipped: [BadImage]? = plan.skipUnreadable ? [] : nil
    pictures = try list.prepared(
      list.items.indices, plan.preparation, threads: plan.workers, leavingOut: &skipped)
    classes = names.sorted(by: bytewise)
    let left = Set(pictures.compactMap(\.item.className))
    if let empty = classes.first(where: { !left.contains($0) }) {
      throw refuse(
        "no picture of the class \(printable(empty)) can be read",
        "Put good ones into its folder, or remove it")
    }
    var notes: [String] = []
    if let passedOver = list.passedOver { notes.append("support: \(passedOver)") }
    if let skipped, !skipped.isEmpty {
      notes.append("support: left out \(skipped.count) unreadable pictures, such as \(skipped[0])")
    }
    self.notes = notes
    self.folder = folder
    preparation = plan.preparation
  }

  /// How many pictures each class has, in the order of the classes.
  package var sizes: [Int] { classes.map { name in pictures.count { $0.item.className == name } } }

  /// The pictures of a class.
  package func pictures(of name: String) -> [PreparedPicture] {
    pictures.filter { $0.item.className == name }
  }

  /// The pictures with their labels, class by class.
  package var batch: Batch {
    let ordered = classes.flatMap(pictures(of:))
    let labels = ordered.compactMap { picture in picture.item.className.flatMap(classes.firstIndex) }
    return Batch(LabelledImages(ordered, preparation, labels: labels), ways: classes.count)
  }
}

extension LabelledImages {
  /// Prepared pictures with labels, which may be zeros where nothing asks for them.
  init(_ pictures: [PreparedPicture], _ preparation: ImagePreparation, labels: [Int]) {
    let side = preparation.imageSize
    let plane = side * side
    var pixels: [Float] = []
    pixels.reserveCapacity(pictures.count * preparation.byteCount)
    for channel in 0..<preparation.channels {
      for picture in pictures {
        pixels += picture.bytes[channel * plane..<(channel + 1) * plane].map { Float($0) / 255 }
      }
    }
    self.init(
      channels: preparation.channels, height: side, width: side, pixels: pixels, labels: labels)
  }
}
