internal import Foundation

/// The addresses that this process may take: `ulimit -v` limits all of them, `ulimit -d` those of data.
///
/// Such a limit counts what is mapped, whether it is used or not, so a process meets it long before its memory is full.
package enum AddressSpace {
  /// A limit as `getrlimit` has it, and what counts against it.
  private struct Limit {
    /// How a shell shows and sets it.
    let command: String
    /// Bytes.
    let bytes: Int
    /// Bytes that are taken.
    let used: Int

    var left: Int { max(0, bytes - used) }
  }

  /// Bytes that may still be mapped; nil without a limit.
  package static var left: Int? { narrowest?.left }

  /// The command that sets the limit to a value that is enough for `bytes` more than now; nil without a limit.
  ///
  /// The C library maps 64 MiB for the allocations of each thread, but less where less is left, so what is taken now is
  /// not all that will be taken under a higher limit.
  ///
  /// - Parameter bytes: What is needed.
  /// - Returns: For example `ulimit -v 700000`.
  package static func command(leaving bytes: Int) -> String? {
    narrowest.map { "\($0.command) \(roundedUp(($0.used + bytes + growth) / 1024 + 1))" }
  }

  /// The limit in force, for example `ulimit -v 400000`; nil without one.
  package static var words: String? { narrowest.map { "\($0.command) \($0.bytes / 1024)" } }

  /// Refuses a limit that leaves hardly anything beyond the program itself: the Swift library and Foundation crash, or
  /// wait for ever, where they get no memory or no thread; and a stack that the first deep call would leave.
  ///
  /// - Throws: `SystemShortage` with the limit that is needed.
  package static func refuseTooLittle() throws(SystemShortage) {
    if let bytes = limit(RLIMIT_STACK), bytes < stack {
      throw SystemShortage(
        "the limit ulimit -s \(bytes / 1024) is too low for the stacks of threads.\n"
          + "Start the program where it is higher: ulimit -s \(stack / 1024), or the usual 8192.")
    }
    guard let left, left < start else { return }
    throw .memory("the program needs at least", start)
  }

  /// What a few threads may take for their allocations under a higher limit.
  private static let growth = 256 << 20

  /// The least stack; the usual one is 8 MiB.
  private static let stack = 512 << 10

  /// What a command takes that computes nothing: threads with their stacks, and what the libraries allocate.
  private static let start = 96 << 20

  /// Whether so many bytes can be mapped now, found by mapping them for a moment.
  ///
  /// Only limits count, and not how much memory there is: most of what is mapped is never used.
  package static func canMap(_ bytes: Int) -> Bool {
    let flags = MAP_PRIVATE | CInt(MAP_ANONYMOUS) | CInt(MAP_NORESERVE)
    let found = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let found, found != MAP_FAILED else { return false }
    munmap(found, bytes)
    return true
  }

  /// The limit that leaves the least.
  private static var narrowest: Limit? {
    let resources = [("ulimit -v", RLIMIT_AS), ("ulimit -d", RLIMIT_DATA)].compactMap { command, resource in
      limit(resource).map { (command, $0) }
    }
    guard !resources.isEmpty else { return nil }
    let used = pages()
    return resources.map { command, bytes in
      Limit(command: command, bytes: bytes, used: command == "ulimit -v" ? used.all : used.data)
    }.min { $0.left < $1.left }
  }

  private static func limit(_ resource: __rlimit_resource) -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else {
      return nil
    }
    return Int(clamping: limit.rlim_cur)
  }

  /// Bytes of all addresses and of those of data, as Linux reports them; 0 where it does not.
  private static func pages() -> (all: Int, data: Int) {
    // By hand and without allocating: this is asked when memory is short.
    let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return (0, 0) }
    defer { close(file) }
    var numbers = (0, 0, 0, 0, 0, 0, 0)
    withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
      let count = read(file, buffer.baseAddress, 255)
      guard count > 0, let text = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
      text[count] = 0
      withUnsafeMutableBytes(of: &numbers) { raw in
        let numbers = raw.bindMemory(to: Int.self)
        var rest: UnsafeMutablePointer<CChar>? = text
        for i in numbers.indices {
          guard let start = rest else { return }
          numbers[i] = strtol(start, &rest, 10)
        }
      }
    }
    let page = Int(getpagesize())
    return (numbers.0 * page, numbers.5 * page)
  }

  /// Two digits that matter are enough for a limit that somebody types.
  private static func roundedUp(_ kibibytes: Int) -> Int { (kibibytes + 9_999) / 10_000 * 10_000 }
}
