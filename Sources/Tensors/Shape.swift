/// The extents of a tensor, outermost axis first.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// How many positions each axis has, the outermost axis first.
  public let extents: [Int]

  /// A shape with these extents.
  ///
  /// - Precondition: no extent is negative.
  public init(_ extents: [Int]) {
    precondition(extents.allSatisfy { $0 >= 0 }, "shape \(extents) has a negative extent")
    self.extents = extents
  }

  /// A shape written as a literal, for example `[5, 64]`.
  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// How many numbers a tensor of this shape holds.
  public var count: Int { extents.reduce(1, *) }

  /// The number of axes.
  public var rank: Int { extents.count }

  /// The extent of one axis.
  public subscript(axis: Int) -> Int { extents[axis] }

  /// The extents in brackets, as in error messages: `[5, 64]`.
  public var description: String { "\(extents)" }
}
