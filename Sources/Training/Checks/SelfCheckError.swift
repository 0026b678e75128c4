/// A self-check of the program that failed.
package struct SelfCheckError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was checked.
  package let check: String
  /// What was found.
  package let found: String
  /// What was expected.
  package let expected: String
  /// What to do.
  package let advice: String

  /// A failed check from its facts; ``description`` makes the sentence.
  package init(check: String, found: String, expected: String, advice: String) {
    self.check = check
    self.found = found
    self.expected = expected
    self.advice = advice
  }

  /// The facts as a sentence.
  package var description: String { "\(check): found \(found), expected \(expected). \(advice)." }
}
