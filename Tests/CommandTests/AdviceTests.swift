import Foundation
import Testing

/// A message that names a flag or a command is printed by some commands, and in each of them the flag must exist.
private struct Advice {
  /// The file of the messages, below `Sources`.
  let file: String
  /// Flags that they name, without dashes.
  let flags: [String]
  /// Commands that print them.
  let commands: [String]

  init(_ file: String, _ flags: [String], by commands: [String]) {
    (self.file, self.flags, self.commands) = (file, flags, commands)
  }
}

/// Commands that read a folder of images and have the flags for one.
private let readers = [
  "run", "pretrain", "check", "episodes make", "episodes verify", "data check", "data corrupt",
]

/// Commands that compute with networks.
private let calculators = [
  "run", "pretrain", "evaluate", "ablate", "check", "bench", "quantize", "predict", "embed",
]

/// Every flag in a message that does not stand behind the command it belongs to.
///
/// What stands behind one, as in `fewshot run --resume runs/a`, is checked without a row.
private let advice: [Advice] = [
  Advice("Results/RunFolderError.swift", ["output"], by: ["run", "evaluate", "ablate", "convert"]),
  Advice("Results/RunFolderError.swift", ["take-over"], by: ["run", "pretrain", "evaluate", "ablate"]),
  Advice(
    "fewshot/Commands/PretrainCommand.swift", ["learner", "family", "outer-rate", "iterations", "head"],
    by: ["pretrain"]),
  Advice("Results/RunFolder+Names.swift", ["output"], by: ["evaluate"]),
  Advice("fewshot/Together.swift", ["emit"], by: ["ablate"]),
  Advice("fewshot/Together.swift", ["replay-episode"], by: ["run"]),
  Advice("Training/RunIdentity.swift", ["output", "resume-anyway"], by: ["run"]),
  Advice("Training/Saving/StateStore.swift", ["output"], by: ["run"]),
  Advice("Training/Checks/IdleBody.swift", ["head"], by: ["run"]),
  Advice("Training/Checks/MemoryEstimate.swift", ["memory", "threads"], by: ["run", "pretrain"]),
  Advice("Training/Loop/Trainer.swift", ["replay-episode"], by: ["run"]),
  Advice("Training/Recorded/DataIdentity.swift", ["data", "split"], by: ["evaluate", "quantize", "run"]),
  Advice(
    "Training/Recorded/TrainedDataError.swift", ["data", "split"], by: ["evaluate", "quantize", "run"]),
  Advice("Training/Recorded/RecordedRun.swift", ["data"], by: ["evaluate", "quantize"]),
  Advice("Studies/Study+Screening.swift", ["replay-episode"], by: ["run"]),
  Advice(
    "Images/DatasetError.swift", ["skip-unreadable"], by: readers + ["data import", "predict", "embed"]),
  Advice("Images/DatasetError.swift", ["follow-links"], by: ["predict", "embed"]),
  Advice("Prediction/Task/TaskArm.swift", ["inner-rate", "steps"], by: ["predict"]),
  Advice("Prediction/Task/HeadWidth.swift", ["head"], by: ["predict"]),
  Advice("Prediction/Task/HeadWidth.swift", ["config", "initial"], by: ["run"]),
  Advice("Prediction/Task/TaskFile.swift", ["support"], by: ["predict"]),
  Advice("Prediction/Answers/Answers.swift", ["steps", "head"], by: ["predict"]),
  Advice("Exchange/Import/ImportError.swift", ["map"], by: ["import"]),
  Advice(
    "fewshot/Commands/PredictCommand.swift",
    [
      "support", "images", "task", "save", "adapt", "head", "steps", "inner-rate", "norm-statistics", "arm",
      "output", "sheet",
    ], by: ["predict"]),
  Advice(
    "fewshot/Commands/ExportCommand.swift", ["task", "dense", "shared", "output", "arm"], by: ["export"]),
  Advice(
    "Images/DatasetError.swift", ["follow-links", "image-size", "split", "split-seed"], by: readers),
  Advice(
    "Images/DatasetError.swift",
    ["train-queries", "validation-queries", "queries", "train-shots", "shots"], by: ["run", "check"]),
  Advice("Images/DatasetError.swift", ["class-sampling", "ways"], by: ["run", "check", "episodes make"]),
  Advice(
    "Images/DatasetError.swift", ["output"], by: ["run", "evaluate", "ablate", "curves", "data corrupt"]),
  Advice("Images/DatasetError.swift", ["arrays", "output"], by: ["data import"]),
  Advice("Images/DatasetError.swift", ["data"], by: readers + ["evaluate", "quantize", "data sheet"]),
  Advice("Images/ForeignPictures.swift", ["data", "skip-unreadable"], by: ["run", "data check"]),
  Advice("Images/ForeignPictures.swift", ["skip-unreadable"], by: ["data import"]),
  Advice("fewshot/Commands/DataImportCommand.swift", ["list", "images", "arrays"], by: ["data import"]),
  Advice("fewshot/Commands/DataSheetCommand.swift", ["run", "episode", "arm"], by: ["data sheet"]),
  Advice("Diagnostics/Sheets/ClassSheet.swift", ["split"], by: ["data sheet"]),
  Advice(
    "Images/Shortage.swift",
    [
      "train-queries", "validation-queries", "queries", "train-shots", "shots", "ways", "split", "split-seed",
    ],
    by: ["run", "check"]),
  Advice("Images/Index/DatasetPart.swift", ["split"], by: readers),
  Advice("Images/Index/ClassNames.swift", ["split"], by: readers),
  Advice("Training/Plan+MixedColours.swift", ["channels", "invert", "no-invert"], by: readers),
  Advice("Studies/Study.swift", ["episodes"], by: ["run", "evaluate"]),
  Advice("fewshot/Options/PlaceOptions.swift", ["data"], by: ["evaluate", "quantize"]),
  Advice("fewshot/Options/DataOptions.swift", ["data"], by: readers + ["data sheet"]),
  Advice(
    "Images/Split/SplitFile+Dividing.swift", ["data"], by: readers + ["evaluate", "quantize"]),
  Advice(
    "Episodes/EpisodeList+Reading.swift", ["split", "split-seed", "data"], by: ["episodes verify"]),
  Advice("Kernels/BufferPool.swift", ["threads"], by: calculators),
  Advice("OpenBLAS/OpenBLAS.swift", ["threads"], by: calculators),
  Advice("ConvFamilies/Atoms/AtomCoefficient.swift", ["adapt"], by: ["run", "inspect", "check"]),
  Advice("Jobs/Ablation/CellPlace.swift", ["output"], by: ["ablate"]),
  Advice("Jobs/Ablation/GridWork.swift", ["until"], by: ["ablate"]),
  Advice(
    "Jobs/Ablation/Cluster/CellScript+Slurm.swift", ["exit-on-stop", "take-over", "collect", "cell"],
    by: ["ablate"]),
  Advice("Jobs/Ablation/Cluster/CellScript+Make.swift", ["collect", "threads", "cell"], by: ["ablate"]),
  Advice("Jobs/Ablation/Cluster/CellScript+Snakemake.swift", ["collect", "threads", "cell"], by: ["ablate"]),
  Advice("Jobs/Ablation/Grid+Seeds.swift", ["until"], by: ["ablate"]),
  Advice("Reports/Curves/CurveExport.swift", ["x"], by: ["curves"]),
  Advice("Reports/Sections/FactSections.swift", ["norm-statistics", "suite"], by: ["evaluate"]),
  Advice("Diagnostics/Corrupting/CorruptionSamples.swift", ["split"], by: ["data corrupt"]),
  Advice(
    "fewshot/Options/ResumeOptions.swift", ["resume-anyway", "resume", "resume-or-start", "output"],
    by: ["run"]),
  Advice(
    "fewshot/Options/StopOptions.swift", ["exit-on-stop"], by: ["run", "pretrain", "evaluate", "ablate"]),
  Advice("fewshot/Options/CellOptions.swift", ["json"], by: ["ablate"]),
  Advice(
    "fewshot/Paths.swift", ["output"],
    by: ["data glyphs", "data import", "data corrupt", "data sheet", "episodes make", "embed", "import"]),
  Advice("fewshot/FewShot.swift", ["help"], by: ["run", "data", "episodes"]),
  Advice("fewshot/UnknownFlag.swift", ["help"], by: ["run", "data check"]),
  Advice(
    "fewshot/Options/PlanOptions.swift", ["quiet", "verbose"],
    by: [
      "run", "pretrain", "evaluate", "ablate", "report", "curves", "inspect", "families", "backbones",
      "check", "bench",
      "convert", "quantize", "predict", "embed", "import", "export", "data glyphs", "data check",
      "data import",
      "data corrupt", "episodes make", "episodes verify", "episodes stats",
    ]),
  Advice("fewshot/FewShot.swift", ["exit-on-stop"], by: ["run", "pretrain", "evaluate", "ablate"]),
  Advice("fewshot/Commands/RunCommand.swift", ["data", "config", "resume", "resume-or-start"], by: ["run"]),
  Advice("fewshot/Commands/EvaluateCommand.swift", ["output"], by: ["evaluate"]),
  Advice(
    "fewshot/Commands/AblateCommand.swift",
    ["until", "most-seeds", "output", "list", "cell", "collect", "emit"], by: ["ablate"]),
  Advice("fewshot/Commands/AblateCommand+Cells.swift", ["cell", "list"], by: ["ablate"]),
  Advice("fewshot/Commands/ConvertCommand.swift", ["output"], by: ["convert"]),
  Advice("fewshot/Commands/CurvesCommand.swift", ["format", "output", "json", "x"], by: ["curves"]),
  Advice("fewshot/Commands/CheckCommand.swift", ["export"], by: ["check"]),
  Advice("fewshot/Commands/BenchCommand.swift", ["output", "scaling", "layers"], by: ["bench"]),
  Advice("fewshot/Commands/EpisodesMakeCommand.swift", ["shots", "queries", "ways"], by: ["episodes make"]),
  Advice(
    "fewshot/Commands/DataCheckCommand.swift",
    ["all", "json", "skip-unreadable", "split", "fewest", "write-split"], by: ["data check"]),
  Advice("fewshot/Commands/DataCorruptCommand.swift", ["invert", "data"], by: ["data corrupt"]),
  Advice("fewshot/Commands/DataImportCommand.swift", ["data"], by: readers),
  Advice("fewshot/Commands/DataImportCommand.swift", ["images"], by: ["data import"]),
]

