internal import Files
internal import Formats
import Foundation

/// A folder that directly holds pictures.
struct ImageFolder {
  /// Relative to the root; empty for the root itself.
  let path: String

  /// Names of its pictures, sorted by bytes.
  let files: [String]
}

/// Walks a tree in byte order and lists the folders of pictures.
///
/// A file is a picture if its name has the ending of a picture format, or none and its content begins as a picture. One
/// of a format that this build does not decode is listed too: decoding refuses it, so that no class vanishes unsaid.
/// Where a PNG file has the same name but for the ending, another format is its original and passed over.
/// Hidden entries are passed over. Links are followed within the root, but not back to an enclosing folder. Those
/// that lead out of the root are followed only if asked for: untrusted data must not be able to pull in files
/// from elsewhere, but one's own class folders may well lie on another disk.
struct FolderWalk {
  private(set) var folders: [ImageFolder] = []
  var passedOver = PassedOver()

  /// Images and folders that cannot be used because of their names or where they lead.
  private(set) var refused: [BadImage] = []

  /// How many links out of the root were followed.
  private(set) var linksOut = 0
  private let followsLinksOut: Bool
  private var seen = 0
  private let root: String
  private let realRoot: String
  private static let limit = 1_000_000

  init(root: String, followsLinksOut: Bool = false) throws(DatasetError) {
    self.root = root
    self.followsLinksOut = followsLinksOut
    var status = stat()
    guard stat(root, &status) == 0 else { throw .notFound(path: root) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .notFolder(path: root) }
    guard let real = resolved(root) else { throw .notFound(path: root) }
    realRoot = real
    try visit("", above: [])
    folders.sort { bytewise($0.path, $1.path) }
  }

  private mutating func visit(_ path: String, above: [FileIdentity]) throws(DatasetError) {
    let full = path.isEmpty ? root : "\(root)/\(path)"
    var status = stat()
    guard stat(full, &status) == 0 else {
      throw .unreadable(path: full, reason: String(cString: strerror(errno)))
    }
    let key = FileIdentity(status)
    if above.contains(key) { return }
    seen += 1
    guard seen <= Self.limit, above.count < 32 else {
      throw .tooManyFolders(root: root, limit: Self.limit)
    }
    let entries = try entries(of: full)
    // The pictures of a report are not data, even where runs are written below the images.
    let isResult = ForeignFolders.holdsResults(
      full, files: Set(entries.filter { !$0.isFolder }.map(\.name)),
      folders: Set(entries.filter(\.isFolder).map(\.name)))
    if isResult && !path.isEmpty {
      passedOver.results.append(path)
      return
    }
    var files: [String] = []
    var below: [String] = []
    // Two spellings of one name, with composed and with combining accents, would be equal to this program.
    var names: Set<String> = []
    for entry in entries {
      let relativePath = path.isEmpty ? entry.name : "\(path)/\(entry.name)"
      if entry.isFolder && ForeignFolders.isMarked(entry.name) {
        passedOver.system.append(relativePath)
        continue
      }
      if entry.isFolder && isResult && entry.name == "figures" {
        passedOver.results.append(relativePath)
        continue
      }
      let isImage = !entry.isFolder && Self.isPicture(entry.name, at: "\(root)/\(relativePath)")
      guard isImage || entry.isFolder else {
        passedOver.add(relativePath)
        continue
      }
      if entry.leadsOut && followsLinksOut { linksOut += 1 }
      let fault =
        entry.fault
        ?? (entry.leadsOut && !followsLinksOut ? Self.linkOut : nil)
        ?? (names.insert(entry.name).inserted ? nil : "its name differs from another's only in its bytes")
      if let fault {
        refused.append(BadImage(path: relativePath, error: .unreadable(reason: fault)))
      } else if isImage {
        files.append(entry.name)
      } else {
        below.append(relativePath)
      }
    }
    let kept = Self.withoutOriginals(files)
    passedOver.originals += files.count - kept.count
    if !kept.isEmpty { folders.append(ImageFolder(path: path, files: kept)) }
    for folder in below { try visit(folder, above: above + [key]) }
  }

  private struct Entry {
    let name: String
    let isFolder: Bool
    /// Why it cannot be used, if so.
    var fault: String?
    /// Whether it is a link to somewhere outside the root.
    var leadsOut = false
  }

  private static func isPicture(_ name: String, at path: String) -> Bool {
    if PictureFormat.named(name) != nil { return true }
    guard !name.contains("."), let start = start(ofFile: path, count: 32) else { return false }
    return PictureFormat(startOf: start)?.isPicture ?? false
  }

  /// The files but for those of other formats that a PNG file of the same name was made of.
  private static func withoutOriginals(_ files: [String]) -> [String] {
    func stem(_ name: String) -> Substring { name.lastIndex(of: ".").map { name[..<$0] } ?? name[...] }
    func isPNG(_ name: String) -> Bool { PictureFormat.named(name) == .png }
    let converted = Set(files.filter(isPNG).map(stem))
    return files.filter { isPNG($0) || !converted.contains(stem($0)) }
  }

  static let linkOut = "a link that leads out of the data folder"

  /// The visible entries of a folder, sorted by bytes.
  private func entries(of full: String) throws(DatasetError) -> [Entry] {
    guard let folder = opendir(full) else {
      throw .unreadable(path: full, reason: String(cString: strerror(errno)))
    }
    defer { closedir(folder) }
    var result: [Entry] = []
    while let entry = readdir(folder) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      let name = String(decoding: bytes, as: UTF8.self)
      if ForeignFolders.isHidden(name) { continue }
      let kind = entry.pointee.d_type
      guard name.utf8.elementsEqual(bytes) else {
        // Such a name cannot be written in an episode list, and a repaired one would not open the file.
        result.append(Entry(name: name, isFolder: kind == DT_DIR, fault: "its name is not UTF-8; rename it"))
        continue
      }
      result.append(
        kind == DT_LNK || kind == DT_UNKNOWN
          ? link(name, in: full) : Entry(name: name, isFolder: kind == DT_DIR))
    }
    return result.sorted { bytewise($0.name, $1.name) }
  }

  /// What a link, or an entry of unknown kind, is; a broken link counts as a file, and reading it gives the reason.
  private func link(_ name: String, in full: String) -> Entry {
    guard let target = resolved("\(full)/\(name)") else {
      return Entry(name: name, isFolder: false)
    }
    var status = stat()
    let isFolder = stat(target, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    return Entry(name: name, isFolder: isFolder, leadsOut: !isInside(target, realRoot))
  }
}

/// The path with every link followed; nil if it leads nowhere or in circles.
func resolved(_ path: String) -> String? {
  guard let real = realpath(path, nil) else { return nil }
  defer { free(real) }
  return String(cString: real)
}
