internal import Foundation
internal import MetaLearning
internal import SafeTensors
internal import Synchronization

/// Keeps the adaptation curves of an evaluation that is under way, so that a kill costs no more of it than of training.
///
/// A file that is damaged or another run's is passed over: all that is in it can be computed again.
final class EvaluationStore: Sendable {
  private struct State {
    var curves: [Int: [CurvePoint]] = [:]
    var savedAt = ContinuousClock.now
  }

  private let folder: RunFolder
  private let name: String
  private let metadata: [String: String]
  private let pause: Duration
  private let state: Mutex<State>

  /// The numbers of a point of a curve, in the order of the file.
  private static let width = 6

  /// Takes what an earlier process left.
  ///
  /// - Parameters:
  ///   - folder: The run's folder.
  ///   - place: The arm's folder below it.
  ///   - identity: What the numbers depend on.
  ///   - iteration: Updates made at the evaluated point.
  ///   - minutes: Most minutes between two saves.
  init(_ folder: RunFolder, _ place: String, _ identity: RunIdentity, iteration: Int, minutes: Double) {
    self.folder = folder
    name = "\(place)/evaluation.safetensors"
    metadata = ["run": identity.text, "iteration": "\(iteration)"]
    pause = .seconds(60 * minutes)
    var found = State()
    if let bytes = try? folder.read(name), let file = try? SealedFile.decode([UInt8](bytes)),
      metadata.allSatisfy({ file.metadata[$0] == $1 })
    {
      found.curves = Self.curves(file)
    }
    state = Mutex(found)
  }

  /// The curve of an episode that was already evaluated.
  func curve(of episode: Int) -> [CurvePoint]? { state.withLock { $0.curves[episode] } }

  /// Keeps a curve, and saves all of them if it is time to.
  ///
  /// - Throws: ``RunFolderError`` if they cannot be written.
  func add(_ curve: [CurvePoint], of episode: Int) throws {
    try state.withLock { state in
      state.curves[episode] = curve
      guard state.savedAt.duration(to: .now) >= pause else { return }
      try save(&state)
    }
  }

  /// Saves all curves, if there are any.
  ///
  /// - Throws: ``RunFolderError`` if they cannot be written.
  func save() throws { try state.withLock { try save(&$0) } }

  /// Removes the file, for a run that is finished.
  static func clear(_ folder: RunFolder, _ place: String) throws {
    try folder.remove("\(place)/evaluation.safetensors")
  }

  private func save(_ state: inout State) throws {
    guard let length = state.curves.values.first?.count else { return }
    let episodes = state.curves.keys.sorted()
    var file = SafeTensorsFile(metadata: metadata)
    file["episodes"] = .init(int64s: episodes.map { Int64($0) }, shape: [episodes.count])
    let numbers = episodes.flatMap { (state.curves[$0] ?? []).flatMap(Self.numbers) }
    file["curves"] = .init(doubles: numbers, shape: [episodes.count, length, Self.width])
    try folder.write(Data(SealedFile.encode(file)), to: name)
    state.savedAt = .now
  }

  private static func numbers(_ point: CurvePoint) -> [Double] {
    [
      Double(point.step), point.supportLoss, point.supportAccuracy, point.queryLoss, point.queryAccuracy,
      point.milliseconds,
    ]
  }

  private static func curves(_ file: SafeTensorsFile) -> [Int: [CurvePoint]] {
    guard let shape = file["curves"]?.shape, shape.count == 3, shape[2] == width,
      let episodes = try? file.int64s("episodes"), episodes.count == shape[0],
      let numbers = try? file.doubles("curves")
    else { return [:] }
    var curves: [Int: [CurvePoint]] = [:]
    for (i, episode) in episodes.enumerated() {
      curves[Int(episode)] = (0..<shape[1]).map { j in
        let n = numbers[((i * shape[1] + j) * width)...].prefix(width).map { $0 }
        return CurvePoint(
          step: j, supportLoss: n[1], supportAccuracy: n[2], queryLoss: n[3], queryAccuracy: n[4],
          milliseconds: n[5])
      }
    }
    return curves
  }
}
