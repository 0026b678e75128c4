/// A check of the program by itself that did not hold.
public struct SelfCheckError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was checked.
  public let check: String
  /// What came out.
  public let found: String
  /// What should have.
  public let expected: String
  /// What to do.
  public let advice: String

  /// States the facts; ``description`` makes the sentence.
  public init(check: String, found: String, expected: String, advice: String) {
    self.check = check
    self.found = found
    self.expected = expected
    self.advice = advice
  }

  /// The facts as a sentence.
  public var description: String { "\(check): found \(found), expected \(expected). \(advice)." }
}
