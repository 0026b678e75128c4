/// Why processes cannot go on together.
public enum GroupError: Error, Hashable, CustomStringConvertible {
  /// One failed at its own share of the work.
  case failed(process: String, status: Int32, message: String)
  /// One gives no sign of life.
  case lost(process: String, seconds: Int)
  /// They are not the same program on the same settings and images.
  case unequal(what: String, values: [String], status: Int32)
  /// They came to different steps of the work.
  case outOfStep(steps: [String])
  /// Bytes of another process make no sense.
  case malformed(what: String)
  /// The library for messages failed.
  case library(call: String, reason: String)
  /// The launcher started processes that do not know of each other.
  case singletons(expected: Int, launcher: String)
  /// The program cannot take part, since it was built without the library.
  case notBuilt(expected: Int, launcher: String)

  /// The exit status by sysexits.
  public var status: Int32 {
    switch self {
    case .failed(_, let status, _), .unequal(_, _, let status): status
    case .lost, .library: 74
    case .outOfStep, .malformed: 70
    case .singletons, .notBuilt: 64
    }
  }

  /// What, where, why and what to do.
  public var description: String {
    switch self {
    case .failed(let process, _, let message): "\(process): \(message)"
    case .lost(let process, let seconds):
      "\(process) has given no sign of life for \(seconds) seconds: it was killed, or the network is cut.\n"
        + "Nothing that was saved is lost. Continue with any number of processes."
    case .unequal(let what, let values, _):
      "the processes differ in \(what): \(values.joined(separator: "; ")).\n"
        + "Start the same program with the same settings, images and kind of processor everywhere."
    case .outOfStep(let steps):
      "the processes came to different steps of the work: \(steps.joined(separator: "; ")).\n"
        + "This is an error of the program; please report it. One process does the same work."
    case .malformed(let what): "another process sent bytes that make no sense (\(what)). Start again."
    case .library(let call, let reason):
      "\(call) failed: \(reason).\nNothing that was saved is lost. Continue with any number of processes."
    case .singletons(let expected, let launcher):
      "\(launcher) started \(expected) processes, but they do not know of each other, and each would do all the work.\n"
        + "Start them with mpirun, or with: srun --mpi=pmix."
    case .notBuilt(let expected, let launcher):
      "\(launcher) started \(expected) processes, but this program was built without MPI, and each would do all the "
        + "work.\nBuild it with: swift build -c release --traits MPI, or start one process."
    }
  }
}
