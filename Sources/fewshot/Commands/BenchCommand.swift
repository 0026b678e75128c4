import ArgumentParser
import ConvFamilies
import Diagnostics
import MetaLearning
import Results

/// The command `bench`.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time a fixed workload.",
    discussion: """
      Shapes: omniglot is 1 × 28 × 28 with 64 filters, mini 3 × 84 × 84 and cifar 3 × 32 × 32 with 32. \
      Per task is the wall time with all threads busy, divided by the tasks.

      With --scaling the workload is timed over inner steps, shots, filters, image sides and threads, one \
      at a time from the settings given, and set against the growth of the arithmetic.

      Example: fewshot bench --work maml-atoms --shape omniglot --threads 2 --json
      Example: fewshot bench --scaling --threads 2 --output scaling
      """)

  @Option(help: "What is timed.") var work = Benchmark.Work.mamlAll
  @Option(help: "The images.") var shape = Benchmark.ImageKind.omniglot
  @Option(help: "First-order or exact meta-gradients.") var order = DerivativeOrder.second
  @Option(help: "Keep all inner steps (unrolled), or one at a time (checkpointed).") var memory = GraphMemory
    .unrolled
  @Option(help: "How atom layers are evaluated: auto, dense or factored.") var evaluation = "auto"
  @Option(help: "Classes in an episode.") var ways = 5
  @Option(help: "Support images per class.") var shots = 1
  @Option(help: "Query images per class.") var queries = 15
  @Option(help: "Inner steps.") var steps = 5
  @Option(help: "Atoms per layer.") var atoms = 6
  @Option(help: "Channels of every layer; 0 for the shape's own.") var filters = 0
  @Option(help: "Episodes per worker and repeat.") var tasks = 4
  @Option(help: "Repeats, of which the median counts.") var repeats = 5
  @Option(help: "Workers.") var threads = 1
  @Flag(help: "Time the workload over growing sizes.") var scaling = false
  @Option(name: .customLong("output"), help: "Folder for the table and the plot of --scaling.") var folder:
    String?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    let limits = [
      ("ways", ways, 2...1000), ("shots", shots, 1...1000), ("queries", queries, 1...1000),
      ("steps", steps, 1...100), ("atoms", atoms, 1...64), ("filters", filters, 0...4096),
      ("tasks", tasks, 1...100_000), ("repeats", repeats, 1...10_000), ("threads", threads, 1...1024),
    ]
    if folder != nil && !scaling {
      throw ValidationError(
        "--output belongs to --scaling: one workload prints its time and writes no files.")
    }
    for (name, value, range) in limits where !range.contains(value) {
      throw ValidationError("\(name) is \(value), but it must be within \(range).")
    }
  }

  func run() async throws {
    let console = output.console
    var benchmark = Benchmark()
    benchmark.work = work
    benchmark.shape = shape
    benchmark.order = order
    benchmark.memory = memory
    benchmark.ways = ways
    benchmark.shots = shots
    benchmark.queries = queries
    benchmark.steps = steps
    benchmark.atoms = atoms
    benchmark.filters = filters == 0 ? nil : filters
    benchmark.tasks = tasks
    benchmark.repeats = repeats
    benchmark.threads = threads
    benchmark.evaluation = evaluation
    if scaling {
      // A folder that cannot be made is found before the minutes of measuring.
      let files = try folder.map { try RunFolder(making: $0) }
      let report = try await Scaling(of: benchmark).run(families: FamilyRegistry.families) { row in
        console.note("\(row.axis.rawValue) \(row.value): \((100 * row.milliseconds).rounded() / 100) ms")
      }
      if let files { try report.write(to: files) }
      return try console.finish(report.document, report.summaryText)
    }
    let result = try await benchmark.run(families: FamilyRegistry.families)
    try console.finishOnOneLine(result.document, result.summaryText)
  }
}
