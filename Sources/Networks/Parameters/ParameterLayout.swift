internal import Kernels
public import Randomness
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
  /// Ones where row and column are the same, zeros elsewhere; a row is everything behind the first axis.
  case identity
  /// Given numbers, row-major.
  case values([Scalar])
  /// One part of what several parameters draw together.
  case part(Int, of: JointDraw)

  /// The numbers that a parameter starts with, from a stream of its own path or of its joint draw.
  ///
  /// - Parameters:
  ///   - shape: The extents it was declared with.
  ///   - path: Its path.
  ///   - seed: The seed of all beginnings.
  ///   - drawn: Joint draws so far, by name: each is made once.
  /// - Returns: A tensor of that shape.
  func tensor(_ shape: Shape, path: String, seed: UInt64, _ drawn: inout [String: [[Scalar]]]) -> Tensor {
    func streamed(_ name: String) -> RandomStream { RandomStream(seed: seed, purpose: "parameter/" + name) }
    var stream = streamed(path)
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
    case .identity:
      let columns = shape.count / max(1, shape[0])
      return Tensor((0..<shape.count).map { $0 / columns == $0 % columns ? 1 : 0 }, shape: shape)
    case .values(let scalars): return Tensor(scalars, shape: shape)
    case .part(let index, let joint):
      stream = streamed(joint.name)
      let parts = drawn[joint.name] ?? joint.draw(&stream)
      drawn[joint.name] = parts
      return Tensor(parts[index], shape: shape)
    }
  }
}

/// Numbers that several parameters draw together, for example the factors of one random matrix.
public struct JointDraw: Sendable {
  /// Names the stream they come from, as a parameter's path does.
  public let name: String
  /// From a stream to the numbers of every part, row-major.
  public let draw: @Sendable (_ stream: inout RandomStream) -> [[Scalar]]

  /// A draw by name.
  public init(name: String, draw: @escaping @Sendable (_ stream: inout RandomStream) -> [[Scalar]]) {
    self.name = name
    self.draw = draw
  }
}

/// The space that a network's parameters live in: their paths, shapes, roles and beginnings.
public struct ParameterLayout: Sendable {
  /// What is known of one declared parameter.
  public struct Entry: Sendable {
    /// Unique name, for example `layer2.conv.atoms`.
    public let path: String
    /// Its extents; training may lower those of ranks.
    public internal(set) var shape: Shape
    /// What part of a layer it is.
    public let role: ParameterRole
    /// The layer it belongs to, from 1; nil for what is shared or belongs to the head.
    public let layer: Int?
    /// How it starts, at the extents it was declared with.
    public let initializer: Initializer
    /// The axes whose extent is a rank.
    public let ranks: [Int: RankRef]
    /// Whether the outer loop trains it; otherwise every task starts it as it is declared.
    public let isMetaTrained: Bool

    /// Whether it is a parameter, and not measured.
    public var isLearned: Bool { role != .measured }
  }

  /// The parameters in declaration order.
  public private(set) var entries: [Entry] = []
  /// The extents that training may lower, in declaration order.
  public private(set) var ranks: [Rank] = []

  /// A layout without parameters, to declare them in.
  public init() {}

  /// Declares a parameter and returns its place.
  ///
  /// - Parameters:
  ///   - path: A name that nothing else in the layout has.
  ///   - shape: Its extents.
  ///   - role: What part of a layer it is.
  ///   - layer: The layer it belongs to, from 1, if it belongs to one.
  ///   - ranks: Which of its axes have a declared rank as extent.
  ///   - isMetaTrained: Whether the outer loop trains it.
  ///   - initializer: How it starts.
  /// - Returns: Its place.
  /// - Precondition: the path is new, and the extents of ranks are theirs.
  public mutating func declare(
    _ path: String, _ shape: Shape, _ role: ParameterRole, layer: Int? = nil, ranks: [Int: RankRef] = [:],
    isMetaTrained: Bool = true, _ initializer: Initializer
  ) -> ParameterRef {
    precondition(!entries.contains { $0.path == path }, "parameter \(path) is declared twice")
    precondition(
      ranks.allSatisfy { shape[$0.key] == self[$0.value].extent }, "parameter \(path) is not of its rank")
    entries.append(
      Entry(
        path: path, shape: shape, role: role, layer: layer, initializer: initializer, ranks: ranks,
        isMetaTrained: isMetaTrained))
    return ParameterRef(index: entries.count - 1)
  }

  /// Declares an extent that training may lower, for the parameters that will share it.
  ///
  /// - Parameters:
  ///   - path: A name that no other rank has.
  ///   - extent: What it starts as.
  ///   - breakEven: Where the parameters that share it hold as many numbers as what they stand for, if known.
  /// - Returns: Its place.
  public mutating func declareRank(_ path: String, _ extent: Int, breakEven: Double? = nil) -> RankRef {
    precondition(!ranks.contains { $0.path == path }, "rank \(path) is declared twice")
    ranks.append(Rank(path: path, declared: extent, breakEven: breakEven, kept: Array(0..<extent)))
    return RankRef(index: ranks.count - 1)
  }

  /// All places of ranks in declaration order.
  public var rankRefs: [RankRef] { ranks.indices.map(RankRef.init) }

  /// The rank at a place.
  public subscript(ref: RankRef) -> Rank { ranks[ref.index] }

  /// Lowers a rank to some of its present positions; see ``RankReduction`` for what else must follow.
  mutating func keep(_ positions: [Int], of ref: RankRef) {
    ranks[ref.index].kept = positions.map { ranks[ref.index].kept[$0] }
    for i in entries.indices {
      var extents = entries[i].shape.extents
      for (axis, rank) in entries[i].ranks where rank == ref { extents[axis] = positions.count }
      entries[i].shape = Shape(extents)
    }
  }

  /// All places in declaration order.
  public var refs: [ParameterRef] { entries.indices.map(ParameterRef.init) }

  /// What was declared at a place.
  public subscript(ref: ParameterRef) -> Entry { entries[ref.index] }

  /// The place of a path, if it was declared.
  public func ref(at path: String) -> ParameterRef? {
    entries.firstIndex { $0.path == path }.map(ParameterRef.init)
  }

  /// The roles of what is learned, in order of first declaration.
  public var roles: [ParameterRole] {
    entries.reduce(into: []) { if $1.isLearned, !$0.contains($1.role) { $0.append($1.role) } }
  }

  /// How many numbers are learned, in all or of one role.
  public func count(of role: ParameterRole? = nil) -> Int {
    entries.reduce(0) { $0 + ($1.isLearned && (role == nil || $1.role == role) ? $1.shape.count : 0) }
  }

  /// The parameters at their beginnings.
  ///
  /// Each draws from a stream of its own path, or of its joint draw, so adding a parameter does not change the others.
  /// Of a lowered rank the positions that are left begin as they would have among all.
  public func initialized(seed: UInt64) -> Parameters {
    var joint: [String: [[Scalar]]] = [:]
    let values = entries.map { entry in
      let declared = Shape(
        entry.shape.extents.enumerated().map { entry.ranks[$0].map { self[$0].declared } ?? $1 })
      var start = entry.initializer.tensor(declared, path: entry.path, seed: seed, &joint)
      for (axis, rank) in entry.ranks.sorted(by: { $0.key < $1.key }) {
        var extents = start.shape.extents
        let scalars = selected(self[rank].kept, of: start.scalars, extents: extents, axis: axis)
        extents[axis] = self[rank].extent
        start = Tensor(scalars, shape: Shape(extents))
      }
      return start
    }
    return Parameters(layout: self, values: values)
  }
}
