internal import Foundation

/// The path, or the first of it with -2, -3, … that is free.
///
/// - Parameters:
///   - path: Where something should go.
///   - isFree: Whether it may go to a path; by default where nothing is.
/// - Returns: A free path, or the path itself if ten thousand are taken.
package func firstFree(
  _ path: String, where isFree: (String) -> Bool = { !FileManager.default.fileExists(atPath: $0) }
) -> String {
  isFree(path) ? path : (2...10_000).lazy.map { "\(path)-\($0)" }.first(where: isFree) ?? path
}
