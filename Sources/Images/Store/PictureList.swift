internal import Formats
internal import Foundation

/// Pictures wherever they lie, below folders at any depth or named one by one, without any pixel.
///
/// A data set has classes and splits; this has neither, but knows the folder each picture lies in.
package struct PictureList: Sendable {
  /// One picture.
  package struct Item: Hashable, Sendable {
    /// The path that opens it.
    package let path: String
    /// The path below the folder that was named; the name of a file that was named itself.
    package let name: String
    /// The folder it lies in, below the one that was named; nil for one at the top, and for a file.
    package let className: String?
  }

  /// The pictures, in the order of the places, those of a folder sorted by their bytes.
  package let items: [Item]
  /// What else lies in the folders, in a few words; nil for nothing.
  package let passedOver: String?
  /// Folders of a support at its top that hold no picture at all.
  package let emptyFolders: [String]
  /// The folder that holds them all, if one was named and nothing else.
  private let root: String?
  /// The flag that named the places.
  private let flag: String

  /// Lists pictures.
  ///
  /// - Parameters:
  ///   - places: Folders and pictures.
  ///   - flag: The flag that named them, for advice.
  ///   - followsLinksOut: Whether links that lead out of a folder are followed rather than refused.
  /// - Throws: `DatasetError` if a place is not there, cannot be read, or holds links or names that cannot be used.
  package init(_ places: [String], flag: String, followsLinksOut: Bool = false) throws(DatasetError) {
    var items: [Item] = []
    var passed = PassedOver()
    var empty: [String] = []
    var roots: [String] = []
    for place in places {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
        throw .notFound(path: place)
      }
      guard isFolder.boolValue else {
        let name = URL(fileURLWithPath: place).lastPathComponent
        items.append(Item(path: place, name: name, className: nil))
        continue
      }
      let walk = try FolderWalk(root: place, followsLinksOut: followsLinksOut)
      guard walk.refused.isEmpty else {
        throw .badImages(
          walk.refused.sorted { bytewise($0.path, $1.path) },
          total: walk.refused.count + walk.folders.reduce(0) { $0 + $1.files.count })
      }
      let root = place.count > 1 && place.hasSuffix("/") ? String(place.dropLast()) : place
      roots.append(root)
      for folder in walk.folders {
        items += folder.files.map { file in
          let name = folder.image(file)
          return Item(
            path: "\(root)/\(name)", name: name, className: folder.path.isEmpty ? nil : folder.path)
        }
      }
      passed.merge(walk.passedOver)
      empty += Self.folders(in: root).filter { name in
        !walk.folders.contains { $0.path == name || $0.path.hasPrefix(name + "/") }
      }
    }
    self.items = items
    passedOver = passed.summary
    emptyFolders = empty
    self.flag = flag
    self.root = places.count == 1 ? roots.first : nil
  }

  private init(_ items: [Item], like other: PictureList) {
    (self.items, passedOver, emptyFolders, root, flag) = (items, nil, [], other.root, other.flag)
  }

  /// The folders at the top of a folder, those of systems left out, sorted.
  private static func folders(in root: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.filter { name in
      FileManager.default.isFolder("\(root)/\(name)") && !ForeignFolders.isSystem(name)
    }.sorted(by: bytewise)
  }

  /// Some of the pictures, in the same order.
  package func keeping(_ isKept: (Item) -> Bool) -> PictureList {
    PictureList(items.filter(isKept), like: self)
  }
}

/// A picture as a network sees it.
package struct PreparedPicture: Sendable {
  /// Where it was.
  package let item: PictureList.Item
  /// Its prepared bytes, `[channels, imageSize, imageSize]`.
  package let bytes: [UInt8]
  /// The same for two pictures exactly if their decoded pixels are.
  package let contentKey: UInt64
}

extension PictureList {
  /// Reads and prepares some of the pictures.
  ///
  /// - Parameters:
  ///   - range: Which.
  ///   - preparation: What is done to each.
  ///   - threads: How many threads decode; the result does not depend on it.
  ///   - skipped: Takes those that cannot be decoded; nil to refuse them.
  /// - Returns: The pictures that can be used, in their order.
  /// - Throws: `DatasetError.badImages` with all bad files of the range, unless they are left out; `.unreadable` if the
  ///   machine has no room to read one.
  package func prepared(
    _ range: Range<Int>, _ preparation: ImagePreparation, threads: Int, leavingOut skipped: inout [BadImage]?
  ) throws(DatasetError) -> [PreparedPicture] {
    let wanted = Array(items[range])
    let work = Decoding(
      roots: DataRoots(""), files: wanted.map(\.path), decoded: wanted.count, preparation: preparation,
      limit: ImageLimit())
    let found = work.run(threads: max(1, threads))
    // A busy machine is no fault of a picture.
    for item in found.errors {
      if case .exhausted(let reason) = item.error { throw .unreadable(path: item.path, reason: reason) }
    }
    let bad = found.errors.sorted { bytewise($0.path, $1.path) }
    guard bad.isEmpty || skipped != nil else {
      let names = Dictionary(wanted.map { ($0.path, $0.name) }) { first, _ in first }
      let below = root.map { _ in bad.map { BadImage(path: names[$0.path] ?? $0.path, error: $0.error) } }
      let error = DatasetError.unusable(below ?? bad, below: root ?? "", named: flag, total: wanted.count)
      // Those that are named one by one are named by paths that open them.
      if case .badImages = error { throw .badImages(bad, total: wanted.count) }
      throw error
    }
    skipped?.append(contentsOf: bad)
    let dropped = Set(bad.map(\.path))
    let size = preparation.byteCount
    return wanted.indices.filter { !dropped.contains(wanted[$0].path) }.map { i in
      PreparedPicture(
        item: wanted[i], bytes: Array(found.pixels[i * size..<(i + 1) * size]), contentKey: found.keys[i])
    }
  }
}
