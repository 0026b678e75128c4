internal import Formats
package import Images

/// A folder of `shift-data` or `test-data` cannot be used.
package struct ShiftDataError: Error, Hashable, CustomStringConvertible {
  /// The setting that names it.
  package var setting = "shift-data"
  /// The folder, as it was named.
  package let folder: String
  /// What is wrong with its images.
  package let error: DatasetError

  /// What, where, why and what to do.
  package var description: String { "\(setting) \(printable(folder)): \(sentence)" }

  /// Every class of such a folder is a test class, and the episodes have the shape of the runs': what a run could do
  /// about a fault does not help here.
  private var sentence: String {
    switch error {
    case .tooFewClasses(_, let found, let ways, _):
      "it has \(found) classes, but the episodes have \(ways).\nName a folder with \(ways) classes or more."
    case .tooFewImages(let small):
      "the episodes need \(small.needs.map { $0.shots + $0.queries }.max() ?? 1) images of a class, but it has fewer of "
        + small.items.prefix(20).map { "\(printable($0.name)) (\($0.images))" }.joined(separator: ", ")
        + (small.items.count > 20 ? " and \(small.items.count - 20) more" : "")
        + ".\nAdd images to these classes, or remove them."
    case .badImages(let bad, let total):
      "\(bad.count) of \(total) images cannot be used. Repair or remove them, or set skip-unreadable, which leaves them "
        + "out:\n" + bad.prefix(20).map { "  \($0)" }.joined(separator: "\n")
        + (bad.count > 20 ? "\n  and \(bad.count - 20) more" : "")
    case .inseparable: "\(error.fact).\nRemove the duplicates."
    case .tooMuchMemory: "\(error.fact).\nName a folder with fewer images."
    default: "\(error)"
    }
  }
}
