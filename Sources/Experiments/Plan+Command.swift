internal import Networks

extension Plan {
  /// The command that repeats a run of this plan: every setting that is not the default, but where it ran.
  public var command: String {
    let defaults = Dictionary(
      uniqueKeysWithValues: Plan().resolvedConfiguration.map { ($0.key, $0.value) })
    let flags = resolvedConfiguration.filter {
      defaults[$0.key] != $0.value && !["output", "threads"].contains($0.key)
    }
    .flatMap { member -> [String] in
      switch member.value {
      case .flag(let on): return [on ? "--\(member.key)" : "--no-\(member.key)"]
      case .object(let pairs):
        return pairs.map { "--\(member.key) " + shellQuoted("\($0.key)=\($0.value.plainText)") }
      default: return ["--\(member.key) " + shellQuoted(member.value.plainText)]
      }
    }
    return (["fewshot run"] + flags).joined(separator: " ")
  }
}

extension Plan {
  /// The command that trains an arm of this plan alone.
  func command(of arm: Arm) -> String {
    var plan = self
    (plan.family, plan.options, plan.adapt) = (arm.family, arm.options, arm.selector.description)
    plan.baseline = .none
    return plan.command
  }
}

/// A word as a shell reads it back unchanged.
func shellQuoted(_ word: String) -> String {
  let isPlain =
    !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_./:=@+-".contains($0)) }
  return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
