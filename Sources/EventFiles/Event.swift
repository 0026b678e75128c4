internal import Formats

/// One entry of an event file, as TensorBoard reads it.
///
/// - Source: `event.proto` and `summary.proto` of TensorFlow, of which this writes the fields that TensorBoard shows.
package struct Event: Sendable {
  /// What an event says.
  package enum Content: Sendable {
    /// The first event of every file.
    case version
    /// A process goes on from here: what older events say of this step and later ones does not hold.
    case restart
    case values([Value])
  }

  /// A named value.
  package struct Value: Sendable {
    package enum Kind: Sendable {
      case scalar(Double)
      case histogram(Histogram)
      /// A PNG file.
      case image(png: [UInt8], width: Int, height: Int)
    }

    package let tag: String
    package let kind: Kind

    /// A value under a name; a `/` in it makes a group.
    package init(_ tag: String, _ kind: Kind) {
      self.tag = tag
      self.kind = kind
    }
  }

  /// When it was written, in seconds since 1970.
  package let time: Double
  /// Updates made.
  package let step: Int
  package let content: Content

  /// From its parts.
  package init(time: Double, step: Int, _ content: Content) {
    self.time = time
    self.step = step
    self.content = content
  }

  /// The event with its length and the checksums of both: a record of a file.
  package var record: [UInt8] {
    let data = message
    let length = Self.littleEndian(UInt64(data.count))
    return length + Self.littleEndian(CRC32C.masked(length)) + data + Self.littleEndian(CRC32C.masked(data))
  }

  private var message: [UInt8] {
    var event = ProtobufWriter()
    event.double(1, time)
    event.integer(2, step)
    switch content {
    case .version: event.text(3, "brain.Event:2")
    // SessionLog with the status START.
    case .restart: event.message(7) { $0.integer(1, 1) }
    case .values(let values):
      event.message(5) { summary in
        for value in values { summary.message(1) { value.write(to: &$0) } }
      }
    }
    return event.bytes
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }
}

extension Event.Value {
  fileprivate func write(to message: inout ProtobufWriter) {
    message.text(1, tag)
    switch kind {
    case .scalar(let value): message.float(2, Float(value))
    case .image(let png, let width, let height):
      message.message(4) { image in
        image.integer(1, height)
        image.integer(2, width)
        // Red, green and blue.
        image.integer(3, 3)
        image.blob(4, png)
      }
    case .histogram(let histogram):
      message.message(5) { histogram.write(to: &$0) }
    }
  }
}
