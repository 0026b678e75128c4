internal import Foundation

/// What a batch system says of the job that this process belongs to.
enum BatchJob {
  /// How often Slurm has put the job back into its queue; nil for never, or without Slurm.
  ///
  /// It stands among the facts of the machine, so that no number of a result depends on it.
  static var restarts: Int? {
    ProcessInfo.processInfo.environment["SLURM_RESTART_COUNT"].flatMap { Int($0) }.flatMap {
      $0 > 0 ? $0 : nil
    }
  }

  /// The same for the log.
  static var note: String? {
    restarts.map { "Slurm has restarted this job \($0 == 1 ? "once" : "\($0) times")" }
  }
}
