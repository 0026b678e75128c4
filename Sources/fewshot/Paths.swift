import Files
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
  let isFree =
    content?.allSatisfy { $0 == DraftFolder.insideName } ?? !FileManager.default.fileExists(atPath: path)
  guard isFree else {
    throw Failure(
      .cannotCreate, "\(path): it already exists. Name another --output, or move it away.")
  }
  return path
}

/// Makes a folder that stands there whole or not at all, whatever ends the program meanwhile.
///
/// - Parameters:
///   - path: The folder; nothing may be there but an empty one.
///   - write: Writes its content into another folder, which is then moved there.
/// - Returns: What writing returns.
/// - Throws: What writing throws; the failure with the status for output that cannot be made.
func whole<Result>(_ path: String, _ write: (_ draft: String) throws -> Result) throws -> Result {
  do {
    return try DraftFolder.make(path, write)
  } catch let failure as DraftFolder.Failure {
    throw Failure(
      .cannotCreate, "\(failure.path): it cannot be made: \(failure.reason). Name another --output.")
  }
}

/// Writes a file, or replaces one, whole or not at all.
///
/// - Parameters:
///   - path: The file.
///   - data: Its content.
///   - flag: The flag that named it, without dashes.
/// - Throws: The failure with the status for output that cannot be made.
func replace(_ path: String, with data: Data, flag: String) throws {
  var status = stat()
  // A device or a pipe would be lost.
  guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
    throw Failure(
      .cannotCreate, "\(path): it is not a file that could be replaced. Name another file with --\(flag).")
  }
  do {
    try data.write(to: URL(fileURLWithPath: path), options: .atomic)
  } catch {
    throw Failure(
      .cannotCreate, "cannot write \(path): \(error.localizedDescription)\nName another file with --\(flag).")
  }
}