/// Flags of other programs: of `swift build`, of Slurm's, of make and of Snakemake.
private let foreign: [String: Set<String>] = [
  "Diagnostics/GradientCheck/GradientCheck.swift": ["traits"],
  "Images/ForeignPictures.swift": ["traits"],
  "Images/Pictures/PictureFormat.swift": ["traits"],
  "ProcessGroups/GroupError.swift": ["mpi", "traits"],
  "Jobs/Ablation/Cluster/CellScript+Slurm.swift": [
    "account", "array", "cpus-per-task", "dependency", "job-name", "ntasks", "partition", "requeue",
  ],
  "Jobs/Ablation/Cluster/CellScript+Make.swift": ["file", "jobs", "keep-going"],
  "Jobs/Ablation/Cluster/CellScript+Snakemake.swift": ["cores", "snakefile"],
]

@Suite("What messages advise")
struct AdviceTests {
  private static let sources = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources")

  /// The flags that a command has, by its help.
  private static func flags(of command: String) throws -> Set<String> {
    let help = try Program.run("\(command) --help")
    try #require(help.status == 0, "\(command): \(help.error)")
    return Set(help.output.matches(of: /--([a-z][a-z-]*[a-z]|[a-z])/).map { String($0.output.1) })
  }

  /// A flag in a message: the command that stands before it in the same line, if any.
  private struct Mention {
    let file: String
    let line: String
    let command: String?
    let flag: String
  }

