internal import Files
internal import Formats
internal import Foundation

/// The folders of a data set: one, or several whose union it is.
///
/// In a union the name of its folder and a slash stand in front of every class and every image, so that the same name in
/// two folders stays two classes. The name is the last component of the folder's path without links, or as many of the
/// last components as tell the folders apart.
public struct DataRoots: Hashable, Sendable {
  /// One of the folders.
  public struct Root: Hashable, Sendable {
    /// What stands in front of its classes and images; empty where it is the only folder.
    public let name: String

    /// Its path, as it was given.
    public let folder: String
  }

  /// All folders, in the order in which they were given.
  public let all: [Root]

  /// A single folder, whose names stand as they are.
  init(_ folder: String) { all = [Root(name: "", folder: folder)] }

  /// The union of some folders; of one folder that folder as it is.
  ///
  /// - Parameter folders: At least one.
  /// - Throws: `DatasetError` if one of several is missing or no folder, or holds another of them.
  public init(_ folders: [String]) throws(DatasetError) {
    precondition(!folders.isEmpty, "a data set of no folder")
    all = folders.count > 1 ? try Self.union(folders) : [Root(name: "", folder: folders[0])]
  }

  /// Several folders under names that tell them apart.
  private static func union(_ folders: [String]) throws(DatasetError) -> [Root] {
    var real: [String] = []
    for folder in folders {
      guard let path = resolved(folder) else { throw .notFound(path: folder) }
      guard FileManager.default.isFolder(path) else { throw .notFolder(path: folder) }
      real.append(path)
    }
    for (i, path) in real.enumerated() {
      for (k, other) in real.enumerated() where i != k && isInside(path, other) {
        guard path != other else {
          throw .overlappingFolders(
            inner: folders[max(i, k)], outer: folders[min(i, k)], areSame: true)
        }
        throw .overlappingFolders(inner: folders[i], outer: folders[k], areSame: false)
      }
    }
    return zip(namesApart(real.map(components)), folders).map { Root(name: $0, folder: $1) }
  }

  /// Whether there are several folders.
  public var isUnion: Bool { all.count > 1 }

  /// Which of the folders a class or an image is of, from its name.
  ///
  /// - Parameter name: The name of a class, or the path of an image, of this data set.
  /// - Returns: A position in ``all``.
  public func position(of name: String) -> Int {
    guard isUnion else { return 0 }
    return all.firstIndex { Self.begins(name, with: $0.name) } ?? 0
  }

  /// The folder whose name stands in front of what a list writes; nil where none does.
  func position(named path: String) -> Int? {
    all.firstIndex { path.utf8.count > $0.name.utf8.count && Self.begins(path, with: $0.name) }
  }

  /// The name of a class, or the path of an image, as it is in its own folder.
  package func inside(_ name: String) -> String {
    let root = all[position(of: name)].name
    guard !root.isEmpty, Self.begins(name, with: root) else { return name }
    return String(decoding: name.utf8.dropFirst(root.utf8.count + 1), as: UTF8.self)
  }

  /// The name in this data set of what has a name in one of the folders; empty for the folder itself.
  func outside(_ name: String, of position: Int) -> String {
    let root = all[position].name
    return root.isEmpty ? name : name.isEmpty ? root : "\(root)/\(name)"
  }

  /// The path that opens an image.
  func place(of image: String) -> String {
    let folder = all[position(of: image)].folder
    return folder.isEmpty ? image : "\(folder)/\(inside(image))"
  }

  /// The folders in words, for messages.
  public var words: String { inWords(all.map(\.folder)) }

  /// The flags that name the folders, for commands in messages.
  package var flags: String { all.map { "--data \(shellQuoted($0.folder))" }.joined(separator: " ") }

  /// A sentence about one of the folders: in a union with its name in front.
  func sentence(_ text: String, of position: Int) -> String {
    isUnion ? "\(printable(all[position].name)): \(text)" : text
  }

  private static func begins(_ name: String, with root: String) -> Bool {
    let (name, root) = (name.utf8, root.utf8)
    guard name.starts(with: root) else { return false }
    return name.count == root.count || name.dropFirst(root.count).first == UInt8(ascii: "/")
  }
}

extension DataRoots {
  /// The parts of a path from the root.
  static func components(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

  /// Different names for different paths: of each as few of the last components as distinguish it from the others.
  ///
  /// - Parameter paths: Their components.
  /// - Returns: One name each, components joined by slashes.
  package static func names(of paths: [[String]]) -> [String] {
    zip(paths, lengths(of: paths)).map { $0.suffix($1).joined(separator: "/") }
  }

  private static func lengths(of paths: [[String]]) -> [Int] {
    paths.indices.map { i in
      (1...max(1, paths[i].count)).first { length in
        paths.indices.allSatisfy { $0 == i || paths[$0].suffix(length) != paths[i].suffix(length) }
      } ?? paths[i].count
    }
  }

  /// The same, and no name is the beginning of another: a class of the one could have the name of a class of the other.
  private static func namesApart(_ paths: [[String]]) -> [String] {
    var lengths = lengths(of: paths)
    func part(_ i: Int) -> ArraySlice<String> { paths[i].suffix(lengths[i]) }
    var isChanged = true
    while isChanged {
      isChanged = false
      for i in paths.indices {
        for k in paths.indices where i != k && part(k).starts(with: part(i)) {
          // The longer one first; where it is whole, the shorter is not, or it would be the folder above.
          let j = lengths[k] < paths[k].count ? k : i
          guard lengths[j] < paths[j].count else { continue }
          lengths[j] += 1
          isChanged = true
        }
      }
    }
    return paths.indices.map { part($0).joined(separator: "/") }
  }
}

extension FileManager {
  /// Whether a path leads to a folder.
  func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
