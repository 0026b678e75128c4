internal import Foundation
package import Networks
package import Settings
internal import Training

/// One training of an ablation: a name for its folder and the settings it runs with.
package struct Cell: Hashable, Sendable {
  /// The folder's name, for example `acdc-atoms-shots5-seed0`.
  package let name: String
  /// The name of its arm alone, for example `acdc-atoms`.
  package let arm: String
  /// All settings, those of the grid's base first.
  package let settings: [Setting]
  /// What its inner loop changes, spelled out; nil where the settings contradict each other.
  let selector: String?
  /// The family's options, those that a budget chose among them; nil where the settings contradict each other.
  let options: [String: String]?
  /// Why it cannot be trained, as a sentence; nil if it can.
  package let fault: String?

  /// The settings on top of the defaults.
  ///
  /// - Throws: If a setting has no such value, or the run that it starts from cannot be read.
  package func plan() throws -> Plan { try Plan.made { try $0.apply(settings) } }

  /// Checks that it can be trained.
  ///
  /// - Throws: What contradicts what.
  func validate(families: [any ConvFamily.Type]) throws { try plan().validate(families: families) }
}

/// What an ablation varies: the product of several axes over common settings.
package struct Grid: Sendable {
  /// One axis of the grid.
  package struct Axis: Sendable {
    /// Its key in the file: a setting's, or any word if its points set several.
    package let key: String
    /// Its points, each some settings.
    package let points: [[Setting]]
  }

  /// Settings that all cells share.
  package let base: [Setting]
  /// What varies.
  package let axes: [Axis]
  /// How the trained cells are evaluated.
  package let evaluation: StudySettings

  /// A grid.
  package init(base: [Setting], axes: [Axis], evaluation: StudySettings) {
    self.base = base
    self.axes = axes
    self.evaluation = evaluation
  }

  /// Every combination of the axes' points, the last axis fastest.
  ///
  /// - Parameter families: All families, for the names of arms.
  /// - Returns: Cells with different names. A cell whose settings contradict each other is among them, with its
  ///   ``Cell/fault``: it fails, and no other with it.
  package func cells(families: [any ConvFamily.Type]) -> [Cell] {
    var combinations: [[(axis: Axis, point: [Setting])]] = [[]]
    for axis in axes {
      combinations = combinations.flatMap { head in axis.points.map { head + [(axis, $0)] } }
    }
    var taken: Set<String> = []
    return combinations.map { combination in
      // A cell is one arm: the standard ones are cells of their own, and all are evaluated together afterwards.
      let alone = [
        Setting("baseline", BaselineKind.none.rawValue), Setting("robustness-episodes", "0"),
        Setting("attribution-episodes", "0"),
      ]
      let settings =
        alone + base + combination.flatMap(\.point)
      let arm = arm(settings, families)
      let armName = arm?.name ?? planned(settings)
      let name = name(of: combination, armName)
      let names = [name] + (2...combinations.count + 1).map { "\(name)-\($0)" }
      let free = names.first { taken.insert($0).inserted } ?? name
      return Cell(
        name: free, arm: armName, settings: settings, selector: arm?.selector.description,
        options: arm?.options,
        fault: fault(of: settings, families))
    }
  }

  /// The arm's own name, then every other setting that varies.
  private func name(of combination: [(axis: Axis, point: [Setting])], _ arm: String) -> String {
    let varied = combination.flatMap(\.point)
    var words = [arm]
    for setting in varied where !["family", "adapt"].contains(setting.key) {
      let field = Plan.field(setting.key)
      // Several folders are joined; one stands as it is.
      let text = field?.isList == true ? DataFolders(text: setting.text)?.all.joined(separator: "+") : nil
      words.append(
        field?.isRepeatable == true
          ? setting.text.replacing("=", with: "") : setting.key + (text ?? setting.text))
    }
    let name = words.joined(separator: "-").lowercased()
    return String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "+-_.@".contains($0)) ? $0 : "_" })
  }

  /// The arm that some settings make; nil where they contradict each other.
  private func arm(_ settings: [Setting], _ families: [any ConvFamily.Type]) -> Arm? {
    let plan = plan(settings)
    return try? Arm(plan, family: plan.family, options: plan.options, adapt: plan.adapt, families: families)
  }

  private func fault(of settings: [Setting], _ families: [any ConvFamily.Type]) -> String? {
    do {
      try Plan.made { try $0.apply(settings) }.validate(families: families)
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// The name of a cell whose arm cannot be built.
  private func planned(_ settings: [Setting]) -> String {
    let plan = plan(settings)
    return [plan.family, plan.adapt].compactMap { $0 }.joined(separator: "-")
  }

  private func plan(_ settings: [Setting]) -> Plan {
    func each(_ plan: inout Plan) {
      for setting in settings { try? plan.set(setting.key, to: setting.text) }
    }
    if let made = try? Plan.made(each) { return made }
    var plan = Plan()
    each(&plan)
    return plan
  }
}
