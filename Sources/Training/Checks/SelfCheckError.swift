/// A check of the program by itself that did not hold.
package struct SelfCheckError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was checked.
  package let check: String
  /// What came out.
  package let found: String
  /// What should have.
  package let expected: String
  /// What to do.
  package let advice: String

  /// States the facts; ``description`` makes the sentence.
  package init(check: String, found: String, expected: String, advice: String) {
    self.check = check
    self.found = found
    self.expected = expected
    self.advice = advice
  }

  /// The facts as a sentence.
  package var description: String { "\(check): found \(found), expected \(expected). \(advice)." }
}
