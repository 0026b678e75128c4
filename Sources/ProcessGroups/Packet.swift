internal import Foundation

/// What a process gives the others at one step.
struct Packet: Hashable, Sendable {
  /// What it has to say.
  enum Content: Hashable, Sendable {
    /// Bytes of its share, in pieces that belong together.
    case bytes([Data])
    /// It was asked to stop, and has not done all of its share.
    case stopped
    /// Its share failed.
    case failed(process: String, status: Int32, message: String)
  }

  /// The step of the work, the same on all processes.
  let step: String
  let content: Content

  /// Both as bytes, in pieces: the kind and the step's name, and the rest.
  var encoded: [Data] {
    var writer = ByteWriter()
    switch content {
    case .bytes: writer.put(0)
    case .stopped: writer.put(1)
    case .failed: writer.put(2)
    }
    writer.put(step)
    switch content {
    case .bytes(let pieces): return [writer.data] + pieces
    case .stopped: return [writer.data]
    case .failed(let process, let status, let message):
      writer.put(process)
      writer.put(Int(status))
      writer.put(message)
      return [writer.data]
    }
  }

  init(step: String, content: Content) {
    self.step = step
    self.content = content
  }

  /// Reads what ``encoded`` wrote.
  ///
  /// - Throws: ``GroupError/malformed(what:)``.
  init(_ bytes: Data) throws(GroupError) {
    var reader = ByteReader(bytes)
    let kind = try reader.integer()
    step = try reader.text()
    switch kind {
    case 0: content = .bytes([reader.rest])
    case 1: content = .stopped
    case 2:
      content = .failed(
        process: try reader.text(), status: Int32(truncatingIfNeeded: try reader.integer()),
        message: try reader.text())
    default: throw .malformed(what: "a packet of kind \(kind)")
    }
  }
}