  /// Every flag in a text of the sources: comments, and what is an argument or a key by itself, are passed over.
  private static func mentions() throws -> [Mention] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter {
      // Colours of a page are written like flags.
      $0.hasSuffix(".swift") && $0 != "Documents/HTMLPage.swift"
    }
    return try files.sorted().flatMap { file in
      let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
      return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.hasPrefix("//") }
        .flatMap { line -> [Mention] in
          let words = line.replacing(/"--[a-z-]+( ?\\\(|"|-\\\()/, with: "")
            .replacing("RunFolder.resumption(", with: "fewshot run --resume(")
          var command: String?
          return words.matches(of: /fewshot ([a-z]+(?: [a-z]+)?)|--([a-z][a-z-]*[a-z]|[a-z]\b)/).compactMap {
            if let name = $0.output.1 {
              let parts = name.split(separator: " ").map(String.init)
              let isGroup = ["data", "episodes"].contains(parts[0])
              command = isGroup ? parts.joined(separator: " ") : parts[0]
            }
            return $0.output.2.map { Mention(file: file, line: line, command: command, flag: String($0)) }
          }
        }
    }
  }

  @Test("every flag that a message names exists in every command that prints it")
  func flags() throws {
    var known: [String: Set<String>] = [:]
    func has(_ command: String, _ flag: String) throws -> Bool {
      if known[command] == nil { known[command] = try Self.flags(of: command) }
      return known[command]?.contains(flag) == true
    }
    for row in advice {
      for flag in row.flags {
        for command in row.commands {
          #expect(try has(command, flag), "\(row.file): \(command) has no --\(flag)")
        }
      }
    }
    let mentions = try Self.mentions()
    #expect(mentions.count > 40)
    for mention in mentions {
      if let command = mention.command {
        #expect(try has(command, mention.flag), "\(mention.file): \(mention.line)")
      } else if foreign[mention.file]?.contains(mention.flag) != true {
        #expect(
          advice.contains { $0.file == mention.file && $0.flags.contains(mention.flag) },
          "no row says which commands print --\(mention.flag): \(mention.file): \(mention.line)")
      }
    }
  }

  @Test("every command that a message names exists")
  func commands() throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path).filter {
      $0.hasSuffix(".swift")
    }
    let top = Set(try Self.subcommands(of: ""))
    let groups = [
      "data": Set(try Self.subcommands(of: "data")), "episodes": Set(try Self.subcommands(of: "episodes")),
    ]
    for file in files {
      let text = try String(contentsOf: Self.sources.appendingPathComponent(file), encoding: .utf8)
      for line in text.split(separator: "\n") where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//")
      {
        for match in line.matches(of: /fewshot ([a-z]+)(?: ([a-z]+))?/) where line.contains("\"") {
          let (first, second) = (String(match.output.1), match.output.2.map(String.init))
          #expect(top.contains(first), "\(file): \(line)")
          if let group = groups[first], let second { #expect(group.contains(second), "\(file): \(line)") }
        }
      }
    }
  }

  private static func subcommands(of group: String) throws -> [String] {
    let help = try Program.run("\(group) --help").output
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(of: "SUBCOMMANDS:") else { return [] }
    return lines[(start + 1)...].compactMap { line in
      line.firstMatch(of: /^  ([a-z]+)(?: |$)/).map { String($0.output.1) }
    }
  }

  /// A run on the images `g`, both made.
  private func train(_ name: String, in folder: URL) throws {
    _ = try Program.run("data glyphs --output g --train 4 --validation 3 --test 3 --images 6", in: folder)
    let run = try Program.run(
      "run --data g --image-size 16 --filters 4 --ways 3 --queries 3 --train-queries 2 --validation-queries 2 "
        + "--meta-batch 2 --iterations 1 --episodes 4 --validation-episodes 2 --evaluation-steps 2 --baseline none "
        + "--robustness-episodes 0 --attribution-episodes 0 --inner-rate 0.1 --output \(name)", in: folder)
    try #require(run.status == 0, "\(run.error)")
  }

  @Test("what is advised about a run works when it is done")
  func followed() throws {
    try Program.withFolder { folder in
      try train("r", in: folder)
      /// Runs the command that the error of a line ends with.
      func follow(_ line: String, status: Int32, _ more: String = "") throws {
        let refused = try Program.run(line, in: folder)
        #expect(refused.status == status, "\(line): \(refused.status) \(refused.error)")
        let command = try #require(
          refused.error.firstMatch(of: /fewshot ((?:run|evaluate) [^\n,]*)/)?.output.1)
        let done = try Program.run(command.trimmingCharacters(in: ["."]) + more, in: folder)
        #expect(done.status == 0, "\(line) advises \(command): \(done.error)")
      }
      _ = try Program.run("convert r --family acdc --output c", in: folder)
      let few = " --suite speed --probe-episodes 2 --attribution none"
      try follow("report c", status: 66, few)
      try follow("run --resume c", status: 64, few)
      try follow("evaluate r --output r", status: 73)
      // An evaluation that was begun says how to go on.
      let files = FileManager.default
      let begun = folder.appendingPathComponent("e")
      try files.createDirectory(at: begun, withIntermediateDirectories: true)
      try files.copyItem(
        at: folder.appendingPathComponent("runs/evaluation/evaluation.json"),
        to: begun.appendingPathComponent("evaluation.json"))
      try follow("report e", status: 66)
      // Images that are gone may be named where they are.
      try files.moveItem(at: folder.appendingPathComponent("g"), to: folder.appendingPathComponent("h"))
      for line in ["evaluate r\(few)", "quantize r", "run --resume r --replay-episode 0"] {
        let refused = try Program.run(line, in: folder)
        #expect(refused.status == 66 && refused.error.contains("with --data"), "\(refused.error)")
        let named = try Program.run("\(line) --data h", in: folder)
        #expect(named.status == 0, "\(line): \(named.error)")
      }
      // Images of another folder that cannot be used may be left out.
      try files.copyItem(at: folder.appendingPathComponent("h/test"), to: folder.appendingPathComponent("s"))
      let bad = try #require(
        try files.subpathsOfDirectory(atPath: folder.path + "/s").first { $0.hasSuffix(".png") })
      try Data("no picture".utf8).write(to: folder.appendingPathComponent("s/\(bad)"))
      let shift =
        "evaluate r --data h --suite robustness --conditions short --robustness-episodes 2 --attribution none "
        + "--shift-data s"
      let refused = try Program.run(shift, in: folder)
      #expect(
        refused.status == 65 && refused.error.contains("shift-data s")
          && refused.error.contains("skip-unreadable"),
        "\(refused.error)")
      #expect(try Program.run("\(shift) --skip-unreadable", in: folder).status == 0)
    }
  }

  @Test("a file that ends otherwise than what is written is refused; alone the ending says what is written")
  func endings() throws {
    try Program.withFolder { folder in
      for line in [
        "curves r --format svg --output c.png", "curves r --format csv --output c.SVG",
        "curves r --json --output c.svg", "curves r --format json --output c.csv",
      ] {
        let outcome = try Program.run(line, in: folder)
        #expect(
          outcome.status == 64 && outcome.error.contains("does not fit --output c."), "\(outcome.error)")
      }
      try train("q", in: folder)
      for (name, begin) in [
        ("c.svg", "<svg"), ("c.png", "\u{89}PNG"), ("c.JSON", "{"), ("c.csv", "run,arm,"),
      ] {
        let written = try Program.run("curves q --output \(name)", in: folder)
        #expect(written.status == 0, "\(written.error)")
        let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
        #expect(bytes.starts(with: begin.unicodeScalars.map { UInt8($0.value) }), "\(name)")
      }
      // No run: it is looked for only when the flags fit.
      for line in [
        "curves r --output c.svg", "curves r --format svg --output c", "curves r --json --output c.json",
      ] {
        #expect(try Program.run(line, in: folder).status == 66, "\(line)")
      }
    }
  }

  @Test("a process that may open too few files says so and does nothing", arguments: [4, 5, 6, 12])
  func openFiles(_ limit: Int) throws {
    try Program.withFolder { folder in
      let status = try Program.shell(
        "ulimit -n \(limit); $fewshot data glyphs --output g 2> said.txt </dev/null >/dev/null", in: folder)
      let said = try String(contentsOf: folder.appendingPathComponent("said.txt"), encoding: .utf8)
      #expect(
        status == 74 && said.contains("only \(limit) files") && said.contains("ulimit -n"),
        "\(status) \(said)")
    }
  }
}
