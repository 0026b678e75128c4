internal import Formats

extension SplitFile {
  /// Gives each folder the split of the entry whose path it is, or ends with.
  func divide(_ folders: [ImageFolder], in roots: DataRoots) throws(DatasetError) -> [ImageClass] {
    var ending: [String: [Int]] = [:]
    for (i, folder) in folders.enumerated() {
      let parts = folder.path.split(separator: "/")
      for start in parts.indices {
        let tail = parts[start...].joined(separator: "/").folded
        ending[tail, default: []].append(i)
      }
    }
    var splits = [Split?](repeating: nil, count: folders.count)
    var missing: [String] = []
    for entry in classes {
      // A column above the class, such as a superclass, need not be a folder: try without the outer ones.
      let tails = entry.path.indices.lazy.map { entry.path[$0...].joined(separator: "/") }
      // Where the outermost is a folder of the data, no class of another folder is meant.
      let named = roots.isUnion ? roots.position(named: entry.path.joined(separator: "/")) : nil
      let match = tails.compactMap { tail -> (String, [Int])? in
        let found = (ending[tail.folded] ?? []).filter {
          named == nil || roots.position(of: folders[$0].path) == named
        }
        return found.isEmpty ? nil : (tail, found)
      }.first
      guard let match else {
        missing.append(entry.path.joined(separator: "/"))
        continue
      }
      let found = nearest(match.1, to: match.0, folders, roots)
      guard found.count == 1, splits[found[0]] == nil else {
        let names = found.prefix(2).map { printable(folders[$0].path) }.joined(separator: " and ")
        let name = printable(entry.path.joined(separator: "/"))
        throw .splitFile(
          path: path, line: 0,
          reason: found.count > 1
            ? "class \(name) fits \(names). Write more of its path."
            : "class \(name) is folder \(names), which another line names. List it once.")
      }
      splits[found[0]] = entry.split
    }
    guard missing.isEmpty else {
      throw .splitFile(
        path: path, line: 0,
        reason: "\(missing.count) of \(classes.count) classes are not in the data, for example "
          + missing.prefix(3).map(printable).joined(separator: ", ")
          + ".\nUse the data the file is for, or remove the lines.")
    }
    return zip(folders, splits).map { folder, split in folder.asClass(split) }
  }

  /// Of several folders the one that is the path itself, in the data set or in its own folder, or else those that end
  /// with it letter by letter.
  private func nearest(
    _ found: [Int], to path: String, _ folders: [ImageFolder], _ roots: DataRoots
  ) -> [Int] {
    guard found.count > 1 else { return found }
    let same = found.filter { folders[$0].path == path }
    if same.count == 1 { return same }
    let inside = roots.isUnion ? found.filter { roots.inside(folders[$0].path) == path } : []
    if !inside.isEmpty { return inside }
    let exact = found.filter { folders[$0].path.hasSuffix("/" + path) || folders[$0].path == path }
    return exact.isEmpty ? found : exact
  }

  /// Gathers the listed images, each by as much of its path as the list writes.
  ///
  /// In a union a label is one of the image's own folder: the same label in two folders makes two classes.
  func collect(_ folders: [ImageFolder], in roots: DataRoots) throws(DatasetError) -> [ImageClass] {
    let finder = ListedFiles(folders, roots)
    var found: [String: (split: Split, images: Set<String>)] = [:]
    var missing: [String] = []
    var elsewhere: [String] = []
    // A picture in two classes has no right label, and in two splits it leaks.
    var owners: [String: String] = [:]
    var splits: [String: Set<Split>] = [:]
    var seen: Set<ImageEntry> = []
    for entry in images where seen.insert(entry).inserted {
      let image: String
      switch finder.find(entry.file, label: entry.label) {
      case .found(let path): image = path
      case .missing:
        missing.append(entry.file)
        continue
      case .elsewhere(let path):
        elsewhere.append("\(printable(entry.file)), while there is \(printable(path))")
        continue
      case .several(let paths):
        throw fault(
          0,
          "image \(printable(entry.file)) fits \(paths.count) files, such as "
            + paths.prefix(2).map(printable).joined(separator: " and ")
            + ".\nWrite more of the paths in the list, or name with --data the folder of the files that are meant."
        )
      }
      let label = try self.label(entry, of: image, roots)
      let owner = owners.updateValue(label, forKey: image) ?? label
      guard owner == label else {
        let labels = [owner, label].sorted(by: bytewise).map(printable).joined(separator: " and ")
        throw .splitFile(
          path: path, line: 0, reason: "lists image \(printable(image)) under \(labels). Give it one label.")
      }
      found[label, default: (entry.split, [])].images.insert(image)
      splits[label, default: []].insert(entry.split)
    }
    // A label with the name of its folder and one without may be the same class.
    try refuseMixing(splits)
    guard missing.isEmpty else {
      throw .splitFile(
        path: path, line: 0,
        reason: "\(missing.count) of \(images.count) images are not in the data, for example "
          + missing.sorted(by: bytewise).prefix(3).map(printable).joined(separator: ", ")
          + ".\nUse the data the lists are for.")
    }
    guard elsewhere.isEmpty else {
      throw .splitFile(
        path: path, line: 0,
        reason:
          "\(elsewhere.count) of \(images.count) images are not in the folders that the list names, for example "
          + elsewhere.sorted(by: bytewise)[0]
          + ".\nName the folder of these images with --data, or leave the folders out of the list.")
    }
    return found.map { name, value in
      ImageClass(name: name, split: value.split, images: value.images.sorted(by: bytewise))
    }.sorted { bytewise($0.name, $1.name) }
  }
}

