import Episodes
import Foundation

/// Lends a folder with few small classes in `data`; it goes when the test ends.
func withTinyData<Result>(
  _ classes: GlyphClasses = GlyphClasses(train: 8, validation: 4, test: 6), imagesPerClass: Int = 8,
  _ body: (_ data: String, _ folder: String) async throws -> Result
) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fewshot-\(UUID().uuidString)")
    .path
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try GlyphSet.write(to: folder + "/data", classes: classes, imagesPerClass: imagesPerClass)
  return try await body(folder + "/data", folder)
}
