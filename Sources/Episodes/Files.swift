import Foundation

/// A folder that directly holds PNG files.
struct ImageFolder {
  /// Relative to the root; empty for the root itself.
  let path: String

  /// Names of its PNG files, sorted by bytes.
  let files: [String]
}

/// The whole content of a regular file; pipes and devices are refused, because reading them can hang.
func contents(ofFile path: String, limit: Int = 1 << 30) throws(ImageError) -> [UInt8] {
  let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard file >= 0 else { throw .unreadable(reason: String(cString: strerror(errno))) }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0 else { throw .unreadable(reason: String(cString: strerror(errno))) }
  guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(reason: "not a regular file") }
  guard status.st_size <= limit else { throw .unreadable(reason: "larger than \(limit) bytes") }
  var failure: Int32 = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
    while count < buffer.count {
      let got = read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      if got > 0 {
        count += got
      } else if got == 0 || errno != EINTR {
        failure = got == 0 ? 0 : errno
        break
      }
    }
  }
  guard failure == 0 else { throw .unreadable(reason: String(cString: strerror(failure))) }
  return bytes
}

/// Writes a file, making the folders above it.
func write(_ bytes: [UInt8], toFile path: String) throws(DatasetError) {
  let url = URL(fileURLWithPath: path)
  do {
    // Thousands of files share a folder: it is looked after only when writing fails.
    do {
      try Data(bytes).write(to: url)
    } catch {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
  } catch {
    throw .notWritable(path: path, reason: error.localizedDescription)
  }
}

/// Walks a tree in byte order and lists the folders of PNG files.
///
/// Hidden entries are passed over. Links to folders are followed, but not back to a folder one is in.
struct FolderWalk {
  private(set) var folders: [ImageFolder] = []
  private(set) var otherPictures = 0
  private var seen = 0
  private let root: String
  private static let limit = 1_000_000

  init(root: String) throws(DatasetError) {
    self.root = root
    var status = stat()
    guard stat(root, &status) == 0 else { throw .notFound(path: root) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .unreadable(path: root, reason: "not a folder") }
    try visit("", above: [])
    folders.sort { bytewise($0.path, $1.path) }
  }

  private mutating func visit(_ path: String, above: [FolderKey]) throws(DatasetError) {
    let full = path.isEmpty ? root : "\(root)/\(path)"
    var status = stat()
    guard stat(full, &status) == 0 else { return }
    let key = FolderKey(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    if above.contains(key) { return }
    seen += 1
    guard seen <= Self.limit, above.count < 32 else {
      throw .tooManyFolders(root: root, limit: Self.limit)
    }
    var files: [String] = []
    var below: [String] = []
    for (name, isFolder) in try entries(of: full) {
      if isFolder {
        below.append(path.isEmpty ? name : "\(path)/\(name)")
      } else if name.lowercased().hasSuffix(".png") {
        files.append(name)
      } else if [".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"].contains(where: {
        name.lowercased().hasSuffix($0)
      }) {
        otherPictures += 1
      }
    }
    if !files.isEmpty { folders.append(ImageFolder(path: path, files: files.sorted(by: bytewise))) }
    for folder in below.sorted(by: bytewise) { try visit(folder, above: above + [key]) }
  }

  private func entries(of full: String) throws(DatasetError) -> [(name: String, isFolder: Bool)] {
    guard let folder = opendir(full) else {
      throw .unreadable(path: full, reason: String(cString: strerror(errno)))
    }
    defer { closedir(folder) }
    var result: [(String, Bool)] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(".") || name == "__MACOSX" { continue }
      var isFolder = entry.pointee.d_type == UInt8(DT_DIR)
      if entry.pointee.d_type == UInt8(DT_LNK) || entry.pointee.d_type == UInt8(DT_UNKNOWN) {
        var status = stat()
        isFolder = stat("\(full)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      }
      result.append((name, isFolder))
    }
    return result
  }
}

/// What makes two paths the same folder.
private struct FolderKey: Equatable {
  let device: UInt64
  let number: UInt64
}
