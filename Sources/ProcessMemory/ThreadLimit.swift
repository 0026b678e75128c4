internal import Foundation

/// How many threads this user may start (`ulimit -u`): with too few the system's libraries wait for ever for theirs.
package enum ThreadLimit {
  /// What a command needs beside its workers.
  private static let needed = 8
  /// Nothing runs on these threads.
  private static let stack = 64 << 10

  /// Refuses a limit under which no command could work, found by starting a few threads for a moment.
  ///
  /// - Throws: `SystemShortage` that names the limit.
  package static func refuseTooFew() throws(SystemShortage) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max,
      limit.rlim_cur < 4096
    else { return }
    let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(gate, nil)
    pthread_mutex_lock(gate)
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    pthread_attr_init(attributes)
    pthread_attr_setstacksize(attributes, stack)
    var threads: [pthread_t] = []
    while threads.count < needed {
      var thread: pthread_t = 0
      let status = pthread_create(
        &thread, attributes,
        { gate in
          guard let gate = gate?.assumingMemoryBound(to: pthread_mutex_t.self) else { return nil }
          pthread_mutex_lock(gate)
          pthread_mutex_unlock(gate)
          return nil
        }, gate)
      guard status == 0 else { break }
      threads.append(thread)
    }
    pthread_mutex_unlock(gate)
    for thread in threads { pthread_join(thread, nil) }
    pthread_attr_destroy(attributes)
    attributes.deallocate()
    pthread_mutex_destroy(gate)
    gate.deallocate()
    guard threads.count == needed else {
      throw SystemShortage(
        "this user may start only \(threads.count) more threads, and a command needs \(needed) beside its workers: the "
          + "limit is ulimit -u \(limit.rlim_cur).\nEnd other programs, or start this one where the limit is higher: "
          + "ulimit -u 4096.")
    }
  }
}
