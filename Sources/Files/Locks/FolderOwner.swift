internal import Formats
internal import Foundation

/// Who works in a folder, as its owner file says: a process by all that tells it from others, on this machine or not.
///
/// The kernel of a machine names each of its starts by a random number, the boot. So no name of a machine and no clock
/// has to be trusted: the same boot is the same machine, and it knows whether the process is there.
package struct FolderOwner: Hashable, Sendable {
  /// The name of the machine, for people.
  package let host: String
  /// The number of the process there.
  package let process: Int
  /// The start of the machine that the process belongs to; nil where the system does not name it.
  let boot: String?
  /// The namespace of process numbers, as of a container.
  let space: String?
  /// When the process started, in ticks since the boot: numbers of processes come again.
  let started: Int?
  /// The number of the locked file: a copied folder has an owner file that is not about it.
  let file: Int?
  /// Seconds between two signs of life.
  let beat: Double
  /// Tells this lock from all others.
  let token: String

  /// The owner that this process is.
  ///
  /// - Parameters:
  ///   - file: The number of the locked file.
  ///   - beat: Seconds between two signs of life.
  init(file: Int, beat: Double) {
    host = ProcessInfo.processInfo.hostName
    process = Int(getpid())
    boot = Self.ownBoot
    space = Self.ownSpace
    started = Self.start(of: process)
    (self.file, self.beat) = (file, beat)
    token = UUID().uuidString
  }

  /// The owner in the text of an owner file.
  ///
  /// A file that is cut short, or is none of this program, names nobody, and nobody can tell that he is gone.
  init(text: String) {
    let content = try? JSONReader.read(Array(text.utf8)[...])
    func number(_ key: String) -> Int? { content?[key]?.double.flatMap { Int(exactly: $0) } }
    // The file is not trusted, and these are shown on a terminal.
    host = printable(content?["host"]?.string ?? "an unknown machine")
    process = number("process") ?? 0
    boot = content?["boot"]?.string
    space = content?["process_space"]?.string
    started = number("process_started")
    file = number("lock_file")
    beat = min(60, max(0.01, content?["beat_seconds"]?.double ?? Self.usualBeat))
    token = content?["token"]?.string ?? ""
  }

  /// Seconds between two signs of life of this program.
  static let usualBeat = 10.0

  /// The content of the owner file.
  var text: String {
    var members: [JSONValue.Member] = [
      .init("host", .text(host)), .init("process", .integer(process)), .init("boot", .optional(boot)),
      .init("process_space", .optional(space)), .init("process_started", .optional(started)),
    ]
    members += [
      .init("lock_file", .optional(file)), .init("beat_seconds", .number(beat)), .init("token", .text(token)),
    ]
    return JSONValue.object(members).withSchema.text + "\n"
  }

  /// Whether its process belongs to this start of this machine.
  var isHere: Bool { boot != nil && boot == Self.ownBoot }

  /// Whether it is this process.
  var isThisProcess: Bool {
    isHere && space == Self.ownSpace && process == Int(getpid()) && started == Self.start(of: process)
  }

  /// What is known of its process.
  ///
  /// - Parameters:
  ///   - file: The number of the locked file.
  ///   - hasLock: Whether the system gave the caller the lock of that file, so that nobody else on this machine has it.
  ///   - isOwnDisk: Whether the folder is on a disk of this machine alone.
  /// - Returns: Whether it is there, gone, or on a machine that cannot be asked.
  func standing(ofLock file: Int, hasLock: Bool, onOwnDisk isOwnDisk: Bool) -> Standing {
    guard isHere else {
      // On a disk that no other machine writes, an earlier start of this machine is over with all its processes.
      let isEarlier = isOwnDisk && hasLock && boot != nil && host == ProcessInfo.processInfo.hostName
      return isEarlier ? .gone : .unknown
    }
    if hasLock, let own = self.file, own != file { return .gone }
    guard space == nil || space == Self.ownSpace else {
      // Its number means nothing here, but it would have the system's lock.
      return hasLock ? .gone : .unknown
    }
    return isRunning ? .there : .gone
  }

  /// What can be told of an owner.
  enum Standing: Equatable {
    /// Its process runs.
    case there
    /// Its process is gone for certain.
    case gone
    /// Nobody here can tell.
    case unknown
  }

  private var isRunning: Bool {
    guard process > 0, kill(pid_t(truncatingIfNeeded: process), 0) == 0 || errno == EPERM else {
      return false
    }
    guard let started, let now = Self.start(of: process) else { return true }
    return started == now
  }

  private static let ownBoot = word(in: "/proc/sys/kernel/random/boot_id")
  private static let ownSpace = try? FileManager.default.destinationOfSymbolicLink(
    atPath: "/proc/self/ns/pid")

  private static func word(in path: String) -> String? {
    (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The 22nd field of `/proc/<process>/stat`; the second one is in brackets and may hold spaces.
  private static func start(of process: Int) -> Int? {
    guard let text = word(in: "/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? Int(fields[19]) : nil
  }
}

extension FolderOwner: CustomStringConvertible {
  /// For example `process 4711 on node3`.
  package var description: String { process > 0 ? "process \(process) on \(host)" : "somebody on \(host)" }
}
