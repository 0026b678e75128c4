internal import Episodes
internal import Figures
package import Files
internal import Formats
internal import Networks
package import Foundation
internal import Images
package import Settings
internal import Studies
internal import Training

/// A test episode of a finished run with what the network told of its query pictures, from the run's own files.
package struct AnsweredEpisode {
  /// The arm that answered.
  package let arm: String
  /// How many query pictures were answered, and how many of them rightly.
  package let (asked, right): (Int, Int)

  private let sheet: EpisodeSheet

  /// Reads an episode and its answers; only its own pictures are read.
  ///
  /// - Parameters:
  ///   - number: The `index` of the episode in the run's `episodes/test.jsonl`.
  ///   - run: The run's folder.
  ///   - arm: Whose answers; nil for the first in the file.
  ///   - place: Where the run's images are now, if it is said.
  ///   - progress: Receives reports on the work.
  /// - Throws: ``ConfigurationError`` if the run has no such episode or arm, or errors of reading.
  package init(
    _ number: Int, of run: String, arm: String?, imagesAt place: DataPlace, progress: any ProgressReporter
  ) throws {
    let recorded = try RecordedRun(run, imagesAt: place)
    let list = try EpisodeList(contentsOf: "\(run)/episodes/test.jsonl")
    guard let description = list.episodes.first(where: { $0.index == number }) else {
      throw ConfigurationError(
        field: "episode", value: String(number),
        reason: "\(run) has the test episodes 0 to \(list.episodes.count - 1)",
        remedy: "Name one of them")
    }
    let plan = recorded.resolved
    let wanted = Set(description.support.joined()).union(description.query.joined())
    let index = try plan.index(progress: progress)
    let store = try ImageStore(
      index.keeping(wanted), preparation: plan.preparation, threads: plan.workers)
    let episode = try store.episode(description)
    let (found, answers) = try Self.answers(number, of: run, arm: arm)
    self.arm = found
    asked = answers.count
    right = zip(description.classes, description.query).reduce(0) { sum, item in
      sum + item.1.count { answers[$0]?.className == item.0 }
    }
    sheet = EpisodeSheet(
      episode, title: "Test episode \(number) as \(found) answered it: \(right) of \(asked) right",
      answers: answers)
  }

  /// The bytes of a PNG file.
  ///
  /// - Throws: ``FigureError`` if it cannot be drawn.
  package func png() throws -> Data { try sheet.png() }

  /// The rows of `eval/predictions.csv` for an episode.
  private static func answers(
    _ number: Int, of run: String, arm: String?
  ) throws -> (arm: String, answers: [String: EpisodeSheet.Answer]) {
    let path = "\(run)/eval/predictions.csv"
    func fault(_ reason: String, _ remedy: String) -> ConfigurationError {
      ConfigurationError(field: "run", value: run, reason: reason, remedy: remedy)
    }
    let table: CSVTable
    do {
      table = try CSVTable(contents(ofFile: path))
    } catch {
      throw fault("\(path) cannot be read: \(error)", "Name a finished run")
    }
    let names = ["arm", "episode", "image", "predicted", "probability"]
    let places = names.compactMap { table.header.firstIndex(of: $0) }
    guard places.count == names.count else {
      throw fault("\(path) has no columns \(names.joined(separator: ", "))", "Name a run of this version")
    }
    let arms = Set(table.rows.map { $0.fields[places[0]] })
    let chosen = arm ?? table.rows.first?.fields[places[0]]
    guard let chosen, arms.contains(chosen) else {
      throw ConfigurationError(
        field: "arm", value: arm ?? "", reason: "\(path) has \(arms.sorted().joined(separator: ", "))",
        remedy: "Name one of them")
    }
    var answers: [String: EpisodeSheet.Answer] = [:]
    for row in table.rows where row.fields[places[0]] == chosen && row.fields[places[1]] == String(number) {
      guard let probability = Double(row.fields[places[4]]) else { continue }
      answers[row.fields[places[2]]] = .init(className: row.fields[places[3]], probability: probability)
    }
    return (chosen, answers)
  }
}
