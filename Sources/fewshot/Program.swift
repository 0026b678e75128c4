import Foundation
import Results

/// What the program says about itself.
enum Program {
  static let version = Version.current

  /// This program, for processes of its own.
  static var path: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }
}
