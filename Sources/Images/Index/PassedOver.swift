internal import Formats

/// Files and folders below a data root that do not belong to the data set.
public struct PassedOver: Hashable, Sendable {
  /// How many files are not named `.png`, hidden ones not counted.
  public internal(set) var count = 0

  /// Folders of results, whose pictures are those of reports, relative to the root.
  public internal(set) var results: [String] = []

  /// Folders that systems make, such as `@eaDir`, relative to the root; hidden ones not counted.
  public internal(set) var system: [String] = []

  /// PNG files that lie in no class folder: at the top, or beside the class folders of `train`.
  public internal(set) var loose: [String] = []

  /// How many files have the ending of another picture format.
  public internal(set) var pictures = 0

  /// The first few that are not named `.png`, relative to the root, in byte order within each folder.
  public internal(set) var examples: [String] = []

  /// What was passed over, in a few words; nil if nothing was.
  public var summary: String? {
    var parts: [String] = []
    if count > 0 {
      let kinds = pictures > 0 ? " (\(pictures) of them pictures of other formats)" : ""
      parts.append(
        "\(count) files that are not named .png\(kinds), such as "
          + examples.map(printable).joined(separator: ", "))
    }
    if let first = loose.first {
      parts.append("\(loose.count) pictures that lie in no class folder, such as \(printable(first))")
    }
    if let first = results.first {
      parts.append("\(results.count) folders of results, such as \(printable(first))")
    }
    if let first = system.first {
      parts.append("\(system.count) folders of the system, such as \(printable(first))")
    }
    return parts.isEmpty ? nil : "passed over " + parts.joined(separator: "; ")
  }

  /// Adds what was passed over elsewhere.
  mutating func merge(_ other: PassedOver) {
    count += other.count
    pictures += other.pictures
    results += other.results
    system += other.system
    loose += other.loose
    examples = Array((examples + other.examples).prefix(3))
  }

  mutating func add(_ path: String) {
    count += 1
    if examples.count < 3 { examples.append(path) }
    let name = path.lowercased()
    let endings = [".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic", ".ppm", ".pgm"]
    if endings.contains(where: { name.hasSuffix($0) }) { pictures += 1 }
  }
}
