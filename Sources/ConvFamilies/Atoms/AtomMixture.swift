internal import Kernels
internal import LinearAlgebra
internal import Networks
internal import Tensors

/// One ACDC convolution in either form.
struct AtomMixtureConvolution: Convolution {
  /// With channel groups or without.
  let form: any AtomMixture

  var site: ConvSite { form.site }
  var constants: [String: Double] { form.constants }

  func kernel(_ parameters: Parameters) -> Tensor { form.kernel(parameters) }
  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor { form(x, parameters) }
  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds { form.multiplyAdds(geometry) }
  func product(_ parameters: Parameters) -> KernelProduct? { form.product(parameters) }
}

/// Both forms of ACDC convolutions as matrices: coefficients `[rows, m]` times atoms `[m, columns]`.
protocol AtomMixture: Convolution {
  var atoms: AtomSet { get }
  var coefficients: ParameterRef { get }
  var count: Int { get }
  var scale: Scalar { get }
  /// The kernel over its scale: one row per pair of channels that the coefficients mix.
  func matrix(of kernel: Tensor) -> Matrix
  /// Which rows of the coefficients those are.
  func rows(in parameters: Parameters) -> [Int]
  /// The meta-learned atoms, `[m, columns]`.
  func atomMatrix(_ parameters: Parameters) -> Tensor
  /// The point with these atoms, `[m, columns]`, and no difference to them.
  func replacingAtoms(_ atoms: Tensor, in parameters: Parameters) -> Parameters
}

extension AtomMixture {
  fileprivate func scaled(_ kernel: Tensor, columns: Int) -> Matrix {
    Matrix(
      kernel.scalars.map { Double($0) / Double(scale) }, rows: kernel.count / columns, columns: columns)
  }

  fileprivate func set(_ numbers: Tensor, _ parameters: Parameters) -> Parameters {
    let refs = [atoms.ref] + (atoms.delta.map { [$0] } ?? [])
    let values = refs.map { ref in
      ref == atoms.ref
        ? numbers.reshaped(parameters[ref].shape) : Tensor(repeating: 0, shape: parameters[ref].shape)
    }
    return parameters.replacing(refs, with: values)
  }
}

extension AtomConvolution: AtomMixture {
  func matrix(of kernel: Tensor) -> Matrix { scaled(kernel, columns: site.kernel * site.kernel) }

  func rows(in parameters: Parameters) -> [Int] {
    let width = parameters[coefficients].shape[1]
    return (0..<site.outputs).flatMap { o in (0..<site.inputs).map { o * width + $0 } }
  }

  func atomMatrix(_ parameters: Parameters) -> Tensor {
    parameters[atoms.ref].reshaped([count, site.kernel * site.kernel])
  }

  func replacingAtoms(_ atoms: Tensor, in parameters: Parameters) -> Parameters { set(atoms, parameters) }
}

extension GroupedAtomConvolution: AtomMixture {
  func matrix(of kernel: Tensor) -> Matrix {
    let (q, p, taps) = (outputGroups, inputGroups, site.kernel * site.kernel)
    return scaled(
      kernel.reshaped([q, group, p, group, taps]).permuted([1, 3, 0, 2, 4]), columns: q * p * taps)
  }

  func rows(in parameters: Parameters) -> [Int] { Array(0..<(group * group)) }

  func atomMatrix(_ parameters: Parameters) -> Tensor { byAtom(parameters[atoms.ref]) }

  func replacingAtoms(_ atoms: Tensor, in parameters: Parameters) -> Parameters {
    set(
      atoms.reshaped([count, outputGroups, inputGroups, site.kernel * site.kernel]).permuted([1, 2, 0, 3]),
      parameters)
  }
}
