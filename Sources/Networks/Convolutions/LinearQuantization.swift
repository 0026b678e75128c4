internal import Kernels
public import Tensors

/// Uniform quantization of trained tensors: each keeps its least number, a step, and one level per number.
///
/// With b bits Δ = (max − min)/(2ᵇ − 1) and q = round((x − min)/Δ). Done once, after training.
///
/// - Source: the 8-bit linear quantization of FSNet (Yang et al. 2019), whose exact form could not be read; this one
///   is ours.
public struct LinearQuantization: Sendable {
  /// Bits of a level.
  public let bits: Int

  /// Quantization to so many bits.
  ///
  /// - Precondition: there are 1 to 16 of them.
  public init(bits: Int = 8) {
    precondition((1...16).contains(bits), "quantization to \(bits) bits")
    self.bits = bits
  }

  /// A tensor as it comes back from its levels.
  ///
  /// - Returns: A constant of the same shape, at most Δ/2 away from each number.
  public func callAsFunction(_ tensor: Tensor) -> Tensor {
    let scalars = tensor.scalars
    guard let low = scalars.min(), let high = scalars.max(), low < high else { return tensor.detached }
    let step = (Double(high) - Double(low)) / Double((1 << bits) - 1)
    return Tensor(
      scalars.map { x in
        let level = ((Double(x) - Double(low)) / step).rounded()
        return Scalar(Double(low) + level * step)
      }, shape: tensor.shape)
  }

  /// A point with all tensors of some roles quantized.
  public func callAsFunction(_ parameters: Parameters, roles: Set<ParameterRole>) -> Parameters {
    let refs = parameters.layout.refs.filter { roles.contains(parameters.layout[$0].role) }
    return parameters.replacing(refs, with: refs.map { self(parameters[$0]) })
  }

  /// What a layout takes, in numbers of 32 bits, with some roles quantized.
  ///
  /// A quantized tensor of n numbers takes n levels, and its least number and its step in 32 bits each:
  /// (bits·n + 64)/32. All others take one each.
  ///
  /// - Returns: The effective parameter count.
  public func effectiveParameters(of layout: ParameterLayout, roles: Set<ParameterRole>) -> Double {
    layout.entries.filter(\.isLearned).reduce(0) { total, entry in
      let count = Double(entry.shape.count)
      return total + (roles.contains(entry.role) ? (Double(bits) * count + 64) / 32 : count)
    }
  }
}
