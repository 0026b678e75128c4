internal import Formats
internal import Foundation

/// Pictures that this build does not decode, counted by class and format, and how they become ones that it does.
public struct ForeignPictures: Hashable, Sendable, CustomStringConvertible {
  /// One class that has some of them.
  public struct Item: Hashable, Sendable {
    /// The folder of the class; empty for pictures at the top.
    public let name: String
    /// How many pictures it has of each such format, most first.
    public let formats: [Count]
    /// Whether it has no other picture.
    public let hasNothingElse: Bool
  }

  /// How many pictures are of a format.
  public struct Count: Hashable, Sendable {
    /// The format.
    public let format: PictureFormat
    /// How many.
    public let pictures: Int
  }

  /// The classes, sorted by the bytes of their names.
  public let items: [Item]

  /// How many pictures cannot be used for other reasons.
  public let otherwiseBad: Int

  /// How many pictures there are in all.
  public let total: Int

  /// The folder that they are in; empty unless one folder was named.
  public let root: String

  /// The flag that takes such a folder.
  public let flag: String

  /// The endings of their names, as they are written.
  private let endings: [String]

  /// Counts those among bad pictures that are of a foreign format; nil if none of them is.
  ///
  /// - Parameters:
  ///   - bad: Pictures that cannot be used.
  ///   - classes: The classes they are of; if empty, the folders they lie in.
  ///   - root: The folder their paths are relative to; empty if there is none.
  ///   - flag: The flag that takes such a folder.
  ///   - total: How many pictures there are in all.
  init?(_ bad: [BadImage], of classes: [ImageClass], below root: String, named flag: String, total: Int) {
    var formats: [String: PictureFormat] = [:]
    for item in bad {
      if case .foreign(let format) = item.error, format.isPicture { formats[item.path] = format }
    }
    guard !formats.isEmpty else { return nil }
    func folder(_ path: String) -> String { (path as NSString).deletingLastPathComponent }
    let groups =
      classes.isEmpty
      ? Dictionary(grouping: formats.keys, by: folder).map { (name: $0, images: Array($1), isWhole: false) }
      : classes.map { item in
        let found = item.images.filter { formats[$0] != nil }
        return (name: item.name, images: found, isWhole: found.count == item.images.count)
      }
    items = groups.filter { !$0.images.isEmpty }.sorted { bytewise($0.name, $1.name) }.map { group in
      Item(
        name: group.name, formats: Self.counts(group.images.compactMap { formats[$0] }),
        hasNothingElse: group.isWhole)
    }
    otherwiseBad = bad.count - formats.count
    self.total = total
    // A copy of "." cannot be named after it.
    let isRelative = [".", ".."].contains((root as NSString).lastPathComponent)
    self.root = isRelative ? URL(fileURLWithPath: root).standardizedFileURL.path : root
    self.flag = flag
    // Only endings of pictures: others, and what a stranger's name may hold, never become part of a command.
    let written = Set(formats.keys.map { ($0 as NSString).pathExtension.lowercased() })
    endings = written.filter { ![nil, .png].contains(PictureFormat.named("x.\($0)")) }.sorted(by: bytewise)
  }

  private static func counts(_ formats: [PictureFormat]) -> [Count] {
    Dictionary(grouping: formats) { $0 }.map { Count(format: $0, pictures: $1.count) }
      .sorted { ($1.pictures, $0.format.rawValue) < ($0.pictures, $1.format.rawValue) }
  }

  /// How many pictures are of each format, most first.
  public var formats: [Count] {
    Self.counts(items.flatMap(\.formats).flatMap { Array(repeating: $0.format, count: $0.pictures) })
  }

  /// A command that copies the folder and turns the copy's pictures into PNG, by ImageMagick; nil where their names have
  /// no ending to find them by.
  ///
  /// What cannot be converted stays, and is named again; so does what would overwrite another, as an original.
  package var magickCommand: String? {
    guard !endings.isEmpty, !root.isEmpty else { return nil }
    let names = endings.map { "-iname '*.\($0)'" }.joined(separator: " -o ")
    return
      "cp -r \(shellQuoted(root)) \(shellQuoted(copy)) && find \(shellQuoted(copy)) -type f \\( \(names) \\) "
      + "-exec sh -c 'for f; do test -e \"${f%.*}.png\" || if mogrify -auto-orient -format png \"$f\"; then rm \"$f\"; fi; done' sh {} +"
  }

