import ConvFamilies
import Files
import Foundation
import Images
import Jobs
import Networks
import Results
import Settings
import Studies
import Synchronization
import TestRuns
import Testing
import Training

/// Random commands on a few folders, against a simple model of what must hold.
///
/// The campaign runs thousands of them: `FEWSHOT_MODEL_STEPS` and `FEWSHOT_MODEL_SEED`.
@Suite("Random commands against a model")
struct RunModelTests {
  private static func number(_ name: String, _ fallback: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? fallback
  }

  @Test("stopped, resumed, moved, copied, damaged, evaluated: the same bytes, or a refusal")
  func commands() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var world = RunWorld(
        data: data, folder: folder, seed: UInt64(Self.number("FEWSHOT_MODEL_SEED", 1)))
      try await world.prepare()
      for step in 0..<Self.number("FEWSHOT_MODEL_STEPS", 40) {
        let faults = try await world.step()
        guard faults.isEmpty else {
          Issue.record("step \(step): \(faults.joined(separator: "; ")) after \(world.history.suffix(12))")
          return
        }
      }
    }
  }
}

/// What the model knows of one folder.
private struct Slot: Equatable {
  /// Which settings it was begun with; nil where there is no run.
  var settings: Int?
  var isFinished = false
  /// Whether `config.json` is there.
  var isNamed = true
  /// Whether the checkpoint that is tested is there; only a finished run is asked.
  var hasCheckpoint = true
  /// Where its configuration says that the images are.
  var data = 0
}

/// Folders on disk, and what must be in them.
private struct RunWorld {
  private let folder: String
  private let places: [String]
  private var generator: SplitMix
  private var slots = [Slot](repeating: Slot(), count: 3)
  private var references: [RunFiles] = []
  /// Where the images are now.
  private var place = 0
  /// What was done, for messages.
  private(set) var history: [String] = []

  init(data: String, folder: String, seed: UInt64) {
    self.folder = folder
    places = [data, folder + "/elsewhere"]
    generator = SplitMix(state: seed)
  }

  private func path(_ slot: Int) -> String { "\(folder)/run\(slot)" }

  /// One of two settings: they differ in what an identity holds and a state does not show.
  private func plan(_ settings: Int, in output: String) -> Plan {
    var plan = tinyRun(places[place], output)
    (plan.iterations, plan.innerRate, plan.attributionEpisodes, plan.threads) = (6, .fixed(0.1), 0, 1)
    plan.outerRate = settings == 0 ? 2e-3 : 1e-3
    return plan
  }

  mutating func prepare() async throws {
    for settings in 0..<2 {
      let whole = "\(folder)/whole\(settings)"
      _ = try await plan(settings, in: whole).run()
      references.append(try RunFiles(whole))
    }
  }

  /// Does one command; gives what does not hold.
  mutating func step() async throws -> [String] {
    let slot = Int.random(in: 0..<slots.count, using: &generator)
    let other = (slot + Int.random(in: 1..<slots.count, using: &generator)) % slots.count
    let files = FileManager.default
    switch Int.random(in: 0..<12, using: &generator) {
    case 0, 1: return await begin(slot)
    case 2, 3, 4, 5: return await resume(slot)
    case 6: return await evaluate(slot)
    case 7 where slots[other].settings == nil && slots[slot].settings != nil:
      history.append("move \(slot) to \(other)")
      try? files.removeItem(atPath: path(other))
      try files.moveItem(atPath: path(slot), toPath: path(other))
      (slots[other], slots[slot]) = (slots[slot], Slot())
    case 8 where slots[other].settings == nil && slots[slot].settings != nil:
      history.append("copy \(slot) to \(other)")
      try? files.removeItem(atPath: path(other))
      try files.copyItem(atPath: path(slot), toPath: path(other))
      slots[other] = slots[slot]
    case 9:
      history.append("remove \(slot)")
      try? files.removeItem(atPath: path(slot))
      slots[slot] = Slot()
    case 10:
      history.append("move the images")
      try files.moveItem(atPath: places[place], toPath: places[1 - place])
      place = 1 - place
    default: try damage(slot)
    }
    return []
  }

