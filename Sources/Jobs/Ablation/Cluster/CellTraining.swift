package import Files
internal import Foundation
internal import Images
package import Networks
internal import Results
internal import Settings
internal import Training

/// One cell of an ablation, trained by this process alone.
///
/// Many such processes may work in one ablation's folder at the same time, on as many machines: each writes below its
/// own cell only, under the cell's lock. The call may be repeated: a cell that was begun goes on, and one that is finished
/// only gives its result.
package struct CellTraining: Sendable {
  private let place: CellPlace
  private let families: [any ConvFamily.Type]

  /// The training of a cell.
  ///
  /// - Parameters:
  ///   - cell: Which.
  ///   - folder: The ablation's folder; made if it is not there.
  ///   - families: All families.
  /// - Throws: ``ConfigurationError`` if its settings contradict each other, or its folder holds a run with others;
  ///   ``RunFolderError`` if the folder holds something else.
  package init(_ cell: Cell, in folder: String, families: [any ConvFamily.Type]) throws {
    place = CellPlace(cell, in: folder)
    self.families = families
    try cell.validate(families: families)
    try refuseOutput(folder, in: try cell.plan().data?.all ?? [])
    try RunFolder.refuseOther(than: .ablation, in: folder)
    var known: [[String: String]: DataIdentity] = [:]
    try place.refuseOther(&known)
  }

  /// The folder of its run.
  package var folder: String { place.folder }

  /// Whether there is nothing left to do.
  package var isFinished: Bool { place.isFinished }

  /// Trains it, goes on with it, or does nothing.
  ///
  /// - Parameters:
  ///   - threads: Workers; nil for all that the process may use.
  ///   - takingOver: Whether its folders are taken from owners nothing is known of; see `FolderLock`.
  ///   - progress: Receives reports on the work.
  /// - Throws: As `Runner.run(progress:)`, and ``RunFolderError`` if another process trains it.
  package func run(threads: Int?, takingOver: Bool, progress: any ProgressReporter) async throws {
    guard !place.isFinished else { return }
    let home = try RunFolder(making: place.home)
    try home.makePart("cells")
    let lock = try place.lock(takingOver: takingOver)
    defer { withExtendedLifetime(lock) {} }
    try place.writeConfiguration(into: home)
    // What goes on has the settings it began with: those for testing may have changed since.
    var plan =
      try place.isBegun
      ? RecordedRun(place.folder).plan
      : Plan.made {
        $0 = try ConfigurationFile(contentsOf: "\(home.path)/\(place.configuration)").applied(to: $0)
      }
    (plan.output, plan.threads) = (place.folder, threads)
    plan.onNonfinite = try place.cell.plan().onNonfinite
    _ = try await Runner(plan: plan, families: families, takingOver: takingOver)
      .resumeOrStart(progress: progress)
  }
}
