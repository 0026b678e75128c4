internal import Files
package import Formats
internal import Foundation
internal import Kernels
internal import MetaLearning
package import Networks
package import Results
internal import SafeTensors
package import Settings
internal import Tensors
internal import Training

/// A network that another program trained, as a run of this one: a state dict in safetensors, and a map of its names.
package struct NetworkImport: Sendable {
  /// One tensor of the network and where it came from.
  private struct Item: Sendable {
    let path: String
    let source: String
    let shape: [Int]
  }

  private let file: String
  private let hash: String
  private let bytes: Int
  private let map: NetworkMap
  private let plan: Plan
  private let arm: Arm
  private let point: MetaParameters
  private let items: [Item]
  private let left: [String]

  /// Reads a state dict.
  ///
  /// - Parameters:
  ///   - path: A safetensors file, see ``init(parsing:from:_:settings:families:)``.
  ///   - map: Which network it becomes.
  ///   - settings: How its images are prepared, where that is not as the map says.
  ///   - families: All families.
  /// - Throws: What that throws, and what reading the file throws.
  package init(
    _ path: String, _ map: NetworkMap, settings: [Setting], families: [any ConvFamily.Type]
  ) throws {
    try self.init(
      parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))), from: path, map, settings: settings,
      families: families)
  }

  /// Reads the bytes of a state dict.
  ///
  /// - Parameters:
  ///   - data: A safetensors file of F32 or F64 tensors, names and shapes as in PyTorch.
  ///   - path: Where it is, for messages.
  ///   - map: Which network it becomes.
  ///   - settings: How its images are prepared, where that is not as the map says.
  ///   - families: All families.
  /// - Throws: ``ImportError`` with every tensor that does not fit; `SafeTensorsError` if the file is damaged;
  ///   ``ConfigurationError`` if the map's settings contradict each other.
  package init(
    parsing data: [UInt8], from path: String, _ map: NetworkMap, settings: [Setting] = [],
    families: [any ConvFamily.Type]
  ) throws {
    let state: SafeTensorsFile
    do throws(SafeTensorsError) {
      state = try SafeTensorsFile(bytes: data)
    } catch {
      throw StoredResultError.notTensors(path: path, reason: "\(error)")
    }
    var plan = Plan.pretraining
    plan.iterations = 0
    try plan.apply(map.settings)
    try plan.apply(settings)
    if plan.filters == nil { plan.filters = try Self.width(of: state, map, plan, families) }
    let layers = try plan.bareNetwork(families: families).backbone.outline?.layers ?? []
    // Without any statistics it normalises by each batch.
    let hasStatistics = layers.contains { layer in
      map.source(layer.norm + ".mean").map { state[$0] != nil } ?? false
    }
    if !hasStatistics { plan.learner = .prototypical }
    let arm = try Arm(plan, family: plan.family, options: [:], adapt: nil, families: families)
    let layout = arm.network.layout
    var values: [ParameterRef: Tensor] = [:]
    var (items, faults, used): ([Item], [String], Set<String>) = ([], [], [])
    func take(_ place: String, as name: String, adding addend: Double = 0) throws {
      guard let ref = layout.ref(at: place), values[ref] == nil else { return }
      guard let source = map.source(name) else {
        faults.append("\(name): the map does not say what it is")
        return
      }
      used.insert(source)
      let wanted = layout[ref].shape.extents
      guard let entry = state[source] else {
        faults.append("\(name): there is no \(source), which should be of shape \(wanted)")
        return
      }
      guard entry.shape == wanted else {
        faults.append("\(name): \(source) is of shape \(entry.shape) and should be of shape \(wanted)")
        return
      }
      guard let numbers = try? state.doubles(source) else {
        faults.append("\(name): \(source) is of type \(entry.elementType.rawValue); save it as F32")
        return
      }
      guard numbers.allSatisfy(\.isFinite) else {
        faults.append("\(name): \(source) has numbers that are not finite")
        return
      }
      values[ref] = Tensor(numbers.map { Scalar($0 + addend) }, shape: layout[ref].shape)
      items.append(Item(path: place, source: source, shape: entry.shape))
    }
    for (i, layer) in layers.enumerated() {
      let kernel = layer.convolution.site.path + ".kernel"
      try take(kernel, as: kernel)
      for part in [".scale", ".shift"] { try take(layer.norm + part, as: layer.norm + part) }
      guard hasStatistics else { continue }
      try take("statistics.\(i + 1).mean", as: layer.norm + ".mean")
      // Here ε is 10⁻⁵; another one is the same as another variance.
      try take("statistics.\(i + 1).variance", as: layer.norm + ".variance", adding: map.epsilon - 1e-5)
    }
    let others = state.names.filter { !used.contains($0) }
    faults += others.filter { !map.ignores($0) }.map { name in
      "\(name) of shape \(state[name]?.shape ?? []): no tensor of the network is made of it"
    }
    let missing = layout.refs.filter { values[$0] == nil }.map { layout[$0].path }
    guard faults.isEmpty else { throw ImportError(file: path, map: map.name, faults: faults) }
    precondition(missing.isEmpty, "an import left out \(missing)")
    (file, self.map, self.plan, self.arm, self.items, left) = (path, map, plan, arm, items, others)
    (hash, bytes) = (ContentHash.sha256(data), data.count)
    point = MetaParameters(
      initial: Parameters(layout: layout, values: layout.refs.compactMap { values[$0] }), rates: [])
  }

  /// The width of the first layers, from the shape of the first kernel.
  private static func width(
    of state: SafeTensorsFile, _ map: NetworkMap, _ plan: Plan, _ families: [any ConvFamily.Type]
  ) throws -> Int? {
    let first = try plan.bareNetwork(families: families).backbone.outline?.layers.first
    return first.flatMap { map.source($0.convolution.site.path + ".kernel") }.flatMap {
      state[$0]?.shape.first
    }
  }

  /// Writes a folder with `config.json`, `checkpoints/best.safetensors` and `import.json`.
  ///
  /// - Parameter path: The folder.
  /// - Throws: ``RunFolderError`` if it holds a run already or cannot be written.
  package func write(to path: String) throws(RunFolderError) {
    let folder = try RunFolder(creating: path)
    try folder.write(
      plan.configurationText(
        resolved: plan.resolved(adapting: arm.selector.description), in: path,
        environment: [.init("version", .text(Version.current))]), to: "config.json")
    try folder.write(Checkpoint.encode(point, of: arm), to: "checkpoints/best.safetensors")
    try folder.write(document.withSchema.text + "\n", to: RunFolder.importFile)
  }

  /// Where the network comes from, as in `import.json`.
  package var document: JSONValue {
    .members([
      "file": .text(file), "sha256": .text(hash), "bytes": .integer(bytes), "map": .text(map.name),
      "backbone": .text(plan.backbone), "filters": .integer(plan.width ?? 0),
      "image_size": .integer(plan.side), "channels": .integer(plan.channels),
      "crop": .text(plan.cropText),
      "pixel_statistics": .optional(plan.pixelStatistics?.text),
      "running_statistics": .flag(arm.network.hasRunningStatistics),
      "parameters": .integer(arm.network.layout.count()),
      "tensors": .list(
        items.map {
          .members([
            "path": .text($0.path), "from": .text($0.source), "shape": .list($0.shape.map { .integer($0) }),
          ])
        }),
      "left_out": .list(left.map { .text($0) }),
    ])
  }

  /// The same for people.
  package var text: String {
    let counters = left.count { $0.hasSuffix("num_batches_tracked") }
    let others = left.filter { !$0.hasSuffix("num_batches_tracked") }
    let parts = others + (counters > 0 ? ["\(counters) counters num_batches_tracked"] : [])
    return
      "\(plan.backbone) with \(TextTable.grouped(arm.network.layout.count())) numbers, from \(items.count) tensors of "
      + "\(printable(file))"
      + (parts.isEmpty ? "" : "\nleft out: \(parts.map(printable).joined(separator: ", "))")
  }
}