extension SplitFile {
  /// The name of the class that a list puts an image into: in a union with the name of the image's folder in front.
  private func label(
    _ entry: ImageEntry, of image: String, _ roots: DataRoots
  ) throws(DatasetError) -> String {
    guard roots.isUnion else { return entry.label }
    let position = roots.position(of: image)
    let named = roots.position(named: entry.label)
    guard named == nil || named == position else {
      throw fault(
        0,
        "lists image \(printable(image)) under \(printable(entry.label)), which is a class of another data set. Name it "
          + "for a class of \(printable(roots.all[position].name)).")
    }
    return named == nil ? roots.outside(entry.label, of: position) : entry.label
  }
}

/// The files of a data set, to be found by the paths of a list.
struct ListedFiles {
  /// What a path of a list leads to.
  enum Match {
    /// One file, by its path below the data folder.
    case found(String)
    /// Several files end with the path.
    case several([String])
    /// No file has this name.
    case missing
    /// There is a file of this name, but in none of the folders that the path names.
    case elsewhere(String)
  }

  /// Files by their names without ending.
  private var byStem: [Substring: [String]] = [:]
  private let roots: DataRoots
  /// The folders above each folder of the data, which a path may name too, down to where its name begins.
  private let above: [[Substring]]

  init(_ folders: [ImageFolder], _ roots: DataRoots) {
    self.roots = roots
    above = roots.all.map { root in
      let path = (resolved(root.folder) ?? root.folder).split(separator: "/")
      return Array(path.dropLast(root.name.split(separator: "/").count))
    }
    for folder in folders {
      for file in folder.files { byStem[Self.stem(file[...]), default: []].append(folder.image(file)) }
    }
  }

  /// Finds a file.
  ///
  /// - Parameters:
  ///   - path: As the list has it; its ending does not count, and folders in it must be folders of the file.
  ///   - label: Among files of one name, one in a folder of this name is meant.
  /// - Returns: The file, or why it is none.
  func find(_ path: String, label: String) -> Match {
    let parts = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).filter { $0 != "." }
    guard let name = parts.last, !parts.contains("..") else { return .missing }
    // A name may have a point without an ending.
    guard let candidates = byStem[name] ?? byStem[Self.stem(name)] else { return .missing }
    let folders = parts.dropLast()
    let fitting = candidates.filter { candidate in
      let path = candidate.split(separator: "/").dropLast()
      return Self.ends(above[roots.position(of: candidate)] + path, with: folders)
    }
    if fitting.isEmpty { return .elsewhere(candidates[0]) }
    if fitting.count == 1 { return .found(fitting[0]) }
    // The path as it stands, from the data folder, comes before the ends of others.
    let whole = fitting.filter { $0.split(separator: "/").dropLast().elementsEqual(folders) }
    if !folders.isEmpty, whole.count == 1 { return .found(whole[0]) }
    let inClass = fitting.filter { $0.split(separator: "/").dropLast().last == label[...] }
    return inClass.count == 1 ? .found(inClass[0]) : .several(fitting)
  }

  private static func ends(_ path: [Substring], with tail: ArraySlice<Substring>) -> Bool {
    path.count >= tail.count && path.suffix(tail.count).elementsEqual(tail)
  }

  private static func stem(_ file: Substring) -> Substring {
    file.lastIndex(of: ".").map { file[..<$0] } ?? file
  }
}
