internal import Formats
package import Networks

/// What is wrong with a configuration file, and where.
package enum ConfigurationFileError: Error, Equatable, CustomStringConvertible {
  /// There is no such file.
  case notFound(path: String)
  /// It exists but cannot be read.
  case unreadable(path: String, reason: String)
  /// It is not a mapping of keys to values; line 0 if the fault has no line.
  case malformed(path: String, line: Int, reason: String)
  /// One of its settings is not valid.
  case setting(path: String, line: Int, ConfigurationError)

  /// File, line, reason and remedy.
  package var description: String {
    switch self {
    case .notFound(let path): "\(path): there is no such file. Check the path."
    case .unreadable(let path, let reason): "\(path): it cannot be read: \(reason)."
    case .malformed(let path, let line, let reason):
      "\(Self.location(path, line)): \(withoutControls(reason)). Write YAML or JSON, one line such as \"ways: 5\" per setting."
    case .setting(let path, let line, let error): "\(Self.location(path, line)): \(error)"
    }
  }

  private static func location(_ path: String, _ line: Int) -> String {
    line > 0 ? "\(path), line \(line)" : path
  }
}
