internal import Formats

/// A setting that cannot be: which one, its value, why not, and what to do instead.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// The setting, by the name of its flag and key.
  public let field: String
  /// What it was set to.
  public let value: String
  /// Why that cannot be.
  public let reason: String
  /// What to do instead: a sentence without its full stop.
  public let remedy: String

  /// States the facts; ``description`` makes the sentence.
  public init(field: String, value: String, reason: String, remedy: String) {
    self.field = field
    self.value = value
    self.reason = reason
    self.remedy = remedy
  }

  /// The facts as a sentence: `adapt is "bases", but …`; control characters of a file by their codes.
  public var description: String {
    "\(printable(field)) is \"\(printable(value))\", but \(withoutControls(reason)). \(remedy)."
  }
}
