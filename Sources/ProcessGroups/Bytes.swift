public import Foundation

/// Numbers and texts as bytes, for processes of the same program on the same kind of machine.
public struct ByteWriter: Sendable {
  /// From so many bytes on memory is a piece of its own; to copy less is cheaper.
  private static let pieceLength = 1 << 16

  private var earlier: [Data] = []
  private var last = Data()

  /// Nothing yet.
  public init() {}

  /// What was put so far, in pieces that belong together.
  public var pieces: [Data] { last.isEmpty ? earlier : earlier + [last] }

  /// What was put so far.
  public var data: Data { earlier.isEmpty ? last : Data(pieces.joined()) }

  /// Puts an integer.
  public mutating func put(_ number: Int) { putRaw(Int64(number)) }

  /// Puts a number with all its bits.
  public mutating func put(_ number: Double) { putRaw(number.bitPattern) }

  /// Puts a text.
  public mutating func put(_ text: String) { put(Data(text.utf8)) }

  /// Puts bytes with their count.
  public mutating func put(_ bytes: Data) {
    put(bytes.count)
    last.append(bytes)
  }

  /// Puts integers with their count.
  public mutating func put(_ numbers: [Int]) {
    put(numbers.count)
    for number in numbers { put(number) }
  }

  /// Puts memory as it is, with the count of its bytes.
  ///
  /// - Parameters:
  ///   - bytes: The memory. Much of it is not copied: nobody may change it while what was put is in use.
  ///   - owner: What keeps it.
  public mutating func put(_ bytes: UnsafeRawBufferPointer, of owner: AnyObject) {
    put(bytes.count)
    guard let base = bytes.baseAddress else { return }
    guard bytes.count >= Self.pieceLength else {
      return last.append(base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    }
    let piece = Data(
      bytesNoCopy: UnsafeMutableRawPointer(mutating: base), count: bytes.count,
      deallocator: .custom { _, _ in withExtendedLifetime(owner) {} })
    earlier += [last, piece]
    last = Data()
  }

  private mutating func putRaw(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { last.append(contentsOf: $0) }
  }
}

/// Reads what a ``ByteWriter`` wrote.
public struct ByteReader: Sendable {
  /// What is left.
  public private(set) var rest: Data

  /// Reads from the first byte.
  public init(_ data: Data) { rest = data }

  /// An integer.
  ///
  /// - Throws: ``GroupError/malformed(what:)`` if there are too few bytes, as do the others.
  public mutating func integer() throws(GroupError) -> Int { Int(Int64(bitPattern: try raw())) }

  /// How many things follow, each of a byte at least.
  ///
  /// - Throws: ``GroupError/malformed(what:)`` if there cannot be so many.
  public mutating func count() throws(GroupError) -> Int {
    let count = try integer()
    guard count >= 0, count <= rest.count else {
      throw .malformed(what: "\(count) things in \(rest.count) bytes")
    }
    return count
  }

  /// A number.
  public mutating func double() throws(GroupError) -> Double { Double(bitPattern: try raw()) }

  /// A text.
  public mutating func text() throws(GroupError) -> String { String(decoding: try bytes(), as: UTF8.self) }

  /// Bytes.
  public mutating func bytes() throws(GroupError) -> Data { try take(try integer()) }

  /// Integers.
  public mutating func integers() throws(GroupError) -> [Int] {
    let count = try integer()
    guard count >= 0, count <= rest.count / 8 else { throw .malformed(what: "\(count) integers") }
    var found: [Int] = []
    for _ in 0..<count { found.append(try integer()) }
    return found
  }

  private mutating func raw() throws(GroupError) -> UInt64 {
    try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: Int) throws(GroupError) -> Data {
    guard count >= 0, count <= rest.count else {
      throw .malformed(what: "\(count) bytes of \(rest.count)")
    }
    let taken = rest.prefix(count)
    rest = rest.dropFirst(count)
    return taken
  }
}

/// A value that other processes of a group get with all its bits.
public protocol Transferable: Sendable {
  /// Puts it.
  func put(into writer: inout ByteWriter)
  /// Reads what ``put(into:)`` put.
  ///
  /// - Throws: ``GroupError/malformed(what:)``.
  init(from reader: inout ByteReader) throws(GroupError)
}

extension Array: Transferable where Element: Transferable {
  /// Puts the count and every element.
  public func put(into writer: inout ByteWriter) {
    writer.put(count)
    for element in self { element.put(into: &writer) }
  }

  /// Reads the count and every element.
  public init(from reader: inout ByteReader) throws(GroupError) {
    self = []
    for _ in 0..<(try reader.count()) { append(try Element(from: &reader)) }
  }
}