  /// The same in Python, by Pillow.
  package var pythonCommand: String? {
    guard !endings.isEmpty, !root.isEmpty else { return nil }
    let list = endings.map { "'.\($0)'" }.joined(separator: ", ")
    let program =
      "import pathlib, sys, PIL.Image as I, PIL.ImageOps as O; "
      + "[(O.exif_transpose(I.open(f)).convert('RGB').save(f.with_suffix('.png')), f.unlink()) "
      + "for f in sorted(pathlib.Path(sys.argv[1]).rglob('*')) if f.suffix.lower() in [\(list)] and not f.with_suffix('.png').exists()]"
    return "cp -r \(shellQuoted(root)) \(shellQuoted(copy)) && python3 -c \"\(program)\" \(shellQuoted(copy))"
  }

  private var copy: String {
    (root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root) + "-png"
  }

  /// What to do where there is no command for all of them.
  private var otherAdvice: String {
    root.isEmpty
      ? "Convert them to PNG, for example with ImageMagick: mogrify -auto-orient -format png FILE, and name the PNG files.\n"
      : "Give their names the endings of their formats, such as .jpg, to be told how to convert them.\n"
  }

  /// The counts, then what to do.
  public var description: String {
    let found = formats.map { "\($0.pictures) \($0.format.rawValue)" }.joined(separator: ", ")
    let count = items.reduce(0) { $0 + $1.formats.reduce(0) { $0 + $1.pictures } }
    let lost = items.count(where: \.hasNothingElse)
    let lines = items.prefix(20).map { item in
      "  \(item.name.isEmpty ? "(at the top)" : printable(item.name)): "
        + item.formats.map { "\($0.pictures) \($0.format.rawValue)" }.joined(separator: ", ")
        + (item.hasNothingElse ? ", and nothing else" : "")
    }
    let isJPEG = formats.contains { $0.format == .jpeg }
    return
      "\(count) of \(total) pictures are of formats that this build does not read: \(found), in \(items.count) "
      + (items.count == 1 ? "folder" : "folders") + (lost > 0 ? ", \(lost) of which have nothing else" : "")
      + (otherwiseBad > 0 ? "; \(otherwiseBad) more cannot be used for other reasons" : "") + ".\n"
      + (magickCommand.map {
        "Convert a copy with ImageMagick, then use \(flag) \(shellQuoted(copy)):\n  \($0)\n"
      } ?? otherAdvice)
      + (pythonCommand.map { "Or with Python's Pillow:\n  \($0)\n" } ?? "")
      + (isJPEG ? "Or build with libjpeg-dev and --traits JPEG, which reads JPEG as it is.\n" : "")
      + "Or leave them out with --skip-unreadable.\n" + lines.joined(separator: "\n")
      + (items.count > 20 ? "\n  and \(items.count - 20) more folders" : "")
  }
}

extension DatasetError {
  /// The error of pictures that cannot be used: by formats if some are of foreign ones, else by files.
  ///
  /// - Parameters:
  ///   - bad: The pictures, sorted.
  ///   - classes: The classes they are of; if empty, the folders they lie in.
  ///   - root: The folder their paths are relative to; empty if each path says all.
  ///   - flag: The flag that takes such a folder.
  ///   - total: How many pictures there are in all.
  /// - Returns: The error to throw.
  package static func unusable(
    _ bad: [BadImage], of classes: [ImageClass] = [], below root: String, named flag: String = "--data",
    total: Int
  ) -> DatasetError {
    ForeignPictures(bad, of: classes, below: root, named: flag, total: total)
      .map { .foreignPictures($0) } ?? .badImages(bad, total: total)
  }

  /// The same for pictures of a data set: those of foreign formats of the first folder that has some, since each is
  /// converted by itself.
  package static func unusable(
    _ bad: [BadImage], of classes: [ImageClass], in roots: DataRoots, total: Int
  ) -> DatasetError {
    guard roots.isUnion else {
      return unusable(bad, of: classes, below: roots.all[0].folder, total: total)
    }
    for (position, root) in roots.all.enumerated() {
      let own = bad.filter { roots.position(of: $0.path) == position }
        .map { BadImage(path: roots.inside($0.path), error: $0.error) }
      let parts = classes.filter { roots.position(of: $0.name) == position }.map { item in
        ImageClass(
          name: roots.inside(item.name), split: item.split, images: item.images.map(roots.inside))
      }
      let all = Set(parts.flatMap(\.images)).union(own.map(\.path))
      if let foreign = ForeignPictures(
        own, of: parts, below: root.folder, named: "--data", total: all.count)
      {
        return .foreignPictures(foreign)
      }
    }
    return .badImages(bad, total: total)
  }
}
