internal import Foundation

/// The system's words for why Foundation failed: its own often name neither the cause nor the file.
///
/// - Parameter error: What Foundation threw.
/// - Returns: Words without a full stop.
package func systemReason(_ error: any Error) -> String {
  let error = error as NSError
  let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
  if cause.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(cause.code))) }
  return String(error.localizedDescription.trimmingPrefix { $0 == " " }.prefix { $0 != "\n" })
    .trimmingCharacters(in: ["."])
}
