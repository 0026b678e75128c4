import Episodes
import Experiments
import Foundation

extension Plan {
  /// Lends the plan's images, decoded; the built-in glyphs pass through a temporary folder.
  func withImages<Result>(_ console: Console, _ body: (ImageStore, DatasetIndex) throws -> Result) throws
    -> Result
  {
    if let data { return try lend(data, console, body) }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("fewshot-glyphs-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try GlyphSet.write(to: folder)
    return try lend(folder, console, body)
  }

  private func lend<Result>(
    _ root: String, _ console: Console, _ body: (ImageStore, DatasetIndex) throws -> Result
  ) throws -> Result {
    let index = try DatasetIndex(root: root, split: splitSource, seed: seed)
    console.progress.note("\(data ?? "built-in glyphs"): \(index.division)")
    let store = try ImageStore(
      index,
      preparation: ImagePreparation(
        imageSize: imageSize ?? (channels == 1 ? 28 : 32), channels: channels, resize: resize, invert: invert),
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, skipUnreadable: skipUnreadable)
    return try body(store, index)
  }

  private var splitSource: SplitSource {
    switch split {
    case "auto": .automatic
    default: .file(split)
    }
  }
}

/// The path if something is there.
///
/// - Throws: The failure with the status for missing input if not.
func existing(_ path: String) throws -> String {
  guard FileManager.default.fileExists(atPath: path) else {
    throw Failure(.noInput, "\(path): there is no such file. Check the path.")
  }
  return path
}

/// The path if nothing, or an empty folder, is there.
///
/// - Throws: The failure with the status for output that cannot be made if not.
func unoccupied(_ path: String) throws -> String {
  let content = try? FileManager.default.contentsOfDirectory(atPath: path)
  let isFree = content?.isEmpty ?? !FileManager.default.fileExists(atPath: path)
  guard isFree else {
    throw Failure(.cannotCreate, "\(path): something is there already. Remove it or give another --output.")
  }
  return path
}
