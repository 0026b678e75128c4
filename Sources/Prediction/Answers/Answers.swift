package import Files
package import Images
internal import Kernels
internal import MetaLearning
internal import Networks
package import Settings
package import Studies
internal import Episodes
internal import Tensors
internal import Training

/// What a learned task says of some pictures.
package struct Answers: Sendable {
  /// One picture and the probability of every class.
  package struct Row: Sendable {
    /// The picture.
    package let item: PictureList.Item
    /// One for each class; their sum is 1.
    package let probabilities: [Double]
    /// Its prepared bytes where a sheet is wanted.
    package let bytes: [UInt8]?

    /// The position of the most probable class; the first of equals.
    package var label: Int {
      probabilities.firstIndex { $0 == probabilities.max() } ?? 0
    }
  }

  /// The classes, in the order of the probabilities.
  package let classes: [String]
  /// One row for each picture, in the order of the list.
  package let rows: [Row]
  /// What a user should know, a sentence each.
  package let notes: [String]
  /// Time from prepared pictures to probabilities, milliseconds.
  package let milliseconds: Double

  /// Who is asked, and whether pictures that are asked together have a part in each other's answers.
  package enum Asked: Sendable {
    /// The whole batch at once, with the support beside it, as the evaluation of a run asks.
    case together(LearnedTask)
    /// Each picture by itself.
    case alone(AdaptedTask, of: TrainedRun)
  }

  /// Pictures of one pass where each is judged by itself.
  private static let chunk = 64

  /// Asks.
  ///
  /// - Parameters:
  ///   - asked: Who.
  ///   - list: The pictures.
  ///   - plan: How pictures are prepared, with how many workers, and whether bad ones are left out.
  ///   - known: Keys of the support's pictures by their content, with their paths.
  ///   - keepsBytes: Whether the prepared bytes are kept for a sheet.
  ///   - progress: Receives reports on the work.
  /// - Throws: `DatasetError` if there is no picture or one cannot be used; ``ConfigurationError`` if none is left;
  ///   ``SelfCheckError`` if a score is not finite; `CancellationError` if the work is interrupted.
  package init(
    _ asked: Asked, about list: PictureList, _ plan: Plan, known: [UInt64: String] = [:], keepsBytes: Bool,
    progress: any ProgressReporter
  ) async throws {
    guard !list.items.isEmpty else { throw Self.nothing("there is no .png picture") }
    var skipped: [BadImage]? = plan.skipUnreadable ? [] : nil
    let size: Int
    switch asked {
    case .together: size = list.items.count
    case .alone: size = Self.chunk * plan.workers
    }
    var rows: [Row] = []
    var shared: [(picture: String, support: String)] = []
    var spent = Duration.zero
    let clock = ContinuousClock()
    for start in stride(from: 0, to: list.items.count, by: size) {
      try Task.checkCancellation()
      let range = start..<min(start + size, list.items.count)
      let pictures = try list.prepared(
        range, plan.preparation, threads: plan.workers, leavingOut: &skipped)
      shared += pictures.compactMap { picture in
        known[picture.contentKey].map { (picture.item.path, $0) }
      }
      let begin = clock.now
      let found = try await Self.probabilities(of: pictures, asked, plan)
      spent += clock.now - begin
      for (picture, probabilities) in zip(pictures, found) {
        guard probabilities.allSatisfy(\.isFinite) else {
          throw SelfCheckError(
            check: "finite numbers", found: "scores of \(picture.item.path) that are not finite",
            expected: "a finite score for each class",
            advice: "Take fewer --steps, or another --head")
        }
        rows.append(
          Row(item: picture.item, probabilities: probabilities, bytes: keepsBytes ? picture.bytes : nil))
      }
      if list.items.count > size {
        progress.update(stage: "predict", done: range.upperBound, total: list.items.count, detail: "")
      }
    }
    guard !rows.isEmpty else { throw Self.nothing("none of the pictures can be read") }
    var notes: [String] = []
    if let passedOver = list.passedOver { notes.append("images: \(passedOver)") }
    if let skipped, let first = skipped.first {
      notes.append("images: left out \(skipped.count) unreadable pictures, such as \(first)")
    }
    if let first = shared.first {
      notes.append(
        "\(shared.count) of \(rows.count) pictures \(shared.count == 1 ? "is a support picture" : "are support pictures"), "
          + "such as \(first.picture) = \(first.support): what is said of them is no test")
    }
    switch asked {
    case .together(let learned): classes = learned.support.classes
    case .alone(let task, _): classes = task.classes
    }
    self.rows = rows
    self.notes = notes
    milliseconds = spent / .milliseconds(1)
  }

  private static func nothing(_ reason: String) -> ConfigurationError {
    ConfigurationError(
      field: "images", value: "", reason: reason, remedy: "Name PNG files, or folders that hold some")
  }

  private static func probabilities(
    of pictures: [PreparedPicture], _ asked: Asked, _ plan: Plan
  ) async throws -> [[Double]] {
    guard !pictures.isEmpty else { return [] }
    let preparation = plan.preparation
    switch asked {
    case .together(let learned):
      return try await mapOnWorkers(1, workers: plan.workers) { _ in
        let scores = learned.scores(together: images(pictures[...], preparation))
        return scores.probabilities
      }[0]
    case .alone(let task, let run):
      let parameters = task.parameters(of: run)
      let parts = stride(from: 0, to: pictures.count, by: chunk).map {
        pictures[$0..<min($0 + chunk, pictures.count)]
      }
      return try await mapOnWorkers(parts.count, workers: plan.workers) { i in
        task.scores(of: images(parts[i], preparation), run, parameters).probabilities
      }.flatMap { $0 }
    }
  }

  /// Prepared pictures as a batch `[N, H, W, C]`.
  static func images(_ pictures: ArraySlice<PreparedPicture>, _ preparation: ImagePreparation) -> Tensor {
    let pictures = Array(pictures)
    return Batch(
      LabelledImages(pictures, preparation, labels: pictures.map { _ in 0 }), ways: 1
    ).images
  }
}
