import ArgumentParser
import ConvFamilies
import Settings
import Training

/// All flags of a run, and the file they may be set in.
struct PlanOptions: ParsableArguments {
  @OptionGroup var source: ConfigOption
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Episodes") var episode: EpisodeOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Training and evaluation") var training: TrainingOptions
  @OptionGroup(title: "Supervised training") var supervision: SupervisionOptions

  /// The plan of file and flags, checked.
  ///
  /// - Parameter start: The plan whose settings hold where neither sets them.
  /// - Returns: A valid plan.
  /// - Throws: If the file cannot be read or a setting is not valid.
  func plan(from start: Plan = Plan()) throws -> Plan {
    let plan = try source.plan(
      data.settings + episode.settings + model.settings + training.settings + supervision.settings,
      from: start)
    try plan.validate(families: FamilyRegistry.families)
    return plan
  }
}

/// The file that flags may be set in.
struct ConfigOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("YAML or JSON file of settings; flags override it.", valueName: "file"),
    completion: .file())
  var config: String?

  /// The defaults, with the file's settings if there is one, with the flags' settings.
  func plan(_ flags: [Setting], from start: Plan = Plan()) throws -> Plan {
    try Plan.made(from: start) { plan in
      if let config { plan = try ConfigurationFile(contentsOf: config).applied(to: plan) }
      try plan.apply(flags)
    }
  }
}

/// Whether a program reads the result.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON document on standard output and nothing else there.") var json = false

  @Flag(name: .shortAndLong, help: "Print the result and errors, and nothing else.") var quiet = false
  @Flag(name: .shortAndLong, help: "Print more: every validation, and the findings in full.") var verbose =
    false

  func validate() throws {
    if quiet && verbose {
      throw ValidationError("--quiet and --verbose contradict each other. Give one of them.")
    }
  }

  var console: Console {
    Console(json: json, level: quiet ? .quiet : verbose ? .verbose : .usual)
  }
}
