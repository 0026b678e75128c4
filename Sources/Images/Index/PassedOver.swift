internal import Formats

/// Files and folders below a data root that do not belong to the data set.
public struct PassedOver: Hashable, Sendable {
  /// How many files are no pictures, hidden ones not counted.
  public internal(set) var count = 0

  /// How many pictures of other formats have a PNG file of the same name beside them, which is used in their place.
  public internal(set) var originals = 0

  /// Folders of results, whose pictures are those of reports, relative to the root.
  public internal(set) var results: [String] = []

  /// Folders that systems make, such as `@eaDir`, relative to the root; hidden ones not counted.
  public internal(set) var system: [String] = []

  /// Pictures that lie in no class folder: at the top, or beside the class folders of `train`.
  public internal(set) var loose: [String] = []

  /// Files that hold whole data sets, such as `.npz` or pickles, relative to the root.
  public internal(set) var archives: [String] = []

  /// The first few files that are no pictures, relative to the root, in byte order within each folder.
  public internal(set) var examples: [String] = []

  /// What was passed over, in a few words; nil if nothing was.
  public var summary: String? {
    var parts: [String] = []
    if count > 0 {
      parts.append(
        "\(count) files that are no pictures, such as " + examples.map(printable).joined(separator: ", "))
    }
    if originals > 0 {
      parts.append("\(originals) pictures that have a PNG file of the same name beside them, which is used")
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
    originals += other.originals
    results += other.results
    system += other.system
    loose += other.loose
    archives += other.archives
    examples = Array((examples + other.examples).prefix(3))
  }

  mutating func add(_ path: String) {
    count += 1
    if examples.count < 3 { examples.append(path) }
    let name = path.lowercased()
    if Self.archiveEndings.contains(where: { name.hasSuffix($0) }) { archives.append(path) }
  }

  /// Endings of files that hold whole data sets.
  private static let archiveEndings = [
    ".npz", ".npy", ".pkl", ".pickle", ".mdb", ".lmdb", ".tfrecord", ".tfrecords", ".h5", ".hdf5", ".mat",
    ".zip",
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".7z", ".rar",
  ]
}