  /// Removes or changes a file.
  private mutating func damage(_ slot: Int) throws {
    guard slots[slot].settings != nil else { return }
    let checkpoints = path(slot) + "/checkpoints"
    let states = ((try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? [])
      .filter { $0.hasPrefix("state-") }.sorted()
    switch Int.random(in: 0..<4, using: &generator) {
    case 0:
      history.append("remove the states of \(slot)")
      for name in states { try FileManager.default.removeItem(atPath: "\(checkpoints)/\(name)") }
    case 1 where states.count > 1:
      history.append("cut the newest state of \(slot)")
      let file = URL(fileURLWithPath: "\(checkpoints)/\(states[states.count - 1])")
      try Data(contentsOf: file).dropLast(9).write(to: file)
    case 2 where slots[slot].isFinished && slots[slot].hasCheckpoint:
      history.append("remove the checkpoint of \(slot)")
      try FileManager.default.removeItem(atPath: checkpoints + "/best.safetensors")
      slots[slot].hasCheckpoint = false
    case 3 where slots[slot].isNamed:
      history.append("remove config.json of \(slot)")
      try FileManager.default.removeItem(atPath: path(slot) + "/config.json")
      slots[slot].isNamed = false
    default: break
    }
  }

  /// What work ended with: nothing for the whole of it.
  private func outcome(
    stop: Int?, _ work: @escaping @Sendable (StepWatcher) async throws -> RunResult
  ) async -> (any Error)? {
    let handle = Mutex<Task<RunResult, any Error>?>(nil)
    let (go, start) = AsyncStream.makeStream(of: Void.self)
    let watcher = StepWatcher { stage, done in
      if stage.hasPrefix("train"), done == stop { handle.withLock { $0?.cancel() } }
    }
    let task = Task {
      for await _ in go { break }
      return try await work(watcher)
    }
    handle.withLock { $0 = task }
    start.yield()
    do {
      _ = try await task.value
      return nil
    } catch {
      return error
    }
  }

  private mutating func begin(_ slot: Int) async -> [String] {
    let settings = Int.random(in: 0..<2, using: &generator)
    let stop = Bool.random(using: &generator) ? Int.random(in: 1..<6, using: &generator) : nil
    history.append("run \(settings) in \(slot)\(stop.map { " until \($0)" } ?? "")")
    let plan = plan(settings, in: path(slot))
    let error = await outcome(stop: stop) { try await plan.run($0) }
    guard slots[slot].settings == nil else {
      guard case .occupied = error as? RunFolderError else {
        return ["not refused but \(String(describing: error))"]
      }
      return []
    }
    slots[slot] = Slot(settings: settings, data: place)
    return ended(slot, error, stop)
  }

  private mutating func resume(_ slot: Int) async -> [String] {
    let known = slots[slot]
    let isChanged = Int.random(in: 0..<4, using: &generator) == 0
    let isPointed = Bool.random(using: &generator)
    let stop = Bool.random(using: &generator) ? Int.random(in: 1..<6, using: &generator) : nil
    history.append(
      "resume \(slot)\(isChanged ? " changed" : "")\(isPointed ? " pointed" : "")\(stop.map { " until \($0)" } ?? "")"
    )
    let path = path(slot)
    let images = isPointed ? DataPlace(data: DataFolders(places[place])) : DataPlace()
    let error = await outcome(stop: stop) { watcher in
      try RunFolder.requireRun(path)
      var plan = try RecordedRun(path, imagesAt: images).plan
      plan.output = path
      if isChanged { plan.clip = 3 }
      return try await plan.resume(watcher)
    }
    guard known.settings != nil, known.isNamed else {
      guard case .noRun = error as? RunFolderError else {
        return ["no run, but \(String(describing: error))"]
      }
      return []
    }
    if isChanged, known.isFinished || isPointed || known.data == place {
      return error is ResumeRefusal ? [] : ["changed, but \(String(describing: error))"]
    }
    guard isPointed || known.data == place || known.isFinished else {
      return error is TrainedDataError ? [] : ["without images, but \(String(describing: error))"]
    }
    if !known.isFinished { slots[slot].data = place }
    return known.isFinished ? error.map { ["finished, but \($0)"] } ?? [] : ended(slot, error, stop)
  }

  /// A run that was told to stop either did or was done before.
  private mutating func ended(_ slot: Int, _ error: (any Error)?, _ stop: Int?) -> [String] {
    if let error {
      return error is RunInterruption && stop != nil ? [] : ["ended with \(error)"]
    }
    slots[slot].isFinished = true
    guard let settings = slots[slot].settings else { return [] }
    do {
      // The result names the path of the images.
      return try RunFiles(path(slot)).differences(from: references[settings])
        .filter { $0 != "results.json" || place == 0 }
    } catch {
      return ["\(error)"]
    }
  }

  private mutating func evaluate(_ slot: Int) async -> [String] {
    let known = slots[slot]
    history.append("evaluate \(slot)")
    let (run, study) = (path(slot), "\(folder)/study")
    let images = DataPlace(data: DataFolders(places[place]))
    defer { try? FileManager.default.removeItem(atPath: study) }
    var settings = StudySettings()
    (settings.suite, settings.probeEpisodes, settings.attribution) = (.speed, 2, .none)
    let wanted = settings
    var results: [Data] = []
    for _ in 0..<2 {
      do {
        let trained = try TrainedRun.all(in: run, imagesAt: images, families: FamilyRegistry.families)
        let found = try await Study(of: trained, settings: wanted, progress: SilentProgress())
          .evaluate(as: .evaluation, below: study, command: "again")
        results.append(try found.result.json())
      } catch {
        guard known.settings != nil, known.isNamed else {
          return error is ConfigurationFileError ? [] : ["no run, but \(error)"]
        }
        guard known.isFinished else {
          return "\(error)".contains("fewshot run --resume") ? [] : ["unfinished, but \(error)"]
        }
        guard !known.hasCheckpoint, case StoredResultError.noCheckpoint = error else { return ["\(error)"] }
        return []
      }
    }
    guard known.settings != nil, known.isNamed, known.isFinished, known.hasCheckpoint else {
      return ["evaluated what cannot be"]
    }
    return results[0] == results[1] ? [] : ["another result the second time"]
  }
}

/// Random numbers that are the same everywhere.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
