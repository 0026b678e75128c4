import Foundation

/// Prints what a test measured as a line `figure kind name value`, if the environment has `FEWSHOT_FIGURES`.
///
/// Tables of the documentation are made of such lines, so that their figures are those of the tests.
///
/// - Parameters:
///   - kind: What was measured, in one word.
///   - name: On what.
///   - value: The figure.
public func reportFigure(_ kind: String, of name: String, _ value: Double) {
  guard ProcessInfo.processInfo.environment["FEWSHOT_FIGURES"] != nil else { return }
  print("figure \(kind) \(name.replacingOccurrences(of: " ", with: ",")) \(value)")
}
