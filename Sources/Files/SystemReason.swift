internal import Foundation

/// The system's words for why Foundation failed: its own often name neither the cause nor the file.
///
/// - Parameter error: What Foundation threw.
/// - Returns: Words without a full stop.
package func systemReason(_ error: any Error) -> String {
  let error = error as NSError
  let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
  if cause.domain == NSPOSIXErrorDomain { return systemReason(code: Int32(cause.code)) }
  return String(error.localizedDescription.trimmingPrefix { $0 == " " }.prefix { $0 != "\n" })
    .trimmingCharacters(in: ["."])
}

/// The system's words for one of its error numbers, with what helps where the words alone do not.
///
/// - Parameter code: The number, as in `errno`.
/// - Returns: Words without a full stop.
package func systemReason(code: Int32) -> String {
  let words = String(cString: strerror(code))
  return switch code {
  case EMFILE: "\(words); ulimit -n allows only so many"
  case EFBIG: "\(words); ulimit -f allows only so much"
  case ENFILE: "\(words) on this machine"
  default: words
  }
}
