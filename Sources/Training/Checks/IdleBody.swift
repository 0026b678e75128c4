internal import Foundation
internal import MetaLearning
internal import Statistics

/// A body that takes no part in adaptation: on validation episodes the head alone does as well as everything.
///
/// Such a run learns its tasks as ANIL does, whatever its arm is called. That is no error, but nobody should wait for
/// the report to be told.
package struct IdleBody {
  /// Validation episodes used.
  static let episodes = 40

  /// Mean accuracy with everything adapting, and with the head alone.
  let all: Double
  /// On how many episodes.
  let count: Int
  let head: Double

  /// What validation says; nil where the body may take part, or where nothing was learned yet.
  ///
  /// - Parameters:
  ///   - all: Accuracies with everything adapting, one per episode.
  ///   - head: Accuracies with the head alone, on the same episodes.
  ///   - ways: Classes of an episode; where they vary, the fewest.
  package init?(all: [Double], head: [Double], ways: Int) {
    guard all.count > 1, all.count == head.count else { return nil }
    let (whole, alone) = (Summary(all), Summary(head))
    self.all = whole.mean
    count = all.count
    self.head = alone.mean
    guard let error = whole.standardError, whole.mean > 1 / Double(ways) + 4 * error else { return nil }
    // More than half a point, or a gain that these episodes show, is taking part.
    let gain = PairedComparison(differences: zip(all, head).map { $0 - $1 })
    guard gain.meanDifference < 0.005, !(gain.p < 0.05 && gain.meanDifference > 0) else { return nil }
  }

  /// The warning.
  func text(_ arm: String, _ roles: String, after updates: Int) -> String {
    func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
    return
      "\(arm): after update \(updates) the \(roles) add nothing to the head: on \(count) validation episodes the "
      + "head alone reaches \(percent(head)), everything \(percent(all)). To see what the \(roles) can do, freeze the head: "
      + "--head frozen"
  }
}
