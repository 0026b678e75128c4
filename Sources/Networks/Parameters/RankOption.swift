/// How much of an extent a factorisation keeps, as written in an option: `full`, `0.5` or `32`.
public enum RankOption: Hashable, Sendable {
  /// All of it.
  case full
  /// A share of it, above 0 and below 1.
  case share(Double)
  /// A number of its own, from 1 to ``largestCount``.
  case count(Int)

  /// More than any network here is wide, and small enough to multiply without overflow.
  public static let largestCount = 65_536

  init?(_ text: String) {
    if text == "full" {
      self = .full
    } else if let count = Int(text), (1...Self.largestCount).contains(count) {
      self = .count(count)
    } else if let share = Double(text), share > 0, share < 1 {
      self = .share(share)
    } else {
      return nil
    }
  }

  /// What is kept of an extent: at least 1, at most all.
  ///
  /// A share rounds to the nearest whole number, halves up; a count is cut to the extent.
  public func rank(of extent: Int) -> Int {
    switch self {
    case .full: extent
    case .share(let share): max(1, Int((share * Double(extent)).rounded()))
    case .count(let count): min(count, extent)
    }
  }
}

extension OptionValues {
  /// A rank: `full`, a share of the extent between 0 and 1, or a whole number from 1.
  ///
  /// - Throws: If the text is none of these.
  public func rank(_ name: String) throws(ConfigurationError) -> RankOption {
    try parsed(
      name, needs: "needs a rank here",
      use: "full, a share such as 0.5, or a whole number from 1 to \(RankOption.largestCount)",
      RankOption.init)
  }

  /// A rank, or nil for `0`.
  ///
  /// - Throws: If the text is neither.
  public func rankIfAny(_ name: String) throws(ConfigurationError) -> RankOption? {
    values[name] == "0" ? nil : try rank(name)
  }
}
