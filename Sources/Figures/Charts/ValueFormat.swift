import Foundation

/// How numbers are written on an axis and in hover texts.
package enum ValueFormat: Equatable, Sendable {
  /// As they are; very large and very small ones as 2.5e7.
  case number
  /// Shares as per cent: 0.25 is written 25%.
  case percent

  /// A number with a given number of decimals, or in scientific notation where that would be unreadable.
  func text(_ value: Double, decimals: Int) -> String {
    switch self {
    case .percent: Self.fixed(value * 100, decimals: max(0, decimals - 2)) + "%"
    case .number:
      abs(value) >= 1e6 || decimals > 5
        ? Self.scientific(value, decimals: decimals) : Self.fixed(value, decimals: decimals)
    }
  }

  /// A number for a hover text: four significant digits; a dash for what is none.
  func text(_ value: Double) -> String {
    guard value.isFinite else { return "\u{2013}" }
    let scale = abs(value) > 0 ? Int(log10(abs(value)).rounded(.down)) : 0
    return text(value, decimals: min(max(0, 3 - scale), 40)).trimmingZeros()
  }

  private static func fixed(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(min(max(0, decimals), 40))f", abs(value))
    let isZero = !text.contains { "123456789".contains($0) }
    return value < 0 && !isZero ? "\u{2212}" + text : text
  }

  private static func scientific(_ value: Double, decimals: Int) -> String {
    guard value != 0 else { return "0" }
    // Digits beyond the one that `decimals` names would claim a precision the ticks do not have.
    let exponent = Int(log10(abs(value)).rounded(.down))
    let digits = min(max(0, exponent + decimals), 12)
    let parts = String(format: "%.\(digits)e", abs(value)).split(separator: "e")
    guard parts.count == 2, let power = Int(parts[1]) else { return "\(value)" }
    let sign = value < 0 ? "\u{2212}" : ""
    return sign + String(parts[0]).trimmingZeros() + "e" + (power < 0 ? "\u{2212}" : "") + "\(abs(power))"
  }
}

extension String {
  /// Without zeros at the end of the fraction.
  fileprivate func trimmingZeros() -> String {
    guard contains("."), !contains("e") else { return self }
    let percent = hasSuffix("%") ? "%" : ""
    var text = percent.isEmpty ? self[...] : dropLast()
    while text.hasSuffix("0") { text = text.dropLast() }
    if text.hasSuffix(".") { text = text.dropLast() }
    return text + percent
  }
}
