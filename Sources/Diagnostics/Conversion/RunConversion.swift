package import Formats
package import MetaLearning
package import Networks
package import Results
internal import SafeTensors
package import Settings
internal import Studies
internal import Tensors
package import Training

/// A finished run's network as another family's nearest fit, ready to be evaluated or trained on.
package struct RunConversion: Sendable {
  /// The plan of the fitted network: the run's, with the other family.
  package let plan: Plan
  /// The fitted network and what adapts in it.
  package let arm: Arm
  /// The fitted parameters; a rate is the run's own where the same tensor adapted there, and the start of a rate
  /// search elsewhere, since rates of one kind of tensor say nothing about another.
  package let point: MetaParameters
  /// How near each layer comes.
  package let conversion: Conversion
  /// The images it was trained on, as far as the run says.
  private(set) var data = DataIdentity()
  /// Numbers in the trained network.
  package let trainedNumbers: Int

  /// Reads a run's configuration and checkpoint and fits.
  ///
  /// - Parameters:
  ///   - folder: The run's folder.
  ///   - checkpoint: Which of its checkpoints: a path below the folder.
  ///   - family: The family to fit.
  ///   - options: Its settings.
  ///   - adapt: What adapts afterwards; nil for the family's default.
  ///   - families: All families.
  /// - Throws: If a file is missing or damaged, or there is no such fit.
  package init(
    of folder: String, checkpoint: String = "checkpoints/best.safetensors", to family: String,
    options: [String: String], adapt: String? = nil, families: [any ConvFamily.Type]
  ) throws {
    let recorded = try RecordedRun(folder)
    let trained = try TrainedRun(folder, recorded.resolved, checkpoint: checkpoint, families: families)
    try self.init(
      of: trained.arm, at: trained.point, recorded.plan, to: family, options: options, adapt: adapt,
      families: families)
    data = recorded.data
  }

  /// Fits a network in memory.
  ///
  /// - Parameters:
  ///   - source: The trained arm.
  ///   - trained: Its trained point.
  ///   - trainedPlan: What it was trained by.
  ///   - family: The family to fit.
  ///   - options: Its settings.
  ///   - adapt: What adapts afterwards; nil for the family's default.
  ///   - families: All families.
  /// - Throws: If there is no such fit.
  package init(
    of source: Arm, at trained: MetaParameters, _ trainedPlan: Plan, to family: String,
    options: [String: String], adapt: String? = nil, families: [any ConvFamily.Type]
  ) throws(ConfigurationError) {
    var plan = trainedPlan
    (plan.family, plan.options, plan.adapt, plan.output) = (family, options, adapt, nil)
    // The budget was that of the training.
    plan.adaptBudget = nil
    let arm = try Arm(plan, family: family, options: options, adapt: adapt, families: families)
    let start = arm.start(seed: plan.seed, rate: plan.startingRate)
    let conversion = try Conversion(
      of: source.network, at: trained.initial, to: arm.network, from: start.initial)
    let known = Dictionary(zip(source.adaptedPaths, trained.rates)) { first, _ in first }
    let rates = zip(arm.adaptedPaths, start.rates).map { path, rate in
      known[path].flatMap { $0.shape == rate.shape ? $0 : nil } ?? rate
    }
    self.plan = plan
    self.arm = arm
    self.conversion = conversion
    point = MetaParameters(initial: conversion.parameters, rates: rates)
    trainedNumbers = source.network.layout.count()
  }

  /// Writes a folder with `config.json`, `checkpoints/best.safetensors` and `conversion.json`.
  ///
  /// - Throws: ``RunFolderError`` if it holds a run already or cannot be written.
  package func write(to path: String) throws(RunFolderError) {
    let folder = try RunFolder(creating: path)
    let hashes = [(RunIdentity.images, data.images), (RunIdentity.split, data.division)].compactMap {
      name, hash in hash.map { JSONValue.Member(name, .text($0)) }
    }
    try folder.write(
      plan.configurationText(
        resolved: plan.resolved(adapting: arm.selector.description), in: path,
        environment: [.init("version", .text(Version.current))] + hashes), to: "config.json")
    try folder.write(Checkpoint.encode(point, of: arm), to: "checkpoints/best.safetensors")
    try folder.write(document.withSchema.text + "\n", to: RunFolder.conversionFile)
  }

  /// The same as JSON, for programs.
  package var document: JSONValue {
    .members([
      "family": .text(plan.family),
      "options": .object(plan.options.sorted { $0.key < $1.key }.map { .init($0.key, .text($0.value)) }),
      "error": .number(conversion.totalError),
      "parameters": .members([
        "trained": .integer(trainedNumbers), "fitted": .integer(arm.network.layout.count()),
      ]),
      "layers": .list(
        conversion.layers.map {
          .members([
            "path": .text($0.path), "numbers": .integer($0.kernelNumbers), "error": .number($0.error),
          ])
        }),
    ])
  }

  /// The same as text, for people.
  package var text: String {
    func cell(_ value: Double) -> String { TextTable.fixed(value, 4) }
    let rows = conversion.layers.map { [$0.path, "\($0.kernelNumbers)", cell($0.error)] }
    let table = TextTable(
      ["kernel", "numbers", "error"], rows + [["together", "", cell(conversion.totalError)]])
    return """
      \(plan.family) with \(arm.network.layout.count()) numbers for a network of \(trainedNumbers); an error is \
      ‖fit − kernel‖ / ‖kernel‖

      \(table.text)
      """
  }
}
