internal import Kernels
internal import Networks
internal import Tensors

/// One ACDC convolution with channel grouping: one small `A[s, s, m]` for all blocks, atoms per block pair.
///
/// With q of Q = O/s output groups, p of P = C/s input groups, a and b within a group:
/// W[q·s + a, p·s + b] = Σ_j A[a, b, j]·D[q, p, j].
struct GroupedAtomConvolution: Convolution {
  let site: ConvSite
  /// `[Q·P·m, k, k]`, ordered q, p, j.
  let atoms: AtomSet
  /// `[s, s, m]`.
  let coefficients: ParameterRef
  let count: Int
  let group: Int
  let scale: Scalar
  let evaluation: KernelEvaluation

  var outputGroups: Int { site.outputs / group }
  var inputGroups: Int { site.inputs / group }
  private var taps: Int { site.kernel * site.kernel }

  private func ownCoefficients(_ parameters: Parameters) -> Tensor {
    scale == 1 ? parameters[coefficients] : scale * parameters[coefficients]
  }

  var constants: [String: Double] { site.constants(coefficientScale: scale) }

  func kernel(_ parameters: Parameters) -> Tensor {
    let (q, p, s) = (outputGroups, inputGroups, group)
    let a = ownCoefficients(parameters).reshaped([s * s, count])
    return matmul(a, byAtom(atoms(parameters))).reshaped([s, s, q, p, taps]).permuted([2, 0, 3, 1, 4])
      .reshaped([site.outputs, site.inputs, site.kernel, site.kernel])
  }

  /// Atoms `[Q·P·m, k, k]` as `[m, Q·P·k²]`.
  func byAtom(_ atoms: Tensor) -> Tensor {
    atoms.reshaped([outputGroups, inputGroups, count, taps]).permuted([2, 0, 1, 3])
      .reshaped([count, outputGroups * inputGroups * taps])
  }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    let geometry = geometry(for: x)
    return evaluation.usesFactors(prefersFactors(over: geometry))
      ? viaGroups(x, parameters, geometry) : conv2d(x, kernel(parameters), geometry)
  }

  private func prefersFactors(over geometry: ConvGeometry) -> Bool {
    var (members, groups) = (geometry, geometry.pointwise)
    members.batch *= group
    groups.batch *= outputGroups
    let stages = [
      FactoredStage(members, from: inputGroups, to: outputGroups * count),
      FactoredStage(groups, from: count * group, to: group),
    ]
    let build = site.outputs * site.inputs * count * taps
    return prefersFactors(stages, over: geometry, build: build)
  }

  /// z[q, j, b] = Σ_p D[q, p, j] ∗ x[p·s + b], then y[q·s + a] = Σ_{j, b} A[a, b, j]·z[q, j, b].
  ///
  /// A is common to all p, so the sum over p comes first: a convolution over p with the members b of a group as
  /// more images.
  private func viaGroups(_ x: Tensor, _ parameters: Parameters, _ g: ConvGeometry) -> Tensor {
    let (q, p, s, m) = (outputGroups, inputGroups, group, count)
    var wide = g
    wide.batch = s * g.batch
    let d = atoms(parameters).reshaped([q, p, m, taps]).permuted([0, 2, 1, 3])
      .reshaped([q * m, p, site.kernel, site.kernel])
    let members = x.reshaped([g.plane, p, s]).permuted([2, 0, 1])
    let z = conv2d(members.reshaped([s * g.batch, g.height, g.width, p]), d, wide)
    let a = ownCoefficients(parameters).permuted([0, 2, 1]).reshaped([s, m * s])
    let stacked = z.reshaped([s, g.outPlane, q, m]).permuted([1, 2, 3, 0])
    return matmul(stacked.reshaped([g.outPlane * q, m * s]), a, transposeB: true)
      .reshaped([g.batch, g.outHeight, g.outWidth, site.outputs])
  }

  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds {
    let pixels = geometry.outPlane / geometry.batch
    let stage = outputGroups * count * inputGroups * group * taps
    let products = outputGroups * group * count * group
    return MultiplyAdds(
      dense: denseMultiplyAdds(geometry), factored: pixels * (stage + products),
      gradients: [
        [.atoms]: pixels * stage, [.atomsDelta]: pixels * stage, [.coefficients]: pixels * products,
      ])
  }
}
