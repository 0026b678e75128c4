package import Files
internal import Formats
internal import Foundation
package import Networks
package import Results
package import Settings
package import Studies

/// A grid in its folder: which cells are wanted, by what numbers, and what comes next.
///
/// Without a plan for seeds all cells of the grid are wanted at once. With one there are rounds: after each look at the
/// results more seeds may be wanted.
package struct GridWork: Sendable {
  /// The grid.
  package let grid: Grid
  /// When more seeds are wanted; nil where the grid says which there are.
  package let seedPlan: SeedPlan?
  /// The ablation's folder.
  package let folder: String
  private let families: [any ConvFamily.Type]

  /// The work on a grid.
  ///
  /// - Parameters:
  ///   - grid: The grid.
  ///   - seedPlan: When more seeds are wanted.
  ///   - folder: The ablation's folder.
  ///   - families: All families.
  package init(_ grid: Grid, seedPlan: SeedPlan? = nil, in folder: String, families: [any ConvFamily.Type]) {
    self.grid = grid
    self.seedPlan = seedPlan
    self.folder = folder
    self.families = families
  }

  /// A cell with its number.
  package struct Numbered: Sendable {
    /// Its place in the list, from 0; no other cell ever gets it, however many seeds are added.
    package let index: Int
    /// The cell.
    package let cell: Cell
    /// Its seed.
    package let seed: UInt64
    /// Where its run is.
    package let place: CellPlace
  }

  /// The cells that are wanted now, in the order of their numbers.
  package var wanted: [Numbered] { numbered(throughSeeds: seedPlan.map { max(begun($0), asked(by: $0)) }) }

  /// Every cell that may ever be wanted, in the order of their numbers.
  package var all: [Numbered] { numbered(throughSeeds: seedPlan?.looks.last) }

  /// The cells as the report has them, for so many seeds.
  func cells(ofSeeds count: Int?) -> [Cell] { grid.withSeeds(count ?? 0).cells(families: families) }

  /// The cells of the pilot, then those that each look adds.
  private func numbered(throughSeeds limit: Int?) -> [Numbered] {
    var found: [Cell] = []
    var known: Set<String> = []
    for count in seedPlan?.looks.filter({ $0 <= limit ?? 0 }) ?? [0] {
      found += cells(ofSeeds: count).filter { known.insert($0.name).inserted }
    }
    return found.enumerated().map { index, cell in
      Numbered(
        index: index, cell: cell, seed: (try? cell.plan())?.seed ?? 0, place: CellPlace(cell, in: folder))
    }
  }

  /// The number of seeds to go on with: the last look whose cells are all there, for a look depends on widths alone.
  func begun(_ plan: SeedPlan) -> Int {
    plan.looks.last { count in cells(ofSeeds: count).allSatisfy { CellPlace($0, in: folder).isFinished } }
      ?? plan.looks[0]
  }

  /// The number of seeds that the reports in the folder ask for; 0 where they ask for none.
  private func asked(by plan: SeedPlan) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let folders = [folder] + names.filter { $0.hasPrefix(Ablation.groupPrefix) }.map { "\(folder)/\($0)" }
    let looks = folders.compactMap { (try? RunResult(folder: $0))?.seedLook }
    return looks.filter { $0.looks == plan.looks && $0.wanted == plan.halfWidth }.compactMap(\.next).max()
      ?? 0
  }

  /// How cells are trained on this machine.
  package struct Means: Sendable {
    /// The program that trains a cell when called with `run`.
    let executable: String
    /// How many cells run at once.
    let jobs: Int
    /// Workers of each.
    let threads: Int

    /// Means from their parts.
    package init(executable: String, jobs: Int, threads: Int) {
      self.executable = executable
      self.jobs = jobs
      self.threads = threads
    }
  }

  /// Trains what is not trained yet on this machine, and evaluates all, round after round.
  ///
  /// - Parameters:
  ///   - means: How.
  ///   - settings: What is measured.
  ///   - takingOver: Whether folders are taken from owners nothing is known of.
  ///   - command: The command that repeats it.
  ///   - progress: Receives reports on the work.
  /// - Returns: The outcome of the last round.
  /// - Throws: As ``Ablation``'s own calls.
  package func train(
    by means: Means, settings: StudySettings, takingOver: Bool, command: String,
    progress: any ProgressReporter
  ) async throws -> AblationSummary {
    var count = seedPlan.map(begun)
    while true {
      let ablation = try Ablation(
        cells(ofSeeds: count), in: folder, executable: means.executable, jobs: means.jobs,
        threads: means.threads, takingOver: takingOver, progress: progress)
      let found = try await ablation.evaluate(
        ablation.train(), settings: settings, families: families, seedPlan: seedPlan, command: command)
      tell(found, progress)
      // Where trainings failed the next look may ask for seeds that were tried already.
      guard let current = count, let next = found.looks.compactMap(\.next).max(), next > current else {
        return found
      }
      count = next
    }
  }

  /// Evaluates what is finished, and trains nothing.
  ///
  /// - Returns: The outcome: what is not finished is ``AblationSummary/open``.
  package func collect(
    settings: StudySettings, takingOver: Bool, command: String, progress: any ProgressReporter
  ) async throws -> AblationSummary {
    let ablation = try Ablation(
      cells(ofSeeds: seedPlan.map(begun)), in: folder, takingOver: takingOver, progress: progress)
    let found = try await ablation.evaluate(
      ablation.collected(), settings: settings, families: families, seedPlan: seedPlan, command: command)
    tell(found, progress)
    return found
  }

  /// Says what the looks found.
  private func tell(_ found: AblationSummary, _ progress: any ProgressReporter) {
    for look in found.looks { progress.note(look.words) }
    guard seedPlan != nil, found.looks.isEmpty else { return }
    progress.note(
      "--until: there is no primary difference to look at, or trainings failed; no seeds are added")
  }
}

extension RunResult.SeedLook {
  /// What a look at the seeds found, in a sentence.
  package var words: String {
    func points(_ share: Double) -> String { "±\(TextTable.fixed(100 * share, 2))" }
    let found =
      "\(seeds) seeds: the widest primary interval is \(points(widest)) points, \(points(wanted)) is wanted"
    guard let next else {
      return found
        + (isNarrow
          ? "; that is narrow enough"
          : seeds == looks.last
            ? "; the limit is reached" : "; no number of seeds would do, it takes more episodes")
    }
    let expected =
      expected.map { "it is expected to take \($0) seeds in all" }
      ?? "more than \(looks.last ?? next) seeds are expected to be needed"
    return "\(found); \(expected), the next look is at \(next)"
  }
}
