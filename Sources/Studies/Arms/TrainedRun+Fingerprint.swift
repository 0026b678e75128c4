internal import Files
internal import Foundation
internal import Settings
internal import Training

extension TrainedRun {
  /// A hash of all that its numbers depend on: parameters and rates with all their bits, ranks, and how it learns.
  var fingerprint: String {
    let elsewhere = ["on-nonfinite", "memory"]
    let settings = plan.trainingSettings.filter { !elsewhere.contains($0.key) }.sorted { $0.key < $1.key }
    let text = settings.map { "\($0.key)=\($0.value)\n" }.joined()
    return ContentHash.sha256(Array(text.utf8) + [UInt8](Checkpoint.encode(point, of: arm)))
  }
}
