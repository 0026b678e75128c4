internal import Foundation

/// A path, then the same with -2, -3, …: where something goes if what comes before is taken.
package func numberedPaths(_ path: String) -> some Sequence<String> {
  (1...10_000).lazy.map { $0 == 1 ? path : "\(path)-\($0)" }
}

/// Makes a folder that was not there, and the folders above it.
///
/// - Parameter path: The folder.
/// - Returns: Whether this call made it: of several processes that try, one does.
/// - Throws: What the system reports, other than that something is there already.
package func makeNewFolder(_ path: String) throws(DurableFile.Failure) -> Bool {
  let above = URL(fileURLWithPath: path).deletingLastPathComponent().path
  // What is wrong above shows below.
  try? FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: true)
  if mkdir(path, 0o777) == 0 { return true }
  guard errno == EEXIST else { throw DurableFile.Failure(code: errno) }
  return false
}
