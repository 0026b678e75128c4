internal import HeapModule

/// The derivative of outputs, weighted by seeds, with respect to some of the tensors they were computed from.
///
/// There is no gradient mode: whether the result can itself be differentiated is decided by the one argument
/// `differentiable`, which hands the rules either the recorded inputs or constants. Only operations that lead
/// from `xs` to `ys` are visited, and only the cotangents on the way are computed.
///
/// - Parameters:
///   - ys: What to differentiate.
///   - xs: With respect to what; each must be tracked.
///   - seeds: A cotangent for each of `ys`, of the same shape; all ones if nil.
///   - differentiable: Whether the gradients can be differentiated again.
/// - Returns: One gradient for each of `xs`, of its shape; zeros where `ys` do not depend on it.
/// - Precondition: every one of `xs` is tracked.
/// - Complexity: the cost of the rules between `xs` and `ys`.
public func gradients(
  of ys: [Tensor], wrt xs: [Tensor], seeds: [Tensor]? = nil, differentiable: Bool = false
) -> [Tensor] {
  zip(xs, slopes(of: ys, wrt: xs, seeds: seeds, differentiable: differentiable)).map { x, slope in
    slope ?? Tensor(repeating: 0, shape: x.shape)
  }
}

/// The same with nil where `ys` do not depend on one of `xs`.
func slopes(
  of ys: [Tensor], wrt xs: [Tensor], seeds: [Tensor]?, differentiable: Bool
) -> [Tensor?] {
  let origins = xs.map { x -> Origin in
    guard let origin = x.origin else {
      preconditionFailure("gradients: a target of shape \(x.shape) is a constant")
    }
    return origin
  }
  let targets = Set(origins.map { ObjectIdentifier($0.node) })
  let path = Path(from: ys, to: targets, oldest: origins.map(\.node.order).min() ?? .max)

  var cotangents: [ObjectIdentifier: [Tensor?]] = [:]
  func add(_ cotangent: Tensor, at origin: Origin) {
    let key = ObjectIdentifier(origin.node)
    var slots = cotangents[key] ?? Array(repeating: nil, count: origin.node.outputs)
    slots[origin.output] = slots[origin.output].map { $0 + cotangent } ?? cotangent
    cotangents[key] = slots
  }

  for (i, y) in ys.enumerated() {
    let seed = seeds?[i] ?? Tensor(repeating: 1, shape: y.shape)
    precondition(
      seed.shape == y.shape, "gradients: a seed of shape \(seed.shape) for an output of shape \(y.shape)")
    guard let origin = y.origin, path.contains(origin.node) else { continue }
    add(differentiable ? seed : seed.detached, at: origin)
  }
  // Youngest first: when a node's turn comes, every consumer has already contributed.
  for node in path.youngestFirst {
    let key = ObjectIdentifier(node)
    guard let pullback = node.pullback, let own = cotangents[key] else { continue }
    let needs = node.inputs.map { $0.origin.map { path.contains($0.node) } ?? false }
    guard needs.contains(true) else { continue }
    if !targets.contains(key) { cotangents[key] = nil }
    let context = PullbackContext(
      inputs: differentiable ? node.inputs : node.inputs.map(\.detached), cotangents: own, needs: needs)
    for (i, cotangent) in pullback(context).enumerated() where needs[i] {
      guard let cotangent, let origin = node.inputs[i].origin else { continue }
      add(cotangent, at: origin)
    }
  }
  return origins.map { cotangents[ObjectIdentifier($0.node)]?[$0.output] }
}

/// The derivative of one scalar with respect to some of the tensors it was computed from.
///
/// - Parameters:
///   - y: One number.
///   - xs: With respect to what; each must be tracked.
///   - differentiable: Whether the gradients can be differentiated again.
/// - Returns: One gradient for each of `xs`, of its shape.
/// - Precondition: `y` holds one number.
public func gradients(of y: Tensor, wrt xs: [Tensor], differentiable: Bool = false) -> [Tensor] {
  precondition(y.count == 1, "gradients: the output of shape \(y.shape) is not a scalar; give seeds")
  return gradients(of: [y], wrt: xs, differentiable: differentiable)
}

/// The recorded operations between some targets and some outputs.
private struct Path {
  let youngestFirst: [Node]
  private let members: Set<ObjectIdentifier>

  init(from ys: [Tensor], to targets: Set<ObjectIdentifier>, oldest: UInt64) {
    // Everything reachable that is not older than the oldest target: older nodes cannot depend on it.
    var heap = Heap<Entry>()
    var seen: Set<ObjectIdentifier> = []
    func visit(_ tensor: Tensor) {
      guard let node = tensor.origin?.node, node.order >= oldest else { return }
      if seen.insert(ObjectIdentifier(node)).inserted { heap.insert(Entry(node: node)) }
    }
    ys.forEach(visit)
    var reachable: [Node] = []
    while let entry = heap.popMax() {
      reachable.append(entry.node)
      entry.node.inputs.forEach(visit)
    }
    // Of those, the ones that lead to a target, found oldest first.
    var members: Set<ObjectIdentifier> = []
    for node in reachable.reversed() {
      let leads = node.inputs.contains {
        $0.origin.map { members.contains(ObjectIdentifier($0.node)) } ?? false
      }
      if leads || targets.contains(ObjectIdentifier(node)) { members.insert(ObjectIdentifier(node)) }
    }
    youngestFirst = reachable.filter { members.contains(ObjectIdentifier($0)) }
    self.members = members
  }

  func contains(_ node: Node) -> Bool { members.contains(ObjectIdentifier(node)) }

  private struct Entry: Comparable {
    let node: Node
    static func < (a: Entry, b: Entry) -> Bool { a.node.order < b.node.order }
    static func == (a: Entry, b: Entry) -> Bool { a.node === b.node }
  }
}
