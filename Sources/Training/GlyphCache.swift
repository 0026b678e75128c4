package import Files
internal import Foundation
package import Images

/// Where the built-in images are kept: drawn once, in the first place that takes them.
///
/// No place has to: a container or a batch job may have no home folder, one of somebody else, or one that cannot be
/// written. Then they are drawn into a temporary folder.
package struct GlyphCache {
  /// Folders of caches, the best first.
  private let caches: [String]
  /// Folders for what does not stay, the best first.
  private let temporary: [String]

  /// The places of this process.
  package init() {
    self.init(
      environment: ProcessInfo.processInfo.environment,
      home: getpwuid(getuid())?.pointee.pw_dir.map { String(cString: $0) })
  }

  /// The places that an environment names.
  ///
  /// - Parameters:
  ///   - environment: `XDG_CACHE_HOME`, `HOME` and `TMPDIR` are read; by the rules of the first one a path that is not
  ///     absolute does not count.
  ///   - home: The home folder in the list of users; nil for a user who is not in it.
  ///   - temporary: Further folders for what does not stay.
  package init(
    environment: [String: String], home: String?, temporary: [String] = ["/tmp", "/var/tmp"]
  ) {
    func folder(_ path: String?) -> [String] { path.map { $0.hasPrefix("/") ? [$0] : [] } ?? [] }
    caches =
      folder(environment["XDG_CACHE_HOME"])
      + (folder(environment["HOME"]) + folder(home)).map { ($0 == "/" ? "" : $0) + "/.cache" }
    self.temporary = folder(environment["TMPDIR"]) + temporary
  }

  /// The folder of the built-in images, drawn if it is not there: in the first place that has them or takes them.
  ///
  /// - Parameter progress: Told what is drawn, and where the best place did not take it.
  /// - Returns: A folder with one folder for each split.
  /// - Throws: `DatasetError` if no place takes them.
  package func folder(_ progress: any ProgressReporter) throws(DatasetError) -> String {
    let name = "glyphs-\(GlyphSet.defaultSeed)"
    let kept = caches.map { "\($0)/fewshot/\(name)" }
    var refusals: [String] = []
    for path in kept {
      if Self.isReadable(path) { return path }
      guard !refusals.contains(where: { $0.hasPrefix(path + ":") }) else { continue }
      do {
        return try Self.draw(path, progress)
      } catch {
        refusals.append("\(path): \(error.reason)")
      }
    }
    for base in temporary {
      guard let folder = Self.ownFolder("\(base)/fewshot-\(getuid())") else { continue }
      let path = "\(folder)/\(name)"
      progress.note(
        "The built-in images cannot be kept (\(refusals.isEmpty ? "there is no home folder" : refusals.joined(separator: "; "))), "
          + "so they go to a temporary folder. "
          + "Set XDG_CACHE_HOME to a folder that stays, to draw them only once.")
      if Self.isReadable(path) { return path }
      if let drawn = try? Self.draw(path, progress) { return drawn }
    }
    throw .notWritable(
      path: "the built-in images",
      reason: (refusals + ["nor does a temporary folder take them"]).joined(separator: "; ")
        + ". Set XDG_CACHE_HOME to a folder that can be written")
  }

  /// Why a place does not take the images.
  private struct Refusal: Error {
    let reason: String
  }

  private static func isReadable(_ path: String) -> Bool { access(path, R_OK | X_OK) == 0 }

  /// Draws the set beside its folder and renames it when it is whole, so that a second process never sees half of it.
  private static func draw(_ path: String, _ progress: any ProgressReporter) throws(Refusal) -> String {
    // A process number would not do: two containers that share a home folder may have the same.
    let draft = path + ".draft-\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
      progress.note("drawing the built-in glyph set into \(path)")
      try GlyphSet.write(to: draft)
    } catch {
      try? FileManager.default.removeItem(atPath: draft)
      if case DatasetError.notWritable(_, let reason) = error { throw Refusal(reason: reason) }
      throw Refusal(reason: systemReason(error))
    }
    guard rename(draft, path) != 0 else { return path }
    let reason = String(cString: strerror(errno))
    try? FileManager.default.removeItem(atPath: draft)
    // Another process may have been faster.
    guard isReadable(path) else { throw Refusal(reason: reason) }
    return path
  }

  /// A folder that belongs to this user alone, made if it is not there; nil where it cannot be, or is somebody else's.
  private static func ownFolder(_ path: String) -> String? {
    if mkdir(path, 0o700) != 0 && errno != EEXIST { return nil }
    var status = stat()
    // Not what a link points to: everybody may make one in a folder for temporary files.
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid() else {
      return nil
    }
    return access(path, W_OK | X_OK) == 0 ? path : nil
  }
}
