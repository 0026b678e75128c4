internal import Foundation

/// What is known of the terminal behind a stream.
package enum Terminal {
  /// What is assumed where a terminal does not say how wide it is.
  package static let usualWidth = 80

  /// The columns of the terminal behind a descriptor; nil where there is none.
  package static func width(of descriptor: Int32) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return usualWidth }
    return Int(size.ws_col)
  }
}
