import ArgumentParser
import ConvFamilies
import Files
import Formats
import Foundation
import Images
import Kernels
import Prediction
import Settings
import Studies
import Training

/// The command `predict`.
struct PredictCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Tell the classes of pictures apart, from a few labelled ones.",
    discussion: """
      The folder of --support has a folder for each class, with one picture or more. The run's network learns these \
      classes as it learned its tasks, unless --adapt, --head or --steps say otherwise, and then tells for each picture \
      of --images how probable every class is. Pictures are prepared as the run prepared its own.

      Without --output the table goes to standard output as CSV. A file that ends in .jsonl gets one JSON document a \
      picture, any other CSV.

      --save keeps what was learned in a small file, which --task asks again without the support. With either, every \
      picture is judged alone. Without, a network that normalises by batches is asked about all pictures at once, as in \
      the evaluation of its run; --norm-statistics support judges each alone.

      Example: fewshot predict runs/first --support examples --images pictures --output predictions.csv
      """)

  @Argument(help: ArgumentHelp("The folder of a finished run.", valueName: "run"), completion: .directory)
  var source: String
  @Option(
    help: ArgumentHelp("A folder with a folder of pictures for each class.", valueName: "folder"),
    completion: .directory)
  var support: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Pictures to be told apart: folders and files.", valueName: "path"))
  var images: [String] = []
  @Option(help: ArgumentHelp("A saved task instead of --support.", valueName: "file"), completion: .file())
  var task: String?
  @Option(help: ArgumentHelp("Where to save what was learned.", valueName: "file"), completion: .file())
  var save: String?
  @Option(help: ArgumentHelp("The arm of the run; if unset, the one it was made for.", valueName: "name"))
  var arm: String?
  @OptionGroup(title: "Learning") var learning: TaskOptions
  @Option(
    help: ArgumentHelp("Where to write the table; - for standard output.", valueName: "file"),
    completion: .file())
  var output = "-"
  @Option(
    help: ArgumentHelp("A picture of what was said, to look at: a PNG file.", valueName: "file"),
    completion: .file())
  var sheet: String?
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup var result: OutputOptions

  func validate() throws {
    guard (support == nil) != (task == nil) else {
      throw ValidationError(
        "Name the pictures to learn from with --support, or a saved task with --task\(support == nil ? "" : ", not both")."
      )
    }
    if images.isEmpty && save == nil {
      throw ValidationError("Name the pictures to be told apart with --images, or a file for --save.")
    }
    if task != nil, save != nil || arm != nil || learning.isSet {
      throw ValidationError(
        "A saved task is asked as it is: leave --save, --arm, --head, --adapt, --steps, --inner-rate and "
          + "--norm-statistics out, or use --support.")
    }
    if save != nil, learning.normStatistics == .batch {
      throw ValidationError(
        "A saved task is asked without its support, so each picture is judged alone: leave --norm-statistics batch or "
          + "--save out.")
    }
    if images.isEmpty, output != "-" || sheet != nil {
      throw ValidationError("--output and --sheet show what is said of pictures: name some with --images.")
    }
  }

  func run() async throws {
    let console = result.console
    let found = try await interruptible(console.progress) { [self] in
      try await answer(console)
    }
    guard let answers = found.answers else {
      return try console.finish(found.document, found.saved ?? "")
    }
    if let sheet {
      let plan = found.plan
      try replace(sheet, with: AnswerSheet(answers, support: found.support, plan).png(), flag: "sheet")
    }
    let isLines = output.lowercased().hasSuffix(".jsonl")
    if output != "-" {
      try replace(output, with: Data((isLines ? answers.lines : answers.csv).utf8), flag: "output")
    }
    if let saved = found.saved { console.note(saved) }
    if output == "-", !result.json { return try console.finish(Data(answers.csv.utf8)) }
    try console.finish(
      found.document,
      "\(answers.summary)\n\n\(output)\(sheet.map { "; look at \($0)" } ?? "")")
  }

  /// What was found.
  private struct Found: Sendable {
    let plan: Plan
    let support: SupportSet?
    let answers: Answers?
    let saved: String?
    let document: JSONValue
  }

  private func answer(_ console: Console) async throws -> Found {
    // Before a task is learned for nothing.
    for place in images where !FileManager.default.fileExists(atPath: place) {
      throw DatasetError.notFound(path: place)
    }
    let runs = try TrainedRun.all(in: existing(source), families: FamilyRegistry.families)
    if let sheet { try refuseOutput(sheet, in: images + [support].compactMap(\.self)) }
    let (asked, run, learned): (Answers.Asked, TrainedRun, LearnedTask?)
    var members: [JSONValue.Member] = []
    var saved: String?
    if let task {
      let (file, owner) = try TaskFile.read(existing(task), among: runs)
      (asked, run, learned) = (.alone(file.task, of: owner), owner, nil)
      members += [.init("task", .text(task)), .init("arm", .text(file.origin.arm))]
    } else {
      run = try TrainedRun.arm(named: arm, among: runs)
      let plan = try pictures.applied(to: run.plan)
      try Gemm.prepare(workers: plan.workers)
      let set = try SupportSet(support ?? "", plan)
      let task = try LearnedTask(run, to: set, learning.settings, families: FamilyRegistry.families)
      for note in task.notes { console.note(note) }
      console.note(
        "\(task.armName): \(set.classes.count) classes from \(set.pictures.count) pictures, learned in \(task.steps) "
          + "inner steps and \(TextTable.fixed(task.milliseconds, 1)) ms")
      members += [
        .init("support", .text(set.folder)), .init("arm", .text(task.armName)),
        .init("inner_steps", .integer(task.steps)),
      ]
      if let save {
        let data = try TaskFile.encode(task.kept(), of: run, armName: task.armName)
        try replace(save, with: data, flag: "save")
        saved = "saved \(save), \(TextTable.grouped(data.count)) bytes"
        members += [.init("saved", .text(save)), .init("saved_bytes", .integer(data.count))]
      }
      let isAlone = save != nil || learning.normStatistics == .support || !task.dependsOnBatch
      asked = isAlone ? .alone(task.kept(), of: run) : .together(task)
      learned = task
      if !isAlone, !images.isEmpty {
        console.note(
          "the network normalises pictures together, as in the evaluation of its run; --norm-statistics support "
            + "judges each alone")
      }
    }
    let plan = try pictures.applied(to: run.plan)
    try Gemm.prepare(workers: plan.workers)
    guard !images.isEmpty else {
      return Found(
        plan: plan, support: learned?.support, answers: nil, saved: saved, document: .object(members))
    }
    let known = Dictionary(
      (learned?.support.pictures ?? []).map { ($0.contentKey, $0.item.path) }
    ) { first, _ in first }
    let answers = try await Answers(
      asked, about: PictureList(images, flag: "--images", followsLinksOut: plan.followLinks), plan,
      known: known,
      keepsBytes: sheet != nil, progress: console.progress)
    for note in answers.notes { console.note(note) }
    console.note(
      "\(answers.rows.count) \(answers.rows.count == 1 ? "picture" : "pictures") in \(TextTable.fixed(answers.milliseconds, 1)) ms"
    )
    let isTogether = if case .together = asked { true } else { false }
    members += [
      .init("classes", .list(answers.classes.map { .text($0) })),
      .init("judged", .text(isTogether ? "together" : "alone")),
      .init("milliseconds", .number(answers.milliseconds)),
      .init("notes", .list(((learned?.notes ?? []) + answers.notes).map { .text($0) })),
      .init("predictions", answers.documents),
    ]
    return Found(
      plan: plan, support: learned?.support, answers: answers, saved: saved, document: .object(members))
  }
}

