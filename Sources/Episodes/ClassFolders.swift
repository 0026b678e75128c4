/// The folders that hold several classes of a split: those that an episode with ``ClassSampling/folder`` may draw.
struct ClassFolders {
  /// Positions of the classes below each folder that takes part, folders in the order of their names.
  let members: [[Int]]
  /// The most classes below a folder that does not hold all.
  let most: Int

  /// The folders above some classes.
  ///
  /// - Parameters:
  ///   - names: Names of the classes, paths with `/`.
  ///   - fewest: How many classes a folder must hold to take part.
  init(above names: [String], holding fewest: Int) {
    var below: [String: [Int]] = [:]
    for (i, name) in names.enumerated() {
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      for depth in 1..<max(1, parts.count) {
        below[parts.prefix(depth).joined(separator: "/"), default: []].append(i)
      }
    }
    let proper = below.filter { $0.value.count < names.count }
    most = proper.values.map(\.count).max() ?? 0
    members = proper.filter { $0.value.count >= fewest }.sorted {
      $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    .map(\.value)
  }
}
