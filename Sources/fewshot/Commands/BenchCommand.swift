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
      Shapes: omniglot is 1 × 28 × 28 with 64 filters, mini 3 × 84 × 84 and cifar 3 × 32 × 32 with 32; residual nets \
      have their published widths on every shape. Per task is the wall time with all threads busy, divided by the tasks.

      The work torchbench-maml fixes all but threads, tasks and repeats: one 5-way 1-shot task, the strided Conv-4 with 64 \
      filters on 28 × 28, ten first-order steps, and 75 queries asked before the first step and after each.

      With --scaling the workload is timed over inner steps, shots, filters, image sides and threads, one \
      at a time from the settings given, and set against the growth of the arithmetic. With --layers every convolution of \
      the backbone is timed by itself on one core, with as many images as a task has in support and in query.

      Example: fewshot bench --work maml-atoms --shape omniglot --threads 2 --json
      Example: fewshot bench --work proto --shape cifar --backbone resnet12 --threads 2
      Example: fewshot bench --layers --shape cifar --backbone resnet12
      Example: fewshot bench --scaling --threads 2 --output scaling
      """)

  @Option(help: "What is timed.") var work = Benchmark.Work.mamlAll
  @Option(help: "The images.") var shape = Benchmark.ImageKind.omniglot
  @Option(help: "The network; `fewshot backbones` lists them.") var backbone = "conv4"
  @Option(help: "What its convolutions are made of; if unset, what the work says.") var family: String?
  @Option(help: "What adapts beside the head; if unset, what the work says.") var adapt: String?
  @Option(help: "First-order or exact meta-gradients.") var order = DerivativeOrder.second
  @Option(help: "Keep all inner steps (unrolled), or compute them again (checkpointed).") var memory =
    GraphMemory.unrolled
  @Option(help: "How atom layers are evaluated: auto, dense or factored.") var evaluation = "auto"
  @Option(help: "Classes in an episode.") var ways = 5
  @Option(help: "Support images per class.") var shots = 1
  @Option(help: "Query images per class.") var queries = 15
  @Option(help: "Inner steps.") var steps = 5
  @Option(help: "Atoms per layer.") var atoms = 6
  @Option(help: "Channels of the first layers; 0 for the usual ones.") var filters = 0
  @Option(help: "Episodes per repeat: for each worker, or for all if they share.") var tasks = 4
  @Option(help: "Repeats, of which the median counts.") var repeats = 5
  @Option(help: "Workers.") var threads = 1
  @Flag(help: "Have all workers share one episode after another.") var together = false
  @Flag(help: "Time the workload over growing sizes.") var scaling = false
  @Flag(help: "Time every convolution of the backbone by itself.") var layers = false
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
    if layers && scaling {
      throw ValidationError("--layers and --scaling are two measurements. Ask for one.")
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
    (benchmark.backbone, benchmark.family, benchmark.adapt) = (backbone, family, adapt)
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
    benchmark.together = together
    benchmark.evaluation = evaluation
    if layers {
      let times = try LayerTimes(of: benchmark, families: FamilyRegistry.families)
      return try console.finish(times.document, times.summaryText)
    }
    if scaling {
      // A folder that cannot be made is found before the minutes of measuring.
      let files = try folder.map { try RunFolder(making: $0) }
      let report = try await Scaling(of: benchmark).run(families: FamilyRegistry.families) { row in
        console.note("\(row.axis.rawValue) \(row.value): \((100 * row.milliseconds).rounded() / 100) ms")
      }
      if let files { try report.write(to: files) }
      return try console.finish(report.document, report.summaryText)
    }
    let result = try await interruptible(console.progress) { [benchmark] in
      try await benchmark.run(families: FamilyRegistry.families)
    }
    try console.finishOnOneLine(result.document, result.summaryText)
  }
}
