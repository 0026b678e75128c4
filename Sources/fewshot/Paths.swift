import Foundation

/// The path if it exists.
///
/// - Throws: The failure with the status for missing input if not.
func existing(_ path: String) throws -> String {
  guard FileManager.default.fileExists(atPath: path) else {
    throw Failure(.noInput, "\(path): there is no such file. Check the path.")
  }
  return path
}

/// The path if it does not exist or is an empty folder.
///
/// - Throws: The failure with the status for output that cannot be made if not.
func unoccupied(_ path: String) throws -> String {
  let content = try? FileManager.default.contentsOfDirectory(atPath: path)
  let isFree = content?.isEmpty ?? !FileManager.default.fileExists(atPath: path)
  guard isFree else {
    throw Failure(
      .cannotCreate, "\(path): it already exists. Name another --output, or move it away.")
  }
  return path
}
