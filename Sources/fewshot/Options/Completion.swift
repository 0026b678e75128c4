import ArgumentParser
import ConvFamilies
import MetaLearning
import Networks
import Settings

extension CompletionKind {
  /// What a shell offers for a plan's field: its words, names of families, backbones and roles, files or folders.
  static func field(_ key: String) -> CompletionKind {
    switch key {
    case "family": .list(FamilyRegistry.families.map { $0.name })
    case "backbone": .list(Plan.backbones)
    case "adapt": .list(roles)
    case "data", "output": .directory
    case "split": .file()
    case "option": .list(names(FamilyRegistry.families.flatMap { $0.options }))
    case "head-option": .list(names(HeadRegistry.heads.flatMap { $0.options }))
    case "initial": .directory
    default: words(of: Plan.field(key)?.values)
    }
  }

  /// The same for a field of an evaluation.
  static func study(_ key: String) -> CompletionKind {
    ["shift-data", "test-data"].contains(key) ? .directory : words(of: StudySettings.field(key)?.values)
  }

  /// What the pairs of settings begin with.
  private static func names(_ options: [NamedOption]) -> [String] {
    var seen: Set<String> = []
    return options.map { "\($0.name)=" }.filter { seen.insert($0).inserted }
  }

  /// The words of a choice; nothing for numbers and free text.
  private static func words(of values: String?) -> CompletionKind {
    let words = (values ?? "").split(separator: "|").map(String.init)
    return words.count > 1 ? .list(words) : .default
  }

  /// What `--adapt` takes: the words for everything, nothing and a random choice, then the roles of all families.
  private static let roles: [String] = {
    let families = FamilyRegistry.families.map { family -> [String] in
      var plan = Plan()
      (plan.family, plan.filters, plan.imageSize) = (family.name, 4, 16)
      let network = try? plan.skeleton(families: [family])
      return network.map { $0.layout.roles.map(\.rawValue) } ?? []
    }
    var seen: Set<String> = []
    return (["all", "none", "random:100"] + families.joined()).filter { seen.insert($0).inserted }
  }()
}
