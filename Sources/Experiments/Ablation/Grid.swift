internal import Foundation
public import Networks

/// One training of an ablation: a name for its folder and the settings it runs with.
public struct Cell: Hashable, Sendable {
  /// The folder's name, for example `acdc-atoms-shots5-seed0`.
  public let name: String
  /// All settings, those of the grid's base first.
  public let settings: [Setting]

  /// The settings on top of the defaults.
  ///
  /// - Throws: If a setting has no such value.
  public func plan() throws(ConfigurationError) -> Plan {
    var plan = Plan()
    try plan.apply(settings)
    return plan
  }
}

/// What an ablation varies: the product of several axes over common settings.
public struct Grid: Sendable {
  /// One thing that varies.
  public struct Axis: Sendable {
    /// The key it stands under: a setting's, or any word if its points set several.
    public let key: String
    /// Its points, each some settings.
    public let points: [[Setting]]
  }

  /// Settings that all cells share.
  public let base: [Setting]
  /// What varies.
  public let axes: [Axis]
  /// How the trained cells are evaluated.
  public let evaluation: StudySettings

  /// A grid.
  public init(base: [Setting], axes: [Axis], evaluation: StudySettings) {
    self.base = base
    self.axes = axes
    self.evaluation = evaluation
  }

  /// Every combination of the axes' points, the last axis fastest.
  ///
  /// - Parameter families: All families, for the names of arms.
  /// - Returns: Cells with different names. A cell whose settings contradict each other is among them: it fails
  ///   when it is run, and no other with it.
  public func cells(families: [any ConvFamily.Type]) -> [Cell] {
    var combinations: [[(axis: Axis, point: [Setting])]] = [[]]
    for axis in axes {
      combinations = combinations.flatMap { head in axis.points.map { head + [(axis, $0)] } }
    }
    var taken: [String: Int] = [:]
    return combinations.map { combination in
      // A cell is one arm: the standard ones are cells of their own, and all are evaluated together afterwards.
      let alone = [Setting("baseline", BaselineKind.none.rawValue), Setting("robustness-episodes", "0")]
      let settings =
        alone + base + combination.flatMap(\.point)
      let name = name(of: combination, settings, families)
      taken[name, default: 0] += 1
      let number = taken[name, default: 1]
      return Cell(name: number == 1 ? name : "\(name)-\(number)", settings: settings)
    }
  }

  /// The arm's own name, then every other setting that varies.
  private func name(
    of combination: [(axis: Axis, point: [Setting])], _ settings: [Setting],
    _ families: [any ConvFamily.Type]
  ) -> String {
    let varied = combination.flatMap(\.point)
    var words = [armName(settings, families)]
    for setting in varied where !["family", "adapt"].contains(setting.key) {
      words.append(
        setting.key == "option" ? setting.text.replacing("=", with: "") : setting.key + setting.text)
    }
    let name = words.joined(separator: "-").lowercased()
    return String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "+-_.@".contains($0)) ? $0 : "_" })
  }

  private func armName(_ settings: [Setting], _ families: [any ConvFamily.Type]) -> String {
    var plan = Plan()
    for setting in settings { try? plan.set(setting.key, to: setting.text) }
    let made = try? Arm(
      plan, family: plan.family, options: plan.options, adapt: plan.adapt, families: families)
    return made?.name ?? [plan.family, plan.adapt].compactMap { $0 }.joined(separator: "-")
  }
}
