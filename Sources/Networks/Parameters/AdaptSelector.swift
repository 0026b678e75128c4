internal import Randomness
public import Tensors

/// Which parameters the inner loop changes, as written in `--adapt`: `atoms+head`, `norm@2-4`, `random:100`.
public struct AdaptSelector: Hashable, Sendable, CustomStringConvertible {
  private enum Target: Hashable {
    case all
    case nothing
    case role(ParameterRole)
    case random(Int)
  }

  private struct Term: Hashable {
    let target: Target
    let layers: ClosedRange<Int>?
  }

  private let terms: [Term]
  /// The selector as it was written.
  public let description: String

  /// Reads a selector.
  ///
  /// - Parameter text: Terms joined by `+`; a term is `all`, `none`, `random:K` or a role, and may be limited to
  ///   layers by `@3` or `@3-4`.
  /// - Throws: If the text has no such form.
  public init(_ text: String) throws(ConfigurationError) {
    var terms: [Term] = []
    for part in text.split(separator: "+", omittingEmptySubsequences: false) {
      terms.append(try Self.term(String(part), of: text))
    }
    if terms.count > 1, terms.contains(where: { $0.target == .nothing }) {
      throw Self.malformed(text, "none cannot be joined with anything")
    }
    let draws = terms.count { if case .random = $0.target { true } else { false } }
    if draws > 1 { throw Self.malformed(text, "random can stand once; add its numbers up") }
    self.terms = terms
    description = text
  }

  private static func term(_ part: String, of text: String) throws(ConfigurationError) -> Term {
    let pieces = part.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    guard pieces.count <= 2, let name = pieces.first, !name.isEmpty else {
      throw malformed(text, "\"\(part)\" is not a term")
    }
    var layers: ClosedRange<Int>?
    if pieces.count == 2 {
      let bounds = pieces[1].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(bounds.count), let low = bounds[0], let high = bounds[bounds.count - 1],
        1 <= low, low <= high
      else { throw malformed(text, "\"@\(pieces[1])\" names no layers") }
      layers = low...high
    }
    if name == "random" {
      throw malformed(text, "random needs a number of weights, or stands alone beside an adapt-budget")
    }
    if name.hasPrefix("random:") {
      guard let count = Int(name.dropFirst(7)), count > 0 else {
        throw malformed(text, "\"\(name)\" needs a positive number of weights")
      }
      return Term(target: .random(count), layers: layers)
    }
    guard name.allSatisfy({ $0.isLetter || $0 == "-" }) else {
      throw malformed(text, "\"\(name)\" is no role")
    }
    switch name {
    case "all": return Term(target: .all, layers: layers)
    case "none":
      guard layers == nil else { throw malformed(text, "none has no layers") }
      return Term(target: .nothing, layers: nil)
    default: return Term(target: .role(ParameterRole(rawValue: name)), layers: layers)
    }
  }

  /// Whether a role stands in it by name.
  package func names(_ role: ParameterRole) -> Bool { terms.contains { $0.target == .role(role) } }

  /// Whether it draws random numbers of the body.
  package var drawsNumbers: Bool { terms.contains { if case .random = $0.target { true } else { false } } }

  private static func malformed(_ text: String, _ reason: String) -> ConfigurationError {
    ConfigurationError(
      field: "adapt", value: text, reason: reason,
      remedy: "Write terms such as atoms, norm@2-4 or random:100, joined by +")
  }

