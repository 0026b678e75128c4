internal import Formats
internal import Networks

extension Plan {
  /// The command that repeats a run of this plan: every setting that is not the default, except where and how it ran.
  ///
  /// What follows from other settings is left out, so that the plan a run was given and the one it resolved to, which
  /// `config.json` holds, give the same command.
  package var command: String {
    let flags = resolvedConfiguration.filter {
      // Following links changes no number, but without it images may be missing.
      (Self.field($0.key)?.scope != .nothing || $0.key == "follow-links") && !isImplied($0.key)
    }
    .flatMap { member -> [String] in
      switch member.value {
      case .flag(let on): return [on ? "--\(member.key)" : "--no-\(member.key)"]
      case .object(let pairs):
        return pairs.map { "--\(member.key) " + shellQuoted("\($0.key)=\($0.value.plainText)") }
      case .list(let values): return values.map { "--\(member.key) " + shellQuoted($0.plainText) }
      default: return ["--\(member.key) " + shellQuoted(member.value.plainText)]
      }
    }
    return (["fewshot run"] + flags).joined(separator: " ")
  }

  /// Whether the plan means the same without a setting.
  private func isImplied(_ key: String) -> Bool {
    guard let field = Self.field(key) else { return false }
    var without = self
    field.clear(&without)
    let selector = adapt ?? ""
    return without.adapt == adapt && without.resolved(adapting: selector) == resolved(adapting: selector)
  }
}
