internal import Foundation
internal import Kernels
internal import MetaLearning
internal import Networks
internal import ProcessGroups
internal import Results
package import SafeTensors
package import Settings
internal import Tensors

extension TrainingState {
  private static let format = "fewshot-training-state"

  /// The state as tensors and text; numbers keep all their bits.
  ///
  /// - Parameter metadata: Further facts for the header.
  /// - Returns: The content of a file.
  package func file(metadata: [String: String] = [:]) -> SafeTensorsFile {
    var file = SafeTensorsFile(metadata: metadata)
    file.metadata["format"] = Self.format
    file.metadata["arm"] = arm.name
    file.metadata["iteration"] = "\(iteration)"
    file.metadata["validated"] = "\(validated)"
    file.metadata["updates"] = "\(moments.updates)"
    file.metadata["peak_bytes"] = "\(peakBytes)"
    file.metadata["skipped"] = "\(log.sums.skipped)"
    file.metadata["exploded"] = "\(log.sums.exploded)"
    Checkpoint.write(point, of: arm, into: &file, prefix: "point:")
    if let best {
      file.metadata["best_iteration"] = "\(best.iteration)"
      file.put("best_accuracy", [best.accuracy])
      Checkpoint.write(best.point, of: arm, into: &file, prefix: "best:")
    }
    for (name, first, second) in zip3(momentNames, moments.first, moments.second) {
      file["first:" + name] = Tensor(first, shape: [first.count]).entry
      file["second:" + name] = Tensor(second, shape: [second.count]).entry
    }
    supervised?.write(into: &file, momentNames)
    if let origin { file.metadata["start"] = origin.text }
    if let search { file.put("sweep_losses", search.trials.map(\.loss)) }
    let sums = log.sums
    file.put("losses", sums.losses)
    file.put("accuracies", sums.accuracies)
    file.put("norms", sums.norms)
    file.put("regularizers", sums.regularizers)
    file.put("seconds", [sums.trainingSeconds, sums.secondsAtLastRow, log.elapsedSeconds])
    let traffic = sums.traffic
    file.put("traffic", [Double(traffic.exchanges), Double(traffic.bytes), traffic.seconds, traffic.waiting])
    file.put("metrics", log.text)
    file.put("ranks", rankText)
    return file
  }

  /// The state that ``file(metadata:)`` wrote.
  ///
  /// - Parameters:
  ///   - file: What it wrote.
  ///   - arm: The arm as it was declared.
  ///   - plan: The run's plan.
  /// - Throws: `SafeTensorsError` or ``SelfCheckError`` if something is missing or belongs to another arm.
  package init(_ file: SafeTensorsFile, for arm: Arm, _ plan: Plan) throws {
    func number(_ key: String) throws(SelfCheckError) -> Int {
      guard let number = file.metadata[key].flatMap({ Int($0) }), number >= 0 else {
        throw Self.misfit(key, arm)
      }
      return number
    }
    func doubles(_ name: String, count: Int? = nil) throws -> [Double] {
      let found = try file.doubles(name)
      guard count.map({ $0 == found.count }) ?? true else { throw Self.misfit(name, arm) }
      return found
    }
    guard file.metadata["format"] == Self.format, file.metadata["arm"] == arm.name else {
      throw Self.misfit("its name", arm)
    }
    self.init(arm, plan)
    point = try Checkpoint.read(from: file, for: arm, prefix: "point:")
    self.arm = arm.lowered(to: point.initial.layout)
    iteration = try number("iteration")
    validated = try number("validated")
    peakBytes = try number("peak_bytes")
    if file.metadata["best_iteration"] != nil {
      best = Best(
        point: try Checkpoint.read(from: file, for: arm, prefix: "best:"),
        iteration: try number("best_iteration"), accuracy: try doubles("best_accuracy", count: 1)[0])
    }
    origin = try file.metadata["start"].map { try RunResult.Start($0) }
    moments.updates = try number("updates")
    if moments.updates > 0 {
      for (name, tensor) in zip(momentNames, point.tensors) {
        moments.first.append(try doubles("first:" + name, count: tensor.count).map { Scalar($0) })
        moments.second.append(try doubles("second:" + name, count: tensor.count).map { Scalar($0) })
      }
    }
    if plan.learner == .supervised, iteration > 0 {
      supervised = try SupervisedState(file, for: self.arm, plan, momentNames)
    }
    if let fresh = search {
      let losses = try doubles("sweep_losses")
      guard losses.count <= fresh.count else { throw Self.misfit("sweep_losses", arm) }
      search = fresh.continued(with: losses)
    }
    let seconds = try doubles("seconds", count: 3)
    log = TrainingLog(
      arm: arm.name,
      sums: .init(
        losses: try doubles("losses"), accuracies: try doubles("accuracies"), norms: try doubles("norms"),
        regularizers: try doubles("regularizers"), skipped: try number("skipped"),
        // States of earlier versions have none.
        exploded: file.metadata["exploded"] == nil ? 0 : try number("exploded"),
        traffic: file["traffic"] == nil ? Traffic() : try Self.traffic(doubles("traffic", count: 4), arm),
        trainingSeconds: seconds[0], secondsAtLastRow: seconds[1]),
      text: MetricsRow.completed(try file.text("metrics")), elapsedSeconds: seconds[2])
    rankText = try file.text("ranks")
  }

  /// Names for the optimiser's moments, in the order of ``MetaParameters/tensors``.
  private var momentNames: [String] {
    point.initial.layout.entries.map(\.path) + arm.adaptedPaths.map { "rate:" + $0 }
  }

  /// What was exchanged, by its four numbers.
  private static func traffic(_ numbers: [Double], _ arm: Arm) throws(SelfCheckError) -> Traffic {
    guard let exchanges = Int(exactly: numbers[0]), let bytes = Int(exactly: numbers[1]) else {
      throw misfit("traffic", arm)
    }
    return Traffic(exchanges: exchanges, bytes: bytes, seconds: numbers[2], waiting: numbers[3])
  }

  static func misfit(_ what: String, _ arm: Arm) -> SelfCheckError {
    SelfCheckError(
      check: "training state", found: "\(what) is missing or does not fit", expected: "the arm \(arm.name)",
      advice: "Continue with the program and the settings that the run was begun with")
  }
}

/// Three lists side by side, as long as the shortest.
private func zip3<A, B, C>(_ a: [A], _ b: [B], _ c: [C]) -> [(A, B, C)] {
  zip(zip(a, b), c).map { ($0.0, $0.1, $1) }
}

extension SafeTensorsFile {
  fileprivate mutating func put(_ name: String, _ numbers: [Double]) {
    self[name] = Entry(doubles: numbers, shape: [numbers.count])
  }

  fileprivate mutating func put(_ name: String, _ text: String) {
    self[name] = Entry(elementType: .uint8, shape: [text.utf8.count], bytes: Array(text.utf8))
  }

  fileprivate func text(_ name: String) throws -> String {
    String(decoding: try int64s(name).map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
  }
}
