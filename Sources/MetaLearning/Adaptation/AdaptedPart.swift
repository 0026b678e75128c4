public import Networks

/// A part of what an inner loop adapts: what takes its steps while the rest stays as it was meta-trained.
public enum AdaptedPart: Hashable, Sendable, CustomStringConvertible {
  /// Everything that adapted in training.
  case all
  /// Nothing: a task is answered from where it starts.
  case nothing
  /// The task head alone.
  case head
  /// Everything but the task head.
  case body
  /// One role alone, perhaps in one layer.
  case only(ParameterRole, layer: Int? = nil)
  /// Everything but one role, or but that role in one layer.
  case without(ParameterRole, layer: Int? = nil)

  /// Its name in results: `all`, `none`, `head`, `body`, `only:atoms`, `without:atoms@3`.
  public var description: String {
    func named(_ role: ParameterRole, _ layer: Int?) -> String {
      role.rawValue + (layer.map { "@\($0)" } ?? "")
    }
    return switch self {
    case .all: "all"
    case .nothing: "none"
    case .head: "head"
    case .body: "body"
    case .only(let role, let layer): "only:" + named(role, layer)
    case .without(let role, let layer): "without:" + named(role, layer)
    }
  }

  /// Whether a tensor belongs to it.
  func contains(_ entry: ParameterLayout.Entry) -> Bool {
    func isNamed(_ role: ParameterRole, _ layer: Int?) -> Bool {
      entry.role == role && (layer == nil || entry.layer == layer)
    }
    return switch self {
    case .all: true
    case .nothing: false
    case .head: entry.role == .head
    case .body: entry.role != .head
    case .only(let role, let layer): isNamed(role, layer)
    case .without(let role, let layer): !isNamed(role, layer)
    }
  }
}

extension MetaLearner {
  /// The parts of what adapts: all, nothing, head and body where there is a head, every role alone and left out.
  ///
  /// - Parameter byLayer: Whether roles are also taken layer by layer.
  /// - Returns: None for a learner that does not step.
  public func parts(byLayer: Bool = false) -> [AdaptedPart] {
    guard innerLoop.steps > 0 else { return [] }
    let entries = innerLoop.refs.map { layout[$0] }
    let roles = layout.roles.filter { role in entries.contains { $0.role == role } }
    let hasHead = layout.roles.contains(.head)
    var parts: [AdaptedPart] = [.all, .nothing] + (hasHead ? [.head, .body] : [])
    for role in roles {
      parts += [.only(role), .without(role)]
      guard byLayer else { continue }
      for layer in Set(entries.filter { $0.role == role }.compactMap(\.layer)).sorted() {
        parts += [.only(role, layer: layer), .without(role, layer: layer)]
      }
    }
    return parts
  }

  /// Positions of a part among the adapted tensors.
  public func positions(of part: AdaptedPart) -> [Int] {
    innerLoop.refs.indices.filter { part.contains(layout[innerLoop.refs[$0]]) }
  }

  /// The learner whose inner loop changes some of its adapted tensors and leaves the others as they are.
  ///
  /// - Parameters:
  ///   - positions: Which of the adapted tensors, ascending; without any the learner takes no step.
  ///   - point: The meta-parameters.
  /// - Returns: The learner, and the point with the rates that it needs.
  public func adapting(
    only positions: [Int], at point: MetaParameters
  ) -> (learner: MetaLearner, point: MetaParameters) {
    var learner = self
    learner.innerLoop.adapted = positions.map { innerLoop.adapted[$0] }
    if positions.isEmpty { learner.innerLoop.steps = 0 }
    return (learner, MetaParameters(initial: point.initial, rates: positions.map { point.rates[$0] }))
  }
}
