import ArgumentParser
import Formats

/// Answers a flag that a command does not have with the flag that was probably meant.
///
/// The parser suggests what has few other letters, so `--lr` would be answered with some short flag.
enum UnknownFlag {
  /// What other programs call the settings of this one, the likeliest first.
  private static let otherNames: [String: [String]] = [
    "lr": ["outer-rate"], "learning-rate": ["outer-rate"], "outer-lr": ["outer-rate"],
    "meta-lr": ["outer-rate"], "beta": ["outer-rate"], "inner-lr": ["inner-rate"], "alpha": ["inner-rate"],
    "fast-lr": ["inner-rate"], "task-lr": ["inner-rate"], "batch": ["meta-batch", "batch-size"],
    "batch-size": ["meta-batch"], "meta-batch-size": ["meta-batch"], "task-batch-size": ["meta-batch"],
    "tasks-per-batch": ["meta-batch"], "epochs": ["iterations"], "steps": ["inner-steps", "iterations"],
    "updates": ["iterations"], "num-iterations": ["iterations"], "max-steps": ["iterations"],
    "num-steps": ["inner-steps"], "adaptation-steps": ["inner-steps"], "adapt-steps": ["inner-steps"],
    "inner-updates": ["inner-steps"], "test-steps": ["evaluation-steps", "steps"], "n-way": ["ways"],
    "way": ["ways"], "num-ways": ["ways"], "num-classes": ["ways"], "k-shot": ["shots"], "shot": ["shots"],
    "num-shots": ["shots"], "query": ["queries"], "num-queries": ["queries"], "n-query": ["queries"],
    "model": ["backbone"], "arch": ["backbone"], "architecture": ["backbone"], "network": ["backbone"],
    "encoder": ["backbone"], "width": ["filters"], "hidden": ["filters"], "workers": ["threads", "jobs"],
    "num-workers": ["threads", "jobs"], "num-threads": ["threads"], "dataset": ["data"],
    "data-dir": ["data"], "data-path": ["data"], "data-root": ["data"], "root": ["data"],
    "images": ["data"], "out": ["output"], "out-dir": ["output"], "output-dir": ["output"],
    "save-dir": ["output"], "save": ["output"], "name": ["output"], "pretrained": ["initial"],
    "init": ["initial"], "checkpoint": ["initial", "resume"], "weights": ["initial"],
    "image-resolution": ["image-size"], "img-size": ["image-size"], "resolution": ["image-size"],
    "size": ["image-size"], "grad-clip": ["clip"], "clip-norm": ["clip"], "wd": ["weight-decay"],
    "algorithm": ["learner"], "method": ["learner"], "first-order": ["order"], "second-order": ["order"],
    "val-episodes": ["validation-episodes"], "test-episodes": ["episodes"], "num-episodes": ["episodes"],
    "test-tasks": ["episodes"], "random-seed": ["seed"], "continue": ["resume"],
    "restart": ["resume-or-start"], "settings": ["config"], "silent": ["quiet"], "debug": ["verbose"],
    "log-dir": ["tensorboard"], "logdir": ["tensorboard"], "layers": ["adapt"], "atoms": ["option"],
    "rank": ["option"],
  ]

  /// A failure with the nearest flag, in place of an error that the parser gives for an unknown one.
  ///
  /// - Parameters:
  ///   - error: What the parser threw.
  ///   - words: The words behind the program's name.
  /// - Returns: The failure; nil for other errors.
  static func failure(for error: any Error, in words: [String]) -> Failure? {
    guard let match = FewShot.message(for: error).firstMatch(of: /^Unknown option '--([^'=]+)/) else {
      return nil
    }
    let (name, (command, path)) = (String(match.output.1), called(by: words))
    let flags = flags(of: command)
    let meant = nearest(to: name, among: flags)
    let rest =
      meant.isEmpty ? "" : "The nearest is \(meant.map { "--\($0)" }.joined(separator: " or ")); see "
    return Failure(
      .usage, "there is no flag --\(name) of \(path). \(rest)\(rest.isEmpty ? "See " : "")\(path) --help.")
  }

  /// The command that words call, and how it is called.
  private static func called(by words: [String]) -> (command: any ParsableCommand.Type, path: String) {
    var (command, path): (any ParsableCommand.Type, String) = (FewShot.self, "fewshot")
    for word in words {
      guard
        let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
      else { break }
      (command, path) = (next, "\(path) \(word)")
    }
    return (command, path)
  }

  /// The long flags of a command, without dashes, in the order of its help.
  private static func flags(of command: any ParsableCommand.Type) -> [String] {
    FewShot.helpMessage(for: command).split(separator: "\n").flatMap { line -> [String] in
      guard let start = line.firstIndex(where: { $0 != " " }), line[start] == "-" else { return [] }
      // The flags stand before the first gap, their help behind it.
      let flags = line[start...].prefix(
        upTo: line[start...].firstRange(of: "  ")?.lowerBound ?? line.endIndex)
      return flags.matches(of: /--([a-z][a-z0-9-]*)/).map { String($0.output.1) }
    }
  }

  /// The flags that a name was probably meant to be, at most three.
  static func nearest(to name: String, among flags: [String]) -> [String] {
    let name = name.lowercased().replacing("_", with: "-")
    if flags.contains(name) { return [name] }
    let known = (otherNames[name] ?? []).filter(flags.contains)
    if !known.isEmpty { return known }
    // A slip, or a word of a flag of several.
    if let near = NearestName.of(name, among: flags),
      NearestName.edits(from: name, to: near) <= name.count / 3
    {
      return [near]
    }
    let words = Set(name.split(separator: "-"))
    let sharing = flags.filter { !words.isDisjoint(with: $0.split(separator: "-")) }
    return sharing.count <= 3 ? sharing : []
  }
}
