package import Formats
internal import Kernels
package import MetaLearning
package import Networks
internal import Randomness
internal import Tensors

/// Fixed workloads, so that speed can be compared between versions, machines and programs.
package struct Benchmark: Sendable {
  /// What is timed, per task.
  package enum Work: String, CaseIterable, Codable, Sendable {
    /// Meta-gradient with standard kernels, everything adapts.
    case mamlAll = "maml-all"
    /// Meta-gradient with atoms in every layer; atoms and head adapt.
    case mamlAtoms = "maml-atoms"
    /// Gradient of the prototypical loss.
    case proto
    /// Test-time adaptation only, standard kernels.
    case adaptAll = "adapt-all"
    /// Test-time adaptation only, atoms and head.
    case adaptAtoms = "adapt-atoms"
    /// A task of torchbench's `maml`: first-order adaptation of a strided Conv-4, its query asked after every step.
    case torchbenchMAML = "torchbench-maml"

    var usesAtoms: Bool { self == .mamlAtoms || self == .adaptAtoms }
  }

  /// Images and width of a published setting.
  package enum ImageKind: String, CaseIterable, Codable, Sendable {
    /// 1×28×28, 64 filters.
    case omniglot
    /// 3×32×32, 32 filters.
    case cifar
    /// 3×84×84, 32 filters.
    case mini

    var image: ImageShape {
      switch self {
      case .omniglot: ImageShape(channels: 1, side: 28)
      case .cifar: ImageShape(channels: 3, side: 32)
      case .mini: ImageShape(channels: 3, side: 84)
      }
    }

    var filters: Int { self == .omniglot ? 64 : 32 }
  }

  /// What is timed.
  package var work = Work.mamlAll
  /// Images and width.
  package var shape = ImageKind.omniglot
  /// The network, by its name in ``BackboneRegistry``.
  package var backbone = "conv4"
  /// What its convolutions are made of; nil for what the work says.
  package var family: String?
  /// The selector of what adapts beside the head; nil for what the work says.
  package var adapt: String?
  /// Order of the meta-gradient.
  package var order = DerivativeOrder.second
  /// What the backward pass keeps.
  package var memory = GraphMemory.unrolled
  /// Classes per task.
  package var ways = 5
  /// Support images per class.
  package var shots = 1
  /// Query images per class.
  package var queries = 15
  /// Inner steps.
  package var steps = 5
  /// Atoms per layer.
  package var atoms = 6
  /// Width; nil takes that of the shape for a plain network, the published one for a residual net.
  package var filters: Int?
  /// Side of the images; nil takes that of the shape.
  package var side: Int?
  /// Tasks per worker and repeat.
  package var tasks = 4
  /// Timed repeats; the median counts.
  package var repeats = 5
  /// Workers.
  package var threads = 1
  /// Whether all workers share one task after another, instead of taking tasks of their own.
  package var together = false
  /// Dense, factored or by cost, for the atom works.
  package var evaluation = "auto"

  /// The default workload.
  package init() {}

  /// What was measured.
  package struct Measurement: Sendable {
    /// Always `fewshot`.
    package var program = "fewshot"
    /// What was timed.
    package var work: String
    /// Images and width.
    package var shape: String
    /// The network.
    package var backbone: String
    /// What its convolutions are made of.
    package var family: String
    /// What adapts beside the head.
    package var adapt: String
    /// Wall time with all workers busy, over all tasks.
    package var msPerTask: Double
    /// Most tensor memory at once, scratch included, over all workers.
    package var peakBytes: Int
    /// Convolution arithmetic of one task in the dense form, in units of 10⁹.
    package var gflopsPerTask: Double
    /// Convolution arithmetic of the dense form per second, in units of 10⁹; what a family or Winograd saves counts as done.
    package var gflopsPerSecond: Double
    /// The processor core whose kernels OpenBLAS uses.
    package var blasCore: String
    /// The instruction set of the convolutions.
    package var instructionSet: String
    /// Workers.
    package var threads: Int
    /// Whether they shared each task.
    package var together: Bool

    /// The measurement as one JSON document, on one line.
    package var document: JSONValue {
      .members([
        "program": .text(program), "work": .text(work), "shape": .text(shape),
        "backbone": .text(backbone), "family": .text(family), "adapt": .text(adapt),
        "ms_per_task": .number(msPerTask),
        "peak_bytes": .integer(peakBytes), "gflops_per_second": .number(gflopsPerSecond),
        "blas_core": .text(blasCore), "instruction_set": .text(instructionSet), "threads": .integer(threads),
        "together": .flag(together),
      ])
    }

    /// The measurement for people.
    package var summaryText: String {
      let digits = { (value: Double) in (100 * value).rounded() / 100 }
      return
        "\(work) \(shape), \(backbone): \(digits(msPerTask)) ms per task with \(threads) workers\(together ? " together" : ""), "
        + "\(peakBytes / 1_000_000) MB of tensors at most, \(digits(gflopsPerSecond)) GFLOP/s in terms of dense "
        + "convolutions, \(instructionSet), OpenBLAS core \(blasCore)"
    }
  }

  /// Runs the workload on random images.
  ///
  /// - Parameter families: The convolution families by name.
  /// - Returns: The median over the repeats.
  /// - Throws: If a setting is not valid.
  package func run(families: [any ConvFamily.Type]) async throws -> Measurement {
    try Gemm.prepare(workers: threads)
    let fixed = self.fixed
    let (network, learner, point) = try fixed.subject(families)
    let set = (0..<(together ? tasks : tasks * threads)).map(fixed.task)
    let work = work
    @Sendable func one(_ index: Int) -> Double {
      switch work {
      case .mamlAll, .mamlAtoms, .proto: return learner.metaGradient(at: point, on: set[index]).loss
      case .adaptAll, .adaptAtoms: return learner.score(from: point, on: set[index]).loss
      case .torchbenchMAML:
        var loss = 0.0
        learner.visitSteps(from: point, on: set[index].support, steps: fixed.steps) { _, parameters, _ in
          loss = learner.assess(parameters, on: set[index]).loss
        }
        return loss
      }
    }
    let clock = ContinuousClock()
    var times: [Duration] = []
    for round in 0...repeats {
      if round == 1 { TensorMemory.resetPeak() }
      let start = clock.now
      // In batches of one task, or of all.
      let batch = together ? 1 : set.count
      for first in stride(from: 0, to: set.count, by: batch) {
        _ = try await mapOnWorkers(batch, workers: threads) { one(first + $0) }
      }
      if round > 0 { times.append(clock.now - start) }
    }
    let perTask = times.sorted()[times.count / 2] / .milliseconds(1) / Double(set.count)
    let gflops = fixed.arithmetic(network) / 1e9
    return Measurement(
      work: work.rawValue, shape: fixed.shape.rawValue, backbone: fixed.backbone, family: fixed.familyName,
      adapt: fixed.selector, msPerTask: perTask, peakBytes: TensorMemory.peakBytes, gflopsPerTask: gflops,
      gflopsPerSecond: 1000 * gflops / perTask, blasCore: Gemm.coreName, instructionSet: instructionSet,
      threads: threads, together: together)
  }

  /// The same with the settings that a work fixes.
  var fixed: Benchmark {
    guard work == .torchbenchMAML else { return self }
    var fixed = self
    (fixed.shape, fixed.backbone, fixed.filters, fixed.side) = (.omniglot, "conv4-strided", 64, nil)
    (fixed.ways, fixed.shots, fixed.queries, fixed.steps, fixed.order) = (5, 1, 15, 10, .first)
    return fixed
  }

  private var familyName: String { family ?? (work.usesAtoms ? "acdc" : "standard") }
  private var selector: String { adapt ?? (work.usesAtoms ? "atoms" : work == .proto ? "none" : "all") }

  /// The network that is timed.
  ///
  /// - Parameter families: The convolution families by name.
  /// - Returns: The network, with a head unless the work is prototypical.
  /// - Throws: If a setting is not valid.
  func network(_ families: [any ConvFamily.Type]) throws -> Network {
    let kind = try BackboneRegistry.backbones.known(backbone)
    // A stem of its own stays standard; where the first of the like layers reads the images it is made of atoms as well.
    let hasStem = kind.name.hasPrefix("resnet") && !kind.name.hasPrefix("resnet12")
    let options =
      familyName == "acdc"
      ? ["atoms": "\(atoms)", "stem": hasStem ? "standard" : "atoms", "evaluation": evaluation] : [:]
    let family = try families.family(named: familyName, options: options)
    let width = filters ?? (kind.name.hasPrefix("conv") ? shape.filters : nil)
    return try Network(ways: work == .proto ? nil : ways) { layout throws(ConfigurationError) in
      try kind.backbone(filters: width, image: image, family: family, in: &layout)
    }
  }

  private func subject(_ families: [any ConvFamily.Type]) throws -> (Network, MetaLearner, MetaParameters) {
    let network = try network(families)
    let adapted = try AdaptSelector(selector).adapted(in: network.layout, withHead: true, seed: 0)
    let loop = InnerLoop(steps: work == .proto ? 0 : steps, adapted: adapted, order: order)
    let objective: any TaskObjective =
      work == .proto ? FeatureObjective(network) : LinearHeadObjective(network)
    let learner = MetaLearner(layout: network.layout, objective: objective, innerLoop: loop, memory: memory)
    let rates = adapted.map { _ in Tensor(repeating: 0.01, shape: [max(1, steps)]) }
    return (network, learner, MetaParameters(initial: network.layout.initialized(seed: 0), rates: rates))
  }

  private var image: ImageShape {
    ImageShape(channels: shape.image.channels, side: side ?? shape.image.side)
  }

  private func task(_ index: Int) -> MetaTask {
    func side(_ perClass: Int, _ name: String) -> Batch {
      var stream = RandomStream(seed: 0, purpose: "bench/" + name, index: UInt64(index))
      let count = image.channels * ways * perClass * image.side * image.side
      let images = Tensor(
        (0..<count).map { _ in Scalar(stream.normal()) },
        shape: [ways * perClass, image.side, image.side, image.channels])
      return Batch(images: images, labels: (0..<ways * perClass).map { $0 / perClass }, ways: ways)
    }
    return MetaTask(support: side(shots, "support"), query: side(queries, "query"))
  }

  /// Floating-point operations of the dense convolutions of one task: two per multiply-add.
  ///
  /// A pass is forward, towards the input or towards the kernel. An inner step is 3 passes, 9 if it is
  /// differentiated exactly, 3 if not; a query that is differentiated is 3.
  private func arithmetic(_ network: Network) -> Double {
    let macs = network.backbone.uses.reduce(0) { $0 + $1.convolution.multiplyAdds($1.geometry).dense }
    let support = Double(ways * shots)
    let query = Double(ways * queries)
    let passes: Double =
      switch work {
      case .proto: 3 * (support + query)
      case .adaptAll, .adaptAtoms: 3 * Double(steps) * support + query
      case .torchbenchMAML: 3 * Double(steps) * support + Double(steps + 1) * query
      case .mamlAll, .mamlAtoms: (order == .second ? 9 : 3) * Double(steps) * support + 3 * query
      }
    return 2 * Double(macs) * passes
  }
}
