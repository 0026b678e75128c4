import Foundation
import ProcessGroups
import Synchronization
import Testing

@Suite("Groups of processes")
struct GroupTests {
  /// Work in all members of a group, and how each ended.
  private func together<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (_ member: LocalGroup) async throws -> Value
  ) async -> [Result<Value, any Error>] {
    let members = LocalGroup.members(count) { (($0 as? GroupError)?.status ?? 66, "\($0)") }
    return await withTaskGroup(of: (Int, Result<Value, any Error>).self) { tasks in
      for member in members {
        tasks.addTask {
          do { return (member.rank, .success(try await body(member))) } catch {
            return (member.rank, .failure(error))
          }
        }
      }
      var ends: [Int: Result<Value, any Error>] = [:]
      for await (rank, end) in tasks { ends[rank] = end }
      return members.compactMap { ends[$0.rank] }
    }
  }

  private struct Broken: Error {}

  @Test("everybody gets the bytes of all in the order of ranks, again and again", arguments: 1...4)
  func gather(_ count: Int) async throws {
    let ends = await together(count) { member in
      try await (0..<20).asyncMap { step in
        // The last rank gives nothing at every third step, the others different lengths.
        let length = member.rank == count - 1 && step % 3 == 0 ? 0 : member.rank * step
        return try await member.take("step \(step)") { Data(repeating: UInt8(member.rank), count: length) }
      }
    }
    let expected = (0..<20).map { step in
      (0..<count).map { rank in
        Data(repeating: UInt8(rank), count: rank == count - 1 && step % 3 == 0 ? 0 : rank * step)
      }
    }
    for end in ends { #expect(try end.get() == expected) }
  }

  @Test("what fails in one is its own error there and named in all others, and all end together")
  func failure() async throws {
    let ends = await together(3) { member in
      do {
        _ = try await member.take("first") { Data() }
        _ = try await member.take("second") {
          if member.rank == 1 { throw Broken() }
          return Data()
        }
        return [String]()
      } catch {
        #expect((error is Broken) == (member.rank == 1))
        return try await member.conclude(error).map { $0.map { "\($0.status) \($0.message)" } ?? "well" }
      }
    }
    for end in ends {
      let endings = try end.get()
      #expect(endings[1] == "66 Broken()")
      for rank in [0, 2] {
        #expect(endings[rank].hasPrefix("66 process 1 on ") && endings[rank].hasSuffix(": Broken()"))
      }
    }
  }

  @Test("one that fails between steps is heard of at the next one")
  func failureBetween() async throws {
    let ends = await together(3) { member -> Int in
      do {
        if member.rank == 2 { throw Broken() }
        for step in 0..<5 { _ = try await member.take("step \(step)") { Data() } }
        _ = try await member.conclude(nil)
        return -1
      } catch {
        return try await member.conclude(error).count { $0 != nil }
      }
    }
    for end in ends { #expect(try end.get() == 3) }
  }

  @Test("asked to stop, all stop at the same step, whoever was asked")
  func stopping() async throws {
    for asked in 0..<3 {
      let ends = await together(3) { member -> Int in
        for step in 0..<1000 {
          do {
            _ = try await member.take("step \(step)") {
              if member.rank == asked && step == 7 { member.stop() }
              if member.isStopping { throw CancellationError() }
              return Data()
            }
          } catch is CancellationError {
            return step
          }
        }
        return 1000
      }
      let steps = try ends.map { try $0.get() }
      // Those that were past their share see it one step later, but then all of them.
      #expect(Set(steps).count == 1 && (7...8).contains(steps[0]), "\(steps)")
    }
  }

  @Test("what differs is named with both values, on all of them")
  func unequal() async throws {
    let ends = await together(3) { member in
      try await member.agree(on: ["version": "1", "data_hash": member.rank == 2 ? "b" : "a"]) {
        $0 == "data_hash" ? 65 : 64
      }
    }
    for end in ends {
      #expect { try end.get() } throws: { error in
        guard case GroupError.unequal("data_hash", let values, 65) = error else { return false }
        return values[0].hasPrefix("a in process 0") && values[1].hasPrefix("b in process 2")
      }
    }
    let alike = await together(3) { try await $0.agree(on: ["version": "1"]) { _ in 64 } }
    for end in alike { try end.get() }
  }

  @Test("one that never comes is an error for those who wait and those who come later")
  func lost() async throws {
    let ends = await together(3) { member in
      if member.rank == 0 { return member.vanish() }
      _ = try await member.take("step") { Data() }
    }
    for end in ends.dropFirst() {
      #expect { try end.get() } throws: { ($0 as? GroupError)?.status == 74 }
    }
  }

  @Test("steps of different names are an error of the program, on all")
  func outOfStep() async throws {
    let ends = await together(2) { try await $0.take("step \($0.rank)") { Data() } }
    for end in ends {
      #expect { try end.get() } throws: {
        ($0 as? GroupError) == .outOfStep(steps: ["0: step 0", "1: step 1"])
      }
    }
  }

  @Test("only the first one makes what all get from it")
  func fromFirst() async throws {
    let made = Mutex(0)
    let ends = await together(3) { member in
      try await member.fromFirst("bytes") {
        made.withLock { $0 += 1 }
        return Data([1, 2, UInt8(member.rank)])
      }
    }
    for end in ends { #expect(try end.get() == Data([1, 2, 0])) }
    #expect(made.withLock { $0 } == 1)
  }

  @Test(
    "much memory is given without a copy, between what was put before and after it, and kept as long as it is used"
  )
  func memory() throws {
    final class Owner {
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 200_000, alignment: 16)
      deinit { bytes.deallocate() }
    }
    weak var gone: Owner?
    var writer = ByteWriter()
    do {
      let owner = Owner()
      gone = owner
      for i in owner.bytes.indices { owner.bytes[i] = UInt8(truncatingIfNeeded: i * i) }
      writer.put("before")
      writer.put(UnsafeRawBufferPointer(owner.bytes), of: owner)
      writer.put(UnsafeRawBufferPointer(rebasing: owner.bytes[0..<9]), of: owner)
      writer.put("after")
      let start = writer.pieces[1].withUnsafeBytes { $0.baseAddress }
      #expect(start == UnsafeRawPointer(owner.bytes.baseAddress))
    }
    #expect(gone != nil)
    var reader = ByteReader(Data(writer.pieces.joined()))
    let (before, much, little, after) = (
      try reader.text(), try reader.bytes(), try reader.bytes(), try reader.text()
    )
    #expect(before == "before" && after == "after" && reader.rest.isEmpty)
    #expect(much == Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 * $0) }))
    #expect(little == much.prefix(9))
    writer = ByteWriter()
    #expect(gone == nil)
  }

  @Test("numbers and texts come back with all their bits, and bytes that are cut short are refused")
  func bytes() throws {
    let numbers = [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .pi]
    var writer = ByteWriter()
    for number in numbers { writer.put(number) }
    writer.put(Double(bitPattern: 0x7FF8_0000_DEAD_BEEF))
    writer.put(Int.min)
    writer.put("λ und mehr")
    writer.put([Int.max, 0, -1])
    writer.put(Data([1, 2, 3]))
    let all = writer.data
    func read(_ data: Data) throws(GroupError) {
      var reader = ByteReader(data)
      for number in numbers {
        let found = try reader.double()
        #expect(found.bitPattern == number.bitPattern)
      }
      let odd = try reader.double()
      #expect(odd.bitPattern == 0x7FF8_0000_DEAD_BEEF)
      let least = try reader.integer()
      #expect(least == .min)
      let text = try reader.text()
      #expect(text == "λ und mehr")
      let integers = try reader.integers()
      #expect(integers == [.max, 0, -1])
      let bytes = try reader.bytes()
      #expect(bytes == Data([1, 2, 3]))
      #expect(reader.rest.isEmpty)
    }
    try read(all)
    // A slice does not begin at 0.
    try read((Data([9]) + all).dropFirst())
    for count in 0..<all.count { #expect(throws: GroupError.self) { try read(all.prefix(count)) } }
  }
}

extension Sequence {
  fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await body(element)) }
    return values
  }
}
