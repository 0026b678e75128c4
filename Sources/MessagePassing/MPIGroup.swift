internal import CMessagePassing
package import Foundation
package import ProcessGroups
internal import Synchronization

/// The processes that mpirun or srun started, by MPI.
///
/// One thread makes all calls, whatever the rest of the process does: it moves bytes, gives a sign of life every few
/// seconds, and looks out for those of the others. So a process that is killed, or cut off, is noticed while all others
/// wait for it.
package final class MPIGroup: ProcessGroup, Sendable {
  /// Whether this program was built with MPI.
  package static var isBuilt: Bool { fs_mpi_is_built() }

  /// The number of this process.
  package let rank: Int
  /// How many there are.
  package let size: Int
  /// How errors are told.
  package let describe: @Sendable (any Error) -> (status: Int32, message: String)
  private let desk: Desk

  /// Joins the other processes.
  ///
  /// - Parameter describe: How errors are told to the others.
  /// - Throws: `GroupError/library(call:reason:)` if the library does not begin.
  package init(
    describe: @escaping @Sendable (any Error) -> (status: Int32, message: String)
  ) throws(GroupError) {
    let desk = Desk()
    let begun = DispatchSemaphore(value: 0)
    let place = Mutex<Result<(rank: Int, size: Int), GroupError>>(.failure(.malformed(what: "no place")))
    let thread = Thread {
      var (rank, size) = (Int32(0), Int32(0))
      let code = fs_mpi_begin(&rank, &size)
      place.withLock {
        $0 =
          code == 0
          ? .success((Int(rank), Int(size)))
          : .failure(.library(call: "MPI_Init", reason: MessageThread.words(code)))
      }
      begun.signal()
      guard code == 0 else { return }
      var service = MessageThread(rank: Int(rank), size: Int(size), desk: desk)
      service.run()
    }
    thread.stackSize = 8 << 20
    thread.start()
    begun.wait()
    let found = try place.withLock { $0 }.get()
    (rank, size, self.describe, self.desk) = (found.rank, found.size, describe, desk)
  }

  /// Gathers the bytes of all processes.
  package func allGather(_ own: [Data]) async throws -> [Data] {
    try await withCheckedThrowingContinuation { desk.give(.init(own: own, reply: $0)) }
  }

  /// Asks all processes to stop.
  package func stop() { desk.stop(asked: true) }

  /// Whether one was asked to.
  package var isStopping: Bool { desk.isStopping }

  /// What this process exchanged.
  package var traffic: Traffic { desk.traffic }

  /// Leaves the library: after the last exchange, or after an error for which the first process has to be waited for.
  ///
  /// - Parameter isWhole: Whether all processes have taken the last step together.
  package func leave(isWhole: Bool) { desk.leave(isWhole: isWhole) }
}
