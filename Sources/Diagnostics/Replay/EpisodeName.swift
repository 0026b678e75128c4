internal import Episodes
package import Images
package import Networks
internal import Settings
internal import Training

/// Which episode of a run is meant: `17` or `train:17`, `validation:17`, `test:17`, and `baseline:test:17` for the test
/// of the arm that the run compares with.
package struct EpisodeName: Hashable, Sendable {
  /// Training, validation or test.
  package let split: Split
  /// The number, from 0.
  package let number: Int
  /// Whether the baseline's test is meant.
  package let isBaseline: Bool

  /// Reads a name.
  ///
  /// - Throws: ``ConfigurationError`` if it is not one.
  package init(_ text: String) throws(ConfigurationError) {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let isBaseline = parts.first == "baseline"
    if isBaseline { parts.removeFirst() }
    let split: Split? = parts.count == 1 ? .train : parts.count == 2 ? Split(rawValue: parts[0]) : nil
    guard let split, let number = parts.last.flatMap({ Int($0) }), number >= 0,
      !isBaseline || split == .test
    else {
      throw Self.error(text, "it does not name an episode")
    }
    (self.split, self.number, self.isBaseline) = (split, number, isBaseline)
  }

  /// The episode in words.
  package var words: String {
    switch split {
    case .train: "training episode \(number)"
    case .validation: "validation episode \(number)"
    case .test: "test episode \(number)"
    }
  }

  /// What it is made of.
  ///
  /// An evaluation may test on more episodes than the run had, so that any number names a test episode.
  ///
  /// - Parameters:
  ///   - data: The run's images.
  ///   - plan: Its plan.
  /// - Returns: The images of the episode.
  /// - Throws: ``ConfigurationError`` if the run has fewer training or validation episodes.
  func description(in data: RunData, of plan: Plan) throws -> EpisodeDescription {
    switch split {
    case .train:
      let count = plan.iterations * plan.metaBatch
      guard number < count else {
        throw error(
          "the run has \(count) training episodes, \(plan.metaBatch) for each of \(plan.iterations) updates")
      }
      return try data.training.episode(number)
    case .test: return try data.testSampler.episode(number)
    case .validation:
      let all = data.validation.episodes
      guard number < all.count else { throw error("the run has \(all.count) episodes of this kind") }
      return all[number]
    }
  }

  /// Why this episode cannot be shown.
  func error(_ reason: String) -> ConfigurationError {
    Self.error((isBaseline ? "baseline:" : "") + "\(split.rawValue):\(number)", reason)
  }

  private static func error(_ text: String, _ reason: String) -> ConfigurationError {
    ConfigurationError(
      field: "replay-episode", value: text, reason: reason,
      remedy: "Use the number that the message names, as in 17, validation:17, test:17 or baseline:test:17")
  }
}
