internal import Randomness
public import Tensors

/// A parameter's place in a layout: found once by path, then O(1).
public struct ParameterRef: Hashable, Sendable {
  /// The position in declaration order.
  public let index: Int
}

/// How a parameter starts.
public enum Initializer: Sendable {
  /// All numbers equal.
  case constant(Scalar)
  /// Independent normal numbers of this standard deviation.
  case normal(deviation: Double)
  /// Rows of normal numbers scaled to unit length; a row is everything behind the first axis.
  case unitRows
  /// A random orthogonal matrix: orthonormal rows, or orthonormal columns if the rows are more.
  ///
  /// A row is everything behind the first axis.
  case orthogonal
  /// Given numbers, row-major.
  case values([Scalar])

  func tensor(_ shape: Shape, _ stream: inout RandomStream) -> Tensor {
    switch self {
    case .constant(let value): return Tensor(repeating: value, shape: shape)
    case .normal(let deviation):
      return Tensor((0..<shape.count).map { _ in Scalar(deviation * stream.normal()) }, shape: shape)
    case .unitRows:
      let length = shape.count / max(1, shape[0])
      var scalars: [Scalar] = []
      for _ in 0..<shape[0] {
        let row = (0..<length).map { _ in stream.normal() }
        let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        scalars += row.map { Scalar($0 / norm) }
      }
      return Tensor(scalars, shape: shape)
    case .orthogonal:
      let (rows, columns) = (shape[0], shape.count / max(1, shape[0]))
      guard rows > columns else {
        return Tensor(orthonormalRows(rows, of: columns, &stream).map { Scalar($0) }, shape: shape)
      }
      let columnwise = orthonormalRows(columns, of: rows, &stream).map { Scalar($0) }
      return Tensor(columnwise, shape: [columns, rows]).transposed.reshaped(shape)
    case .values(let scalars): return Tensor(scalars, shape: shape)
    }
  }
}

/// The space that a network's parameters live in: their paths, shapes, roles and beginnings.
public struct ParameterLayout: Sendable {
  /// One declared parameter.
  public struct Entry: Sendable {
    /// Unique name, for example `layer2.conv.atoms`.
    public let path: String
    /// Its extents.
    public let shape: Shape
    /// What part of a layer it is.
    public let role: ParameterRole
    /// The layer it belongs to, from 1; nil for what is shared or belongs to the head.
    public let layer: Int?
    /// How it starts.
    public let initializer: Initializer
  }

  /// The parameters in declaration order.
  public private(set) var entries: [Entry] = []

  /// An empty layout.
  public init() {}

  /// Declares a parameter and returns its place.
  ///
  /// - Parameters:
  ///   - path: A name that nothing else in the layout has.
  ///   - shape: Its extents.
  ///   - role: What part of a layer it is.
  ///   - layer: The layer it belongs to, from 1, if it belongs to one.
  ///   - initializer: How it starts.
  /// - Returns: Its place.
  /// - Precondition: the path is new.
  public mutating func declare(
    _ path: String, _ shape: Shape, _ role: ParameterRole, layer: Int? = nil, _ initializer: Initializer
  ) -> ParameterRef {
    precondition(!entries.contains { $0.path == path }, "parameter \(path) is declared twice")
    entries.append(Entry(path: path, shape: shape, role: role, layer: layer, initializer: initializer))
    return ParameterRef(index: entries.count - 1)
  }

  /// All places in declaration order.
  public var refs: [ParameterRef] { entries.indices.map(ParameterRef.init) }

  /// What was declared at a place.
  public subscript(ref: ParameterRef) -> Entry { entries[ref.index] }

  /// The place of a path, if it was declared.
  public func ref(at path: String) -> ParameterRef? {
    entries.firstIndex { $0.path == path }.map(ParameterRef.init)
  }

  /// The roles in order of first declaration.
  public var roles: [ParameterRole] {
    entries.reduce(into: []) { if !$0.contains($1.role) { $0.append($1.role) } }
  }

  /// How many numbers all parameters hold, or those of one role.
  public func count(of role: ParameterRole? = nil) -> Int {
    entries.reduce(0) { $0 + (role == nil || $1.role == role ? $1.shape.count : 0) }
  }

  /// The parameters at their beginnings.
  ///
  /// Each draws from a stream of its own path, so adding a parameter does not change the others.
  public func initialized(seed: UInt64) -> Parameters {
    Parameters(
      layout: self,
      values: entries.map {
        var stream = RandomStream(seed: seed, purpose: "parameter/" + $0.path)
        return $0.initializer.tensor($0.shape, &stream)
      })
  }
}
