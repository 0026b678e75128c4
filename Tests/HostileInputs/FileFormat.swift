internal import ConvFamilies
internal import Episodes
internal import Foundation
internal import Images
internal import Jobs
internal import Reports
internal import SafeTensors
internal import Settings
internal import Studies
internal import Training

/// Every kind of file that the program reads: a stranger's, and its own, which a disk or a stranger may have changed.
public enum FileFormat: String, CaseIterable, Sendable {
  /// An image.
  case png
  /// A photograph, where this build has JPEG.
  case jpeg
  /// Labelled arrays of NumPy in a ZIP archive.
  case arrays
  /// Parameters.
  case safetensors
  /// A list of frozen episodes.
  case episodes
  /// A division of classes.
  case split
  /// A list of images with labels.
  case labels
  /// Settings, in YAML or JSON.
  case configuration
  /// The grid of an ablation.
  case grid
  /// What is kept of a training under way, sealed with a checksum.
  case state
  /// Trained parameters and their rates.
  case checkpoint
  /// A learned task that was kept, sealed with a checksum.
  case task
  /// A network of another program, as safetensors.
  case network
  /// What becomes of the tensors of such a network.
  case map
  /// A finished run, as `results.json`, and the pages made of it.
  case result
  /// Finished tasks of an evaluation under way, sealed with a checksum.
  case part
  /// What an evaluation depends on, as `evaluation.json`.
  case evaluation

  /// Those that this build reads.
  public static var readable: [FileFormat] { allCases.filter { $0 != .jpeg || JPEGCodec.isBuiltIn } }

  /// What became of a file.
  public enum Outcome: Equatable, Sendable {
    /// It was read.
    case accepted
    /// It was refused, in these words.
    case refused(String)
  }

  /// Reads bytes as a file of this format.
  ///
  /// What is accepted must be sound: it has the size it says, and reads back from its own writing as the same.
  ///
  /// - Parameter bytes: Any bytes.
  /// - Returns: Whether they were read or refused.
  public func read(_ bytes: [UInt8]) -> Outcome {
    do {
      try check(bytes)
      return .accepted
    } catch {
      return .refused("\(error)")
    }
  }

  private func check(_ bytes: [UInt8]) throws {
    switch self {
    case .png:
      // Small limits, so that time goes into many files and not into few large ones.
      let image = try DecodedPicture(decoding: bytes, limit: ImageLimit(side: 2048, pixels: 40_000))
      precondition(image.rgba.count == image.width * image.height * 4 * image.sampleBits / 8)
      let preparation = ImagePreparation(imageSize: 3)
      precondition(preparation.bytes(of: image).count == preparation.byteCount)
    case .jpeg:
      let image = try DecodedPicture(decoding: bytes, limit: ImageLimit(side: 2048, pixels: 40_000))
      precondition(image.rgba.count == image.width * image.height * 4 * image.sampleBits / 8)
    case .arrays:
      let arrays = try LabelledArrays(parsing: bytes, from: "arrays", limit: 1 << 20)
      precondition(arrays.count > 0)
    case .safetensors:
      let file = try SafeTensorsFile(bytes: bytes)
      let again = try SafeTensorsFile(bytes: file.encoded())
      precondition(again == file)
    case .episodes:
      let list = try EpisodeList(parsing: bytes)
      let again = try EpisodeList(parsing: Array(list.text.utf8))
      precondition(again == list)
    case .split:
      let split = try SplitFile(parsing: bytes, from: "split")
      precondition(!split.classes.isEmpty && split.classes.allSatisfy { !$0.path.isEmpty })
    case .labels:
      let list = try LabelList(parsing: bytes, from: "labels")
      for entry in list.entries {
        // An absolute path is looked for below the folder of images.
        let file = entry.file.hasPrefix("/") ? String(entry.file.dropFirst()) : entry.file
        for path in [file, entry.label] {
          let parts = path.split(separator: "/", omittingEmptySubsequences: false)
          precondition(parts.allSatisfy { !["", ".", ".."].contains($0) } && !path.utf8.contains(0))
        }
      }
    case .configuration:
      guard let text = String(validating: bytes, as: UTF8.self) else { return }
      let plan = try ConfigurationFile(text, from: "plan").applied(to: Plan())
      var expected = plan
      expected.output = nil
      let again = try ConfigurationFile(plan.configurationText(), from: "plan").applied(to: Plan())
      precondition(again == expected)
      try plan.validate(families: FamilyRegistry.families)
    case .grid:
      guard let text = String(validating: bytes, as: UTF8.self) else { return }
      let grid = try Grid(text, from: "grid")
      let count = grid.axes.reduce(1) { $0 * $1.points.count }
      // The names of many cells cost time and show no more.
      guard count <= 12 else { return }
      let names = grid.cells(families: FamilyRegistry.families).map(\.name)
      precondition(names.count == count && names.allSatisfy { !$0.contains("/") })
    case .state: try Trained.checkState(bytes)
    case .checkpoint: try Trained.checkPoint(bytes)
    case .task: try Trained.checkTask(bytes)
    case .network: try ForeignNetwork.check(bytes)
    case .map: try ForeignNetwork.checkMap(bytes)
    case .result: try ResultFile.check(bytes)
    case .part:
      let part = try EvaluationPart(bytes)
      let again = try EvaluationPart(part.encoded)
      precondition(again == part)
    case .evaluation:
      let identity = try StudyIdentity(Data(bytes))
      let again = try StudyIdentity(Data(identity.text.utf8))
      precondition(again == identity && again.differences(from: identity).isEmpty)
      // What a stranger wrote is shown where it differs.
      let shown = try Self.otherIdentity.differences(from: identity).joined()
      precondition(!shown.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }
  }

  private static var otherIdentity: StudyIdentity {
    get throws { try StudyIdentity(Data(#"{"facts":{"suite":"all"},"made_by":{"command":""}}"#.utf8)) }
  }

  /// Whether a checksum in the file would catch nearly every damage.
  public var hasChecksums: Bool { [.png, .arrays, .state, .checkpoint, .task, .part].contains(self) }

  /// The file with its checksums right, so that a changed one gets past the first check; nil where there are none.
  public func repaired(_ bytes: [UInt8]) -> [UInt8]? {
    switch self {
    case .png: PNGChunks.repaired(bytes)
    case .state, .checkpoint, .task, .part: (try? SafeTensorsFile(bytes: bytes)).map(SealedFile.encode)
    default: nil
    }
  }
}
