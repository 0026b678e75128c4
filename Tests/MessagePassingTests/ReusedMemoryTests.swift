import Foundation
import MessagePassing
import Testing

@Suite("memory for what comes from other processes")
struct ReusedMemoryTests {
  @Test("is lent again when the last data that refer to it are gone, and never before")
  func again() {
    let memory = ReusedMemory()
    var first: Data? = memory.lend(1000, alignment: 64).data
    let part = first.map { $0[10..<20] }
    first = nil
    let other = memory.lend(500, alignment: 64)
    withExtendedLifetime(part) {
      part?.withUnsafeBytes { #expect($0.baseAddress.map { $0 - 10 } != UnsafeRawPointer(other.start)) }
    }
  }

  @Test("the largest piece that came back serves all that fit into it")
  func largest() {
    let memory = ReusedMemory()
    let large = { memory.lend(100_000, alignment: 64).start }()
    let small = { memory.lend(100, alignment: 64).start }()
    #expect(small == large)
    let larger = { memory.lend(200_000, alignment: 64).start }()
    let again = { memory.lend(150_000, alignment: 64).start }()
    #expect(again == larger)
  }
}