  /// The adapted parameters of a layout, in declaration order.
  ///
  /// - Parameters:
  ///   - layout: Whose parameters.
  ///   - withHead: Whether a task head, if there is one, adapts although the selector does not name it.
  ///   - seed: For `random:K`, which K weights of the body are drawn, evenly over all numbers.
  /// - Returns: One entry per adapted tensor.
  /// - Throws: If a role, a layer or that many weights do not exist.
  public func adapted(in layout: ParameterLayout, withHead: Bool, seed: UInt64) throws(ConfigurationError)
    -> [AdaptedTensor]
  {
    var chosen: Set<ParameterRef> = []
    var masks: [ParameterRef: Set<Int>] = [:]
    let deepest = layout.entries.compactMap(\.layer).max() ?? 0
    for term in terms {
      if let layers = term.layers, layers.upperBound > deepest {
        throw Self.malformed(description, "the last of the layers is \(deepest)")
      }
      let inLayers = layout.refs.filter { ref in
        layout[ref].isLearned
          && (term.layers.map { layers in layout[ref].layer.map(layers.contains) ?? false } ?? true)
      }
      switch term.target {
      case .nothing: continue
      case .all: chosen.formUnion(inLayers)
      case .role(let role):
        guard layout.roles.contains(role) else { throw missing(role, in: layout) }
        let own = inLayers.filter { layout[$0].role == role }
        if own.isEmpty, let layers = term.layers {
          throw Self.malformed(
            description, "no \(role) lie in layers \(layers.lowerBound) to \(layers.upperBound)")
        }
        chosen.formUnion(own)
      case .random(let count):
        let body = inLayers.filter { layout[$0].role != .head }
        for (ref, weights) in try drawn(count, from: body, layout, seed) {
          masks[ref, default: []].formUnion(weights)
        }
      }
    }
    if withHead { chosen.formUnion(layout.refs.filter { layout[$0].role == .head }) }
    return layout.refs.compactMap { ref in
      if chosen.contains(ref) { return AdaptedTensor(ref: ref, mask: nil) }
      guard let weights = masks[ref] else { return nil }
      let shape = layout[ref].shape
      return AdaptedTensor(
        ref: ref, mask: Tensor((0..<shape.count).map { weights.contains($0) ? 1 : 0 }, shape: shape))
    }
  }

  private func missing(_ role: ParameterRole, in layout: ParameterLayout) -> ConfigurationError {
    let roles = layout.roles.map(\.rawValue).joined(separator: ", ")
    return ConfigurationError(
      field: "adapt", value: description, reason: "this network has no parameters of the role \(role)",
      remedy: "Its roles are \(roles); all, none and random:K always exist")
  }

  private func drawn(
    _ count: Int, from body: [ParameterRef], _ layout: ParameterLayout, _ seed: UInt64
  ) throws(ConfigurationError) -> [(ParameterRef, Set<Int>)] {
    let total = body.reduce(0) { $0 + layout[$1].shape.count }
    guard count <= total else {
      throw ConfigurationError(
        field: "adapt", value: description, reason: "the body has only \(total) weights",
        remedy: "Use random:K with K up to \(total)")
    }
    var stream = RandomStream(seed: seed, purpose: "adapt/random")
    let picked = stream.distinct(count, below: total).sorted()
    var start = 0
    return body.compactMap { ref in
      let range = start..<(start + layout[ref].shape.count)
      start = range.upperBound
      let own = picked.filter(range.contains).map { $0 - range.lowerBound }
      return own.isEmpty ? nil : (ref, Set(own))
    }
  }
}

/// A parameter that the inner loop changes, whole or in part.
public struct AdaptedTensor: Sendable {
  /// Its place in the layout.
  public let ref: ParameterRef
  /// Ones where it adapts and zeros elsewhere, of its shape; nil adapts all of it.
  public let mask: Tensor?

  /// A parameter and which of its numbers adapt.
  public init(ref: ParameterRef, mask: Tensor?) {
    self.ref = ref
    self.mask = mask
  }

  /// A gradient of the tensor, with zeros where it does not adapt.
  package func masked(_ gradient: Tensor) -> Tensor { mask.map { gradient * $0 } ?? gradient }

  /// How many of its numbers adapt.
  public func count(in layout: ParameterLayout) -> Int {
    mask.map { $0.scalars.count { $0 != 0 } } ?? layout[ref].shape.count
  }
}
