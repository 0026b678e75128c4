internal import Files
internal import Foundation
internal import Results

/// All that a report is made of: what one folder holds, and nothing else.
struct ReportSource {
  let result: RunResult
  /// The lists of test episodes beside it, each with its SHA-256.
  let episodeLists: [(name: String, hash: String)]
  /// The picture of one test episode; nil where there is none.
  let episodeSheet: [UInt8]?
  /// One curve per arm, in their order.
  let curves: [ArmCurve]
  /// How training went; empty where the folder is neither that of a run nor that of an ablation with its cells.
  let training: [TrainingCurve]

  init(folder: String) throws(StoredResultError) {
    self.init(try RunResult(folder: folder), folder: folder)
  }

  /// The source around a result that is already read.
  init(_ result: RunResult, folder: String) {
    self.result = result
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/episodes")) ?? []
    episodeLists = names.filter { $0.hasSuffix(".jsonl") && $0 != "validation.jsonl" }.sorted()
      .compactMap { name in
        (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/episodes/\(name)")))
          .map { (name, ContentHash.sha256(Array($0))) }
      }
    episodeSheet = (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(RunFolder.episodeSheet)"))).map(
      Array.init)
    curves = ArmCurve.all(of: result, folder: folder)
    training =
      result.kind == .ablation
      ? TrainingCurve.means(of: result, in: folder) : TrainingCurve.all(in: folder)
  }
}
