internal import Kernels
internal import MetaLearning
internal import Networks
internal import Randomness
internal import Tensors
internal import Training

/// How much further a step on a role moves kernels than the same step on the kernels themselves.
///
/// A step η on factors f moves the kernel by −η·J·Jᵀ·dW with J = ∂W/∂f, so at equal rates a family whose J·Jᵀ is
/// large learns faster for that reason alone. This is the mean eigenvalue of J·Jᵀ over the directions that the role
/// can reach: its trace over their number, which is the smaller of the numbers that adapt and those of the kernel.
/// Standard kernels and orthonormal factors have 1, atoms about 2·O/m at the start.
///
/// - Source: Hutchinson 1990 for the trace of Jᵀ·J, as the mean of ‖J·v‖² over random signs v; the measure is ours.
package struct Amplification: Hashable, Sendable {
  /// The role.
  package let role: String
  /// The mean over the convolutions that it enters.
  package let mean: Double
  /// The least of them.
  package let lowest: Double
  /// The largest of them.
  package let highest: Double

  /// Measures every adapted role that enters a kernel.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - adapted: What its inner loop changes.
  ///   - sources: Which of that enters which kernel.
  ///   - parameters: Where; not evaluated if no role enters a kernel.
  /// - Returns: One entry per role, in order of declaration.
  static func measure(
    _ network: Network, adapted: [AdaptedTensor], _ sources: KernelSources, at parameters: () -> Parameters
  ) -> [Amplification] {
    let layout = network.layout
    guard network.backbone.convolutions.contains(where: { !sources[$0.convolution].isEmpty }) else {
      return []
    }
    let parameters = parameters()
    return layout.roles.compactMap { role in
      let values = network.backbone.convolutions.compactMap { item -> Double? in
        let own = sources[item.convolution].filter { layout[$0.ref].role == role }
        return own.isEmpty ? nil : meanEigenvalue(item.convolution, by: own, at: parameters)
      }
      guard let lowest = values.min(), let highest = values.max() else { return nil }
      return Amplification(
        role: role.rawValue, mean: values.reduce(0, +) / Double(values.count), lowest: lowest,
        highest: highest)
    }
  }

  /// Random directions per convolution: few suffice, since the columns of J are nearly orthogonal in all families.
  private static let draws = 4

  private static func meanEigenvalue(
    _ convolution: any Convolution, by adapted: [AdaptedTensor], at parameters: Parameters
  ) -> Double {
    let leaves = adapted.map { parameters[$0.ref].leaf }
    let kernel = convolution.kernel(parameters.detached.replacing(adapted.map(\.ref), with: leaves))
    var stream = RandomStream(seed: 0, purpose: "amplification/" + convolution.site.path)
    func signs(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in stream.next() & 1 == 0 ? 1 : -1 }, shape: shape)
    }
    // Jᵀu is linear in u, and the gradient of ⟨Jᵀu, v⟩ by u is J·v. Sums of signs may cancel, where several weights
    // share a number; sums of normal numbers do not, so what is not zero is what is reached.
    let u = Tensor((0..<kernel.count).map { _ in Scalar(stream.normal()) }, shape: kernel.shape).leaf
    let pulled = gradients(of: [kernel], wrt: leaves, seeds: [u], differentiable: true)
    let reached = zip(pulled, adapted).reduce(0) { count, item in
      count + (item.1.mask.map { item.0 * $0 } ?? item.0).scalars.count { $0 != 0 }
    }
    let trace = (0..<draws).reduce(0.0) { sum, _ in
      let along = zip(pulled, adapted).reduce(Tensor(0)) { sum, item in
        let v = signs(item.0.shape)
        return sum + item.0.dot(item.1.mask.map { v * $0 } ?? v)
      }
      let moved = along.isTracked ? gradients(of: along, wrt: [u])[0].scalars : []
      return sum + moved.reduce(0) { $0 + Double($1) * Double($1) }
    }
    return trace / Double(draws * max(1, min(reached, kernel.count)))
  }
}
