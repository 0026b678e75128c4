internal import Foundation
public import Networks
public import ProcessGroups
public import Tensors

extension Tensor: Transferable {
  /// Puts shape and numbers.
  public func put(into writer: inout ByteWriter) {
    writer.put(shape.extents)
    writer.put(memory.bytes, of: memory.owner)
  }

  /// A constant.
  public init(from reader: inout ByteReader) throws(GroupError) {
    let extents = try reader.integers()
    let bytes = try reader.bytes()
    let count = extents.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard extents.allSatisfy({ $0 >= 0 }), count == bytes.count / MemoryLayout<Scalar>.stride,
      bytes.count % MemoryLayout<Scalar>.stride == 0
    else { throw .malformed(what: "\(bytes.count) bytes of a tensor \(extents)") }
    self = bytes.withUnsafeBytes { Tensor(bytes: $0, shape: Shape(extents)) }
  }
}

extension MetaGradient: Transferable {
  /// Puts loss, accuracy and gradients.
  public func put(into writer: inout ByteWriter) {
    writer.put(loss)
    writer.put(accuracy)
    parameters.put(into: &writer)
    rates.put(into: &writer)
  }

  /// The same numbers.
  public init(from reader: inout ByteReader) throws(GroupError) {
    self.init(
      loss: try reader.double(), accuracy: try reader.double(), parameters: try [Tensor](from: &reader),
      rates: try [Tensor](from: &reader))
  }
}

extension ChannelStatistics: Transferable {
  /// Puts mean and variance.
  public func put(into writer: inout ByteWriter) {
    mean.put(into: &writer)
    variance.put(into: &writer)
  }

  /// The same numbers.
  public init(from reader: inout ByteReader) throws(GroupError) {
    self.init(mean: try Tensor(from: &reader), variance: try Tensor(from: &reader))
  }
}
