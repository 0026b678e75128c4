import Foundation
package import Images

/// A folder of its own that goes away with the value.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("episodes-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func write(_ bytes: [UInt8], _ name: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  package func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }
}

package enum Fixtures {
  /// The default glyph set, written and decoded once for all tests.
  package static let glyphs: Result<(folder: TemporaryFolder, store: ImageStore), any Error> = Result {
    let folder = try TemporaryFolder()
    // What is static is never released, so the folder goes when the process does.
    atexit {
      _ = (try? Fixtures.glyphs.get()).map { try? FileManager.default.removeItem(atPath: $0.folder.path) }
    }
    try GlyphSet.write(to: folder.path)
    let index = try DatasetIndex(root: folder.path)
    return (folder: folder, store: try ImageStore(index, preparation: ImagePreparation(invert: true)))
  }

  /// A 4 × 4 grey picture that is different for every number.
  package static func picture(_ number: Int) throws -> [UInt8] {
    let pixels = (0..<16).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8) &* 7 &+ $0) }
    return try PNGCodec.encode(pixels, width: 4, height: 4)
  }

  /// Classes `name` with `images` different pictures each, numbered from `first`.
  package static func folder(_ classes: [String], images: Int, first: Int = 0) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (c, name) in classes.enumerated() {
      for i in 0..<images { try folder.write(picture(first + c * images + i), "\(name)/\(i + 100).png") }
    }
    return folder
  }

  package static func store(_ folder: TemporaryFolder, split: SplitSource = .automatic) throws -> ImageStore {
    try ImageStore(
      DatasetIndex(root: folder.path, split: split), preparation: ImagePreparation(imageSize: 4))
  }
}

/// The sentence of the error that a piece of work throws; empty if it throws none.
package func complaint(_ work: () throws -> Void) -> String {
  do {
    try work()
    return ""
  } catch {
    return "\(error)"
  }
}
