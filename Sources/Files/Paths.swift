internal import Foundation

/// A path without redundant parts, so that one folder has one name in results: `./runs//a/` is `runs/a`.
package func plainPath(_ path: String) -> String {
  let parts = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  return path.hasPrefix("/") ? "/" + parts : parts.isEmpty ? "." : parts
}

/// A path from the root, without redundant parts and links as far as it exists.
package func absolutePath(_ path: String) -> String {
  URL(fileURLWithPath: path).resolvingSymlinksInPath().standardized.path
}

/// Whether a path leads to a folder or below it; both without links.
package func isInside(_ path: String, _ folder: String) -> Bool {
  path == folder || path.hasPrefix(folder == "/" ? "/" : folder + "/")
}

/// The way from a folder to a path.
///
/// - Parameters:
///   - path: Where it leads.
///   - folder: Where it begins.
/// - Returns: For example `../images`; `.` for the folder itself.
package func relativePath(_ path: String, from folder: String) -> String {
  let (there, here) = (
    absolutePath(path).split(separator: "/"), absolutePath(folder).split(separator: "/")
  )
  let shared = zip(there, here).prefix { $0 == $1 }.count
  let way = here.dropFirst(shared).map { _ in ".." } + there.dropFirst(shared).map(String.init)
  return way.isEmpty ? "." : way.joined(separator: "/")
}
