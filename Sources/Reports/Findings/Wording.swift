internal import Documents
internal import Evaluation
internal import Formats
internal import Foundation

/// How numbers and counts are written, the same everywhere in a report.
enum Wording {
  /// A number with the given count of decimals; a dash for none or NaN, and a true minus sign.
  static func fixed(_ value: Double?, _ digits: Int) -> String {
    guard let value, !value.isNaN else { return "–" }
    guard value.isFinite else { return value > 0 ? "∞" : "−∞" }
    let text = TextTable.fixed(abs(value), digits)
    return (value < 0 && text.contains { "123456789".contains($0) } ? "−" : "") + text
  }

  /// A share as per cent: 92.84 %.
  static func percent(_ share: Double?, _ digits: Int = 2) -> String {
    let text = fixed(share.map { 100 * $0 }, digits)
    return text == "–" ? text : text + " %"
  }

  /// A share with its interval: 92.84 ± 0.47 %.
  static func percent(_ estimate: Estimate?, _ digits: Int = 2) -> String {
    guard let estimate, !estimate.mean.isNaN else { return "–" }
    return "\(fixed(100 * estimate.mean, digits)) ± \(fixed(100 * estimate.ci95, digits)) %"
  }

  /// A sentence on the arms whose numbers were not finite; empty if there are none.
  ///
  /// - Parameter counts: How often, by the arm's name.
  /// - Returns: A sentence that follows another, or no text.
  static func nonfinite(_ counts: [(arm: String, count: Int)]) -> String {
    let some = counts.filter { $0.count > 0 }.map { "\($0.arm) \($0.count)" }
    return some.isEmpty
      ? "" : " Numbers were not finite, which counts as wholly wrong: \(some.joined(separator: ", ")) times."
  }

  /// A difference of shares in percentage points: 0.84.
  static func points(_ share: Double?, _ digits: Int = 2) -> String { fixed(share.map { 100 * $0 }, digits) }

  /// The same with its sign: +0.84.
  static func signedPoints(_ share: Double, _ digits: Int = 2) -> String {
    let text = points(share, digits)
    return share > 0 && !text.hasPrefix("−") && text != "–" ? "+" + text : text
  }

  /// A number with two decimals and its sign: +1.70.
  static func signed(_ value: Double) -> String {
    let text = fixed(value, 2)
    return value > 0 && text != "–" ? "+" + text : text
  }

  /// `p = 0.0312` or `p < 0.0001`.
  static func p(_ value: Double) -> String {
    let text = probability(value)
    return text.hasPrefix("<") ? "p \(text)" : "p = \(text)"
  }

  /// A p value: 0.0312 or < 0.0001.
  static func probability(_ value: Double) -> String {
    value.isNaN ? "–" : value < 0.0001 ? "< 0.0001" : fixed(value, 4)
  }

  /// `1 step`, `3 steps`.
  static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// A whole number with commas between thousands.
  static func grouped(_ number: Int) -> String { TextTable.grouped(number) }

  /// Names in a row: `a`, `a and b`, `a, b and c`, or with another word.
  static func list(_ items: [String], _ word: String = "and") -> String { inWords(items, word) }

  /// Seconds as a readable length of time: 45 s, 12 min 5 s, 3 h 4 min.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e9 else { return "–" }
    if seconds < 100 { return "\(fixed(seconds, seconds < 10 ? 1 : 0)) s" }
    let whole = Int(seconds.rounded())
    return whole < 3600
      ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// Multiply-adds in millions.
  static func millions(_ number: Double?) -> String {
    guard let number, number.isFinite else { return "–" }
    return fixed(number / 1e6, abs(number) < 1e8 ? 2 : 0)
  }

  /// Three significant digits, for numbers of any size.
  static func significant(_ value: Double?) -> String {
    guard let value, value.isFinite, value != 0 else { return fixed(value, 0) }
    let exponent = Int(log10(abs(value)).rounded(.down))
    if exponent >= 6 || exponent < -4 { return String(format: "%.2g", value) }
    return fixed(value, max(0, 2 - exponent))
  }
}

extension Table.Cell {
  /// A share with its interval, in per cent.
  static func percent(_ estimate: Estimate?) -> Table.Cell {
    Table.Cell(text: Wording.percent(estimate), value: estimate?.mean, halfWidth: estimate?.ci95)
  }

  /// A share, in per cent.
  static func percent(_ share: Double?) -> Table.Cell {
    Table.Cell(text: Wording.percent(share), value: share)
  }

  /// A number with the given count of decimals.
  static func number(_ value: Double?, _ digits: Int) -> Table.Cell {
    Table.Cell(text: Wording.fixed(value, digits), value: value)
  }

  /// A whole number.
  static func count(_ number: Int?) -> Table.Cell {
    Table.Cell(text: number.map(Wording.grouped) ?? "–", value: number.map(Double.init))
  }
}
