import Synchronization

/// Which output of which operation a tensor is.
struct Origin: Sendable {
  let node: Node
  let output: Int
}

/// What a pullback is given: the operation's inputs and the cotangents of its outputs.
struct PullbackContext: Sendable {
  /// The inputs as they were, or as constants if the derivative itself will not be differentiated.
  let inputs: [Tensor]
  /// One per output; nil stands for zero.
  let cotangents: [Tensor?]
  /// Which inputs' cotangents are wanted; the others need not be computed.
  let needs: [Bool]

  /// Whether somebody may differentiate what the pullback returns.
  ///
  /// If not, a pullback may call a fused kernel that has no derivative rule of its own.
  var isRecording: Bool {
    inputs.contains(where: \.isTracked) || cotangents.contains { $0?.isTracked == true }
  }
}

/// The derivative rule of one operation: from the cotangents of the outputs to those of the wanted inputs.
typealias Pullback = @Sendable (_ context: PullbackContext) -> [Tensor?]

/// One recorded operation.
///
/// It holds its inputs, never its outputs, so there are no cycles.
final class Node: @unchecked Sendable {
  /// Creation order; an operation is younger than everything it was computed from.
  let order: UInt64
  let primitive: Primitive?
  // Mutable only for `deinit`, which is what makes the class unchecked.
  private(set) var inputs: [Tensor]
  let outputs: Int
  let pullback: Pullback?

  private static let clock = Atomic<UInt64>(0)

  /// A leaf: something to differentiate with respect to.
  convenience init() { self.init(primitive: nil, inputs: [], outputs: 1, pullback: nil) }

  init(primitive: Primitive?, inputs: [Tensor], outputs: Int, pullback: Pullback?) {
    order = Self.clock.add(1, ordering: .relaxed).newValue
    self.primitive = primitive
    self.inputs = inputs
    self.outputs = outputs
    self.pullback = pullback
  }

  /// Frees a long chain in a loop: the compiler's recursive release would overflow the stack.
  deinit {
    var pending = inputs
    inputs = []
    while let tensor = pending.popLast() {
      guard var node = tensor.origin?.node else { continue }
      // Held by this loop variable and by `tensor`; anyone else keeps the node alive and frees it later.
      _ = consume tensor
      if isKnownUniquelyReferenced(&node) {
        pending.append(contentsOf: node.inputs)
        node.inputs = []
      }
    }
  }
}

/// Records an operation if any of its inputs is being differentiated.
///
/// - Parameters:
///   - primitive: Its name, by which the tests find its rule.
///   - inputs: What it read.
///   - outputs: What it computed, as constants.
///   - pullback: Its rule, made of operations, so that it can be differentiated again.
/// - Returns: The outputs, with origins if recorded.
func record(
  _ primitive: Primitive, _ inputs: [Tensor], _ outputs: [Tensor], _ pullback: @escaping Pullback
) -> [Tensor] {
  guard inputs.contains(where: \.isTracked) else { return outputs }
  let node = Node(primitive: primitive, inputs: inputs, outputs: outputs.count, pullback: pullback)
  return outputs.enumerated().map {
    Tensor(shape: $1.shape, storage: $1.storage, origin: Origin(node: node, output: $0))
  }
}

/// Records an operation with one output.
func record(
  _ primitive: Primitive, _ inputs: [Tensor], _ output: Tensor,
  _ pullback: @escaping @Sendable (_ context: PullbackContext, _ cotangent: Tensor) -> [Tensor?]
) -> Tensor {
  record(primitive, inputs, [output]) { context in
    guard let cotangent = context.cotangents[0] else { return context.inputs.map { _ in nil } }
    return pullback(context, cotangent)
  }[0]
}

/// The primitives recorded on the way to some tensors: for testing that a table row exercises what it says.
package func recordedPrimitives(_ tensors: [Tensor]) -> Set<Primitive> {
  var found: Set<Primitive> = []
  var seen: Set<ObjectIdentifier> = []
  var pending = tensors
  while let node = pending.popLast()?.origin?.node {
    guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
    if let primitive = node.primitive { found.insert(primitive) }
    pending += node.inputs.filter(\.isTracked)
  }
  return found
}

/// Records an operation with a rule that a test provides: for testing the checkers of rules.
package func recordForTesting(
  _ primitive: Primitive, _ inputs: [Tensor], _ output: Tensor,
  _ rule: @escaping @Sendable (_ inputs: [Tensor], _ cotangent: Tensor) -> [Tensor?]
) -> Tensor {
  record(primitive, inputs, output) { context, g in rule(context.inputs, g) }
}
