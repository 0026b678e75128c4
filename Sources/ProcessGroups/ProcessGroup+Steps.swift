public import Foundation

extension ProcessGroup {
  private static var end: String { "end" }

  /// One step of the work that all processes take: each does its share, and gets what all did.
  ///
  /// - Parameters:
  ///   - step: Its name, the same on all processes.
  ///   - share: What this process does.
  /// - Returns: What every process gave, in the order of ranks.
  /// - Throws: On all processes: what its own share threw on the process where it did, and ``GroupError`` on the others;
  ///   `CancellationError` if one was asked to stop.
  public func take(_ step: String, _ share: () async throws -> Data) async throws -> [Data] {
    try await take(inPieces: step) { [try await share()] }
  }

  /// The same for bytes in pieces, which need not be put together before.
  public func take(inPieces step: String, _ share: () async throws -> [Data]) async throws -> [Data] {
    var failure: (any Error)?
    var content = Packet.Content.stopped
    do {
      content = .bytes(try await share())
    } catch is CancellationError {
      stop()
    } catch {
      failure = error
      content = told(error)
    }
    let packets = try await exchange(.init(step: step, content: content))
    if let failure { throw failure }
    for case .failed(let process, let status, let message) in packets.map(\.content) {
      throw GroupError.failed(process: process, status: status, message: message)
    }
    guard Set(packets.map(\.step)).count == 1 else {
      throw GroupError.outOfStep(steps: packets.enumerated().map { "\($0): \($1.step)" })
    }
    return try packets.map {
      guard case .bytes(let pieces) = $0.content else { throw CancellationError() }
      return pieces.count == 1 ? pieces[0] : Data(pieces.joined())
    }
  }

  /// What the first process gives, on all.
  ///
  /// - Parameters:
  ///   - step: Its name.
  ///   - make: What the first process does for it; no other does.
  /// - Returns: What it made.
  /// - Throws: As ``take(_:_:)``.
  public func fromFirst(_ step: String, _ make: () throws -> Data) async throws -> Data {
    guard size > 1 else { return try make() }
    return try await take(step) { isFirst ? try make() : Data() }[0]
  }

  /// Whether something holds for the first process, on all.
  public func fromFirst(_ step: String, _ holds: () throws -> Bool) async throws -> Bool {
    try await fromFirst(step) { Data([try holds() ? 1 : 0]) } == Data([1])
  }

  /// Sees to it that all processes know the same facts.
  ///
  /// - Parameters:
  ///   - facts: What has to be the same, by name.
  ///   - status: The exit status where one of them differs, by its name.
  /// - Throws: On all processes ``GroupError/unequal(what:values:status:)``.
  public func agree(on facts: [String: String], status: (_ fact: String) -> Int32) async throws {
    guard size > 1 else { return }
    let host = ProcessInfo.processInfo.hostName
    let all = try await take("agree") {
      var writer = ByteWriter()
      writer.put(host)
      writer.put(facts.count)
      for (key, value) in facts.sorted(by: { $0.key < $1.key }) {
        writer.put(key)
        writer.put(value)
      }
      return writer.data
    }
    let known = try all.map { bytes -> (host: String, facts: [String: String]) in
      var reader = ByteReader(bytes)
      let host = try reader.text()
      var facts: [String: String] = [:]
      for _ in 0..<(try reader.count()) { facts[try reader.text()] = try reader.text() }
      return (host, facts)
    }
    for key in Set(known.flatMap(\.facts.keys)).sorted() {
      let values = known.map { $0.facts[key] ?? "not set" }
      guard let other = values.firstIndex(where: { $0 != values[0] }) else { continue }
      throw GroupError.unequal(
        what: key,
        values: [0, other].map { "\(values[$0]) in process \($0) on \(known[$0].host)" },
        status: status(key))
    }
  }

  /// How a process ends: nil for well, else its status and message.
  public typealias Ending = (status: Int32, message: String)

  /// The last step: waits until all processes have ended their work, well or not.
  ///
  /// - Parameter error: Why this process ends; nil for well.
  /// - Returns: How every process ended.
  /// - Throws: ``GroupError`` if one is gone.
  public func conclude(_ error: (any Error)?) async throws -> [Ending?] {
    guard size > 1 else { return [error.map(describe)] }
    while true {
      let packets = try await exchange(
        .init(step: Self.end, content: error.map(told) ?? .bytes([])))
      // Some may still be at work; they have just learnt of an error and come here next.
      guard packets.allSatisfy({ $0.step == Self.end }) else { continue }
      return packets.map {
        if case .failed(_, let status, let message) = $0.content { (status, message) } else { nil }
      }
    }
  }

  private func told(_ error: any Error) -> Packet.Content {
    let (status, message) = describe(error)
    return .failed(process: name, status: status, message: message)
  }

  private func exchange(_ own: Packet) async throws -> [Packet] {
    try await allGather(own.encoded).map { bytes throws(GroupError) in try Packet(bytes) }
  }
}
