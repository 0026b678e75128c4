internal import Episodes
internal import Experiments
internal import Foundation

/// All that a report is made of: what one folder holds, and nothing else.
struct ReportSource {
  let result: RunResult
  /// What an earlier version did not write.
  let gaps: [String]
  /// The lists of test episodes beside it, each with its SHA-256.
  let episodeLists: [(name: String, hash: String)]
  /// One curve per arm, in their order.
  let curves: [AdaptationCurve]

  init(folder: String) throws(StoredResultError) {
    let stored = try StoredResult(folder: folder)
    result = stored.result
    gaps = stored.gaps
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/episodes")) ?? []
    episodeLists = names.filter { $0.hasSuffix(".jsonl") && $0 != "validation.jsonl" }.sorted()
      .compactMap { name in
        (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/episodes/\(name)")))
          .map { (name, ContentHash.sha256(Array($0))) }
      }
    curves = AdaptationCurve.all(of: stored.result, folder: folder)
  }
}
