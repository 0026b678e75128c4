public import Kernels

/// An immutable array of scalars and, while it is being differentiated, how it came about.
///
/// A tensor without origin is a constant: operations on constants leave no trace, so nothing that is frozen
/// costs memory or time in a derivative.
public struct Tensor: Sendable {
  /// The extents, outermost axis first; the numbers are contiguous in this order.
  public let shape: Shape
  let storage: Storage
  let origin: Origin?

  init(shape: Shape, storage: Storage, origin: Origin? = nil) {
    self.shape = shape
    self.storage = storage
    self.origin = origin
  }

  /// A new constant whose numbers `fill` writes.
  init(_ shape: Shape, fill: (Target) -> Void) {
    self.init(shape: shape, storage: Storage(count: shape.count, fill))
  }

  /// A constant with the given numbers in row-major order.
  ///
  /// - Precondition: there are as many numbers as the shape holds.
  public init(_ scalars: [Scalar], shape: Shape) {
    precondition(scalars.count == shape.count, "\(scalars.count) scalars do not fill \(shape)")
    self.init(shape) { out in
      scalars.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { out.initialize(from: base, count: scalars.count) }
      }
    }
  }

  /// A constant with numbers as they lie in memory, which need not be aligned.
  ///
  /// - Precondition: there are as many bytes as the numbers of the shape take.
  package init(bytes: UnsafeRawBufferPointer, shape: Shape) {
    precondition(
      bytes.count == shape.count * MemoryLayout<Scalar>.stride, "\(bytes.count) bytes do not fill \(shape)")
    self.init(shape) { out in
      UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(out), count: bytes.count).copyMemory(
        from: bytes)
    }
  }

  /// The numbers as they lie in memory, which never changes, and what keeps it.
  package var memory: (bytes: UnsafeRawBufferPointer, owner: AnyObject) {
    (UnsafeRawBufferPointer(start: storage.pointer, count: count * MemoryLayout<Scalar>.stride), storage)
  }

  /// A constant filled with one number.
  public init(repeating value: Scalar, shape: Shape) {
    self.init(shape) { $0.initialize(repeating: value, count: shape.count) }
  }

  /// A scalar constant, of shape `[]`.
  public init(_ value: Scalar) { self.init(repeating: value, shape: []) }

  /// How many numbers it holds.
  public var count: Int { shape.count }

  /// The numbers in row-major order, copied.
  public var scalars: [Scalar] {
    Array(UnsafeBufferPointer(start: storage.pointer, count: count))
  }

  /// The one number of a tensor of one element.
  ///
  /// - Precondition: the tensor holds exactly one number.
  public var item: Scalar {
    precondition(count == 1, "item of a tensor of shape \(shape)")
    return storage.pointer[0]
  }

  /// The same numbers as a constant.
  public var detached: Tensor { Tensor(shape: shape, storage: storage) }

  /// The same tensor if it has an origin, otherwise a new leaf that derivatives can be taken with respect to.
  public var tracked: Tensor { origin == nil ? leaf : self }

  /// The same numbers as a new leaf, cut off from any origin.
  public var leaf: Tensor { Tensor(shape: shape, storage: storage, origin: Origin(node: Node(), output: 0)) }

  /// Whether derivatives can flow to or through this tensor.
  public var isTracked: Bool { origin != nil }

  var pointer: Source { storage.pointer }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first few numbers.
  public var description: String {
    let head = scalars.prefix(6).map { "\($0)" }.joined(separator: ", ")
    return "Tensor\(shape)[\(head)\(count > 6 ? ", …" : "")]"
  }
}
