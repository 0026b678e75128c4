public import Tensors

/// A point θ in a parameter layout: an immutable value.
///
/// Layers are stateless, so a fast-weight network is the same network at another θ; nothing is cloned.
public struct Parameters: Sendable {
  /// The space it is a point of.
  public let layout: ParameterLayout
  /// One tensor per declared parameter, in declaration order.
  public let values: [Tensor]

  /// A point with these coordinates.
  ///
  /// - Precondition: there is one tensor of the declared shape for every parameter.
  public init(layout: ParameterLayout, values: [Tensor]) {
    precondition(
      values.map(\.shape) == layout.entries.map(\.shape), "parameters do not have the shapes of their layout")
    self.layout = layout
    self.values = values
  }

  /// The tensor at a place.
  public subscript(ref: ParameterRef) -> Tensor { values[ref.index] }

  /// The same point but for some coordinates.
  ///
  /// - Precondition: there is one new tensor for each place, of its shape.
  public func replacing(_ refs: [ParameterRef], with new: [Tensor]) -> Parameters {
    precondition(refs.count == new.count, "replacing \(refs.count) parameters with \(new.count) tensors")
    var values = values
    for (ref, tensor) in zip(refs, new) { values[ref.index] = tensor }
    return Parameters(layout: layout, values: values)
  }

  /// The same point with every tensor passed through a function that keeps shapes.
  public func mapValues(_ transform: (Tensor) -> Tensor) -> Parameters {
    Parameters(layout: layout, values: values.map(transform))
  }

  /// The same point as constants.
  public var detached: Parameters { mapValues(\.detached) }

  /// The same point as new leaves.
  public var leaves: Parameters { mapValues(\.leaf) }
}