/// How a task is learned, where that is not the run's way.
struct TaskOptions: ParsableArguments {
  /// What pictures are normalised by.
  enum Statistics: String, CaseIterable, ExpressibleByArgument { case batch, support }

  @Option(
    help: ArgumentHelp(
      "What tells classes apart, as for fewshot run; if unset, as in the run.", valueName: "name"),
    completion: .field("head"))
  var head: String?
  @Option(
    help: ArgumentHelp("What the inner loop changes; if unset, as in the run.", valueName: "roles"),
    completion: .field("adapt"))
  var adapt: String?
  @Option(help: ArgumentHelp("Inner steps, 0...1000; if unset, as many as in training.", valueName: "number"))
  var steps: Int?
  @Option(
    help: ArgumentHelp(
      "The rate of tensors that did not adapt in training (default 0.1).", valueName: "number"))
  var innerRate: Double?
  @Option(help: "What pictures are normalised by where the network has no running statistics.")
  var normStatistics: Statistics?

  func validate() throws {
    if let steps, !(0...1000).contains(steps) {
      throw ValidationError("steps is \(steps), but there can be 0...1000.")
    }
    if let innerRate, !(innerRate > 0 && innerRate <= 100) {
      throw ValidationError("inner-rate is \(innerRate). Use a number above 0 and at most 100.")
    }
  }

  /// Whether any is given.
  var isSet: Bool {
    head != nil || adapt != nil || steps != nil || innerRate != nil || normStatistics != nil
  }

  var settings: TaskSettings {
    var settings = TaskSettings()
    (settings.head, settings.adapt, settings.steps) = (head, adapt, steps)
    settings.innerRate = innerRate
    return settings
  }
}

/// How pictures are read for a trained network.
struct PictureOptions: ParsableArguments {
  @Flag(help: "Leave pictures that cannot be decoded out and count them.") var skipUnreadable = false
  @Flag(help: "Follow links that lead out of a folder of pictures; do so only for data you trust.")
  var followLinks = false
  @Option(help: .field("threads")) var threads: String?

  /// The run's plan with these settings, and none of what it was told about its own images.
  func applied(to plan: Plan) throws -> Plan {
    var plan = plan
    (plan.skipUnreadable, plan.followLinks, plan.threads) = (skipUnreadable, followLinks, nil)
    if let threads { try plan.set("threads", to: threads) }
    return plan
  }
}
