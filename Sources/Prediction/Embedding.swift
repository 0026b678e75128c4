internal import Episodes
package import Files
internal import Formats
package import Foundation
package import Images
package import Kernels
internal import MetaLearning
internal import Networks
internal import Results
internal import SafeTensors
package import Settings
package import Studies
internal import Tensors
internal import Training

/// The features that a trained network makes of pictures: what every head compares.
package struct Embedding: Sendable {
  /// The pictures, in the order of the rows.
  package let items: [PictureList.Item]
  /// Features, row after row, `[N, D]`.
  package let features: [Scalar]
  /// Length D of a row.
  package let width: Int
  /// By what the network normalised, in a few words.
  package let normalisation: String
  /// What a user should know, a sentence each.
  package let notes: [String]
  private let origin: [String: String]

  /// Pictures of one pass; the same for any number of workers, so that the bytes are too.
  private static let chunk = 64
  /// Pictures whose statistics a network without running ones normalises by.
  private static let sample = 256

  /// Passes pictures through a network.
  ///
  /// A network without running statistics normalises by those of the pictures, or of 256 spread over them: then every
  /// picture is judged alone, and by the same numbers.
  ///
  /// - Parameters:
  ///   - run: The network.
  ///   - list: The pictures.
  ///   - plan: How pictures are prepared, with how many workers, and whether bad ones are left out.
  ///   - progress: Receives reports on the work.
  /// - Throws: `DatasetError` if a picture cannot be used; ``ConfigurationError`` if there is none;
  ///   ``SelfCheckError`` if a feature is not finite; `CancellationError` if the work is interrupted.
  package init(
    _ run: TrainedRun, of list: PictureList, _ plan: Plan, progress: any ProgressReporter
  ) async throws {
    var skipped: [BadImage]? = plan.skipUnreadable ? [] : nil
    let network = run.arm.network
    let parameters = run.point.initial.detached
    let preparation = plan.preparation
    var source = StatisticsSource.batch
    if network.hasRunningStatistics {
      normalisation = "running statistics of the network"
    } else {
      let count = min(Self.sample, list.items.count)
      let places = Set((0..<count).map { $0 * list.items.count / count })
      let chosen = Set(places.map { list.items[$0].path })
      let some = list.keeping { chosen.contains($0.path) }
      var passed: [BadImage]? = plan.skipUnreadable ? [] : nil
      let pictures = try some.prepared(
        some.items.indices, preparation, threads: plan.workers, leavingOut: &passed)
      normalisation =
        count == list.items.count
        ? "statistics of these pictures" : "statistics of \(pictures.count) of these pictures"
      if !pictures.isEmpty {
        source = .given(
          try await mapOnWorkers(1, workers: plan.workers) { _ in
            network.statistics(of: Answers.images(pictures[...], preparation), parameters)
          }[0])
      }
    }
    let statistics = source
    var (items, features): ([PictureList.Item], [Scalar]) = ([], [])
    let size = Self.chunk * plan.workers
    for start in stride(from: 0, to: list.items.count, by: size) {
      try Task.checkCancellation()
      let end = min(start + size, list.items.count)
      let parts = stride(from: start, to: end, by: Self.chunk).map { $0..<min($0 + Self.chunk, end) }
      var pictures: [[PreparedPicture]] = []
      for part in parts {
        pictures.append(
          try list.prepared(part, preparation, threads: plan.workers, leavingOut: &skipped))
      }
      let whole = pictures.filter { !$0.isEmpty }
      let found = try await mapOnWorkers(whole.count, workers: plan.workers) { i in
        network.features(
          Answers.images(whole[i][...], preparation), parameters, statistics: statistics
        ).scalars
      }
      items += whole.joined().map(\.item)
      features += found.joined()
      if list.items.count > size {
        progress.update(stage: "embed", done: end, total: list.items.count, detail: "")
      }
    }
    guard !items.isEmpty else {
      throw ConfigurationError(
        field: "images", value: "", reason: "there is no .png picture that can be read",
        remedy: "Name a folder that holds some")
    }
    let width = network.backbone.features
    guard let bad = features.firstIndex(where: { !$0.isFinite }) else {
      self.width = width
      (self.items, self.features) = (items, features)
      var notes: [String] = []
      if let passedOver = list.passedOver { notes.append("images: \(passedOver)") }
      if let skipped, let first = skipped.first {
        notes.append("images: left out \(skipped.count) unreadable pictures, such as \(first)")
      }
      self.notes = notes
      origin = ["checkpoint": try run.checkpointHash(), "arm": run.arm.name, "version": Version.current]
      return
    }
    throw SelfCheckError(
      check: "finite numbers", found: "features of \(items[bad / width].path) that are not finite",
      expected: "finite features", advice: "Use a run whose training did not diverge")
  }
}

extension Embedding {
  /// The classes that pictures lie in, sorted by their bytes.
  package var classes: [String] { Set(items.compactMap(\.className)).sorted(by: bytewise) }

  /// `features [N, D]` and, where there are class folders, `labels [N]`; −1 for a picture in none.
  ///
  /// The metadata lists `files` and `classes` as JSON, and says where the numbers come from.
  package var tensors: Data {
    func names(_ list: [String]) -> String { JSONValue.list(list.map { .text($0) }).line }
    var file = SafeTensorsFile(
      metadata: origin.merging([
        "format": "fewshot-features", "normalisation": normalisation, "files": names(items.map(\.name)),
        "classes": names(classes),
      ]) { $1 })
    file["features"] = Tensor(features, shape: [items.count, width]).entry
    let positions = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    if !positions.isEmpty {
      let labels = items.map { item in item.className.flatMap { positions[$0] } ?? -1 }
      file["labels"] = .init(int64s: labels.map { Int64($0) }, shape: [labels.count])
    }
    return Data(file.encoded())
  }

  /// One line a picture: `file`, `class`, and its features `f0`, `f1`, ….
  package var csv: String {
    var text = CSV.line(["file", "class"] + (0..<width).map { "f\($0)" })
    for (i, item) in items.enumerated() {
      let cells: [any CustomStringConvertible] =
        [item.name, item.className ?? ""]
        + features[(i * width)..<((i + 1) * width)].map { $0 as any CustomStringConvertible }
      text += CSV.line(cells)
    }
    return text
  }
}
