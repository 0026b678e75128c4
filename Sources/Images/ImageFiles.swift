internal import Files
internal import Foundation

/// The bytes of a picture's file.
///
/// - Parameters:
///   - path: The file.
///   - limit: The most bytes that are read.
/// - Returns: The whole file.
/// - Throws: `ImageError.unreadable`, or `.exhausted` if the machine is out of memory or file descriptors.
func pictureBytes(_ path: String, limit: Int = 1 << 30) throws(ImageError) -> [UInt8] {
  do {
    return try contents(ofFile: path, limit: limit)
  } catch {
    throw error.isExhausted ? .exhausted(reason: error.reason) : .unreadable(reason: error.reason)
  }
}

/// Writes a file of a data set, making the folders above it.
///
/// - Parameters:
///   - bytes: Its content.
///   - path: Its path.
/// - Throws: `DatasetError.notWritable`.
package func writeDataFile(_ bytes: [UInt8], to path: String) throws(DatasetError) {
  do {
    try write(bytes, toFile: path)
  } catch {
    throw .notWritable(path: path, reason: error.localizedDescription)
  }
}

/// Makes a folder of a data set whole, or leaves nothing.
///
/// - Parameters:
///   - place: Where it shall be; nothing may be there but an empty folder.
///   - write: Writes its content below the path that it is given.
/// - Returns: What that returns.
/// - Throws: `DatasetError.notWritable`, and what `write` throws.
func wholeFolder<Result>(_ place: String, _ write: (_ path: String) throws -> Result) throws -> Result {
  do {
    return try DraftFolder.make(place, write)
  } catch let failure as DraftFolder.Failure {
    throw DatasetError.notWritable(path: place, reason: failure.reason)
  }
}
