import Foundation
package import Images
package import Settings

/// Lends an empty folder; it goes when the test ends.
package func withFolder<Result>(_ body: (_ folder: String) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fewshot-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}

/// Lends a folder with few small classes in `data`; it goes when the test ends.
package func withTinyData<Result>(
  _ classes: GlyphClasses = GlyphClasses(train: 8, validation: 4, test: 6), imagesPerClass: Int = 8,
  _ body: (_ data: String, _ folder: String) async throws -> Result
) async throws -> Result {
  try await withFolder { folder in
    try GlyphSet.write(to: folder + "/data", classes: classes, imagesPerClass: imagesPerClass)
    return try await body(folder + "/data", folder)
  }
}

/// A run that takes a second.
package func tinyPlan(_ data: String, _ output: String) -> Plan {
  var plan = Plan()
  plan.data = DataFolders(data)
  plan.output = output
  plan.imageSize = 16
  // Head and body adapt, so that there is something to take apart.
  plan.head = .adapts
  plan.filters = 4
  plan.ways = 3
  plan.queries = 4
  plan.validationQueries = 2
  plan.metaBatch = 3
  plan.iterations = 6
  plan.episodes = 8
  plan.validationEpisodes = 4
  plan.evaluationSteps = 3
  plan.robustnessEpisodes = 2
  return plan
}
