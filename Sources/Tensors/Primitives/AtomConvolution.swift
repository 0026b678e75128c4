public import Kernels

// Q(x, D, A, y) = ⟨A·(x ∗ D), y⟩ is linear in each of its four arguments. Its partial derivatives are the four
// operations below, and the derivative of each of them is made of the other three.

/// A convolution by atoms and coefficients in factored form: every channel with all atoms, then a 1×1 mixture.
///
/// y[o] = Σ_{c, j} A[o, c, j] · (x[c] ∗ D[j]), which equals `conv2d` with the kernel Σ_j A[o, c, j]·D[j].
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - atoms: `[m, k, k]`.
///   - coefficients: `[O, C, m]`.
///   - geometry: The shape of the convolution.
/// - Returns: `[N, Ho, Wo, O]`.
/// - Precondition: the shapes agree with each other and with the geometry.
/// - Source: Wang et al. 2020 (ACDC); Qiu et al. 2018 (DCFNet).
public func atomConv(_ x: Tensor, atoms: Tensor, coefficients: Tensor, _ geometry: ConvGeometry) -> Tensor {
  requireInput(x, geometry)
  let s = sizes(atoms: atoms, coefficients: coefficients, geometry)
  precondition(
    x.shape[3] == s.inputs, "atomConv: \(x.shape) with coefficients of shape \(coefficients.shape)")
  let result = Tensor([geometry.batch, geometry.outHeight, geometry.outWidth, s.outputs]) {
    AtomConvolve.forward(
      [(x.pointer, atoms.pointer)], coefficients: coefficients.pointer, geometry, s, into: $0)
  }
  return record(.atomConv, [x, atoms, coefficients], result) { context, y in
    let (x, d, a) = (context.inputs[0], context.inputs[1], context.inputs[2])
    let coefficients = context.needs[2] ? atomConvCoefficients(x, atoms: d, y, geometry) : nil
    if context.needs[0] && context.needs[1] {
      let (dx, dd) = atomConvBackward(x, atoms: d, coefficients: a, y, geometry)
      return [dx, dd, coefficients]
    }
    return [
      context.needs[0] ? atomConvInput(atoms: d, coefficients: a, y, geometry) : nil,
      context.needs[1] ? atomConvAtoms(x, coefficients: a, y, geometry) : nil, coefficients,
    ]
  }
}

/// The derivative of Q towards its input, `[N, H, W, C]`.
///
/// - Precondition: the shapes agree with each other and with the geometry.
public func atomConvInput(
  atoms: Tensor, coefficients: Tensor, _ y: Tensor, _ geometry: ConvGeometry
) -> Tensor {
  let s = sizes(atoms: atoms, coefficients: coefficients, geometry, y)
  let result = Tensor([geometry.batch, geometry.height, geometry.width, s.inputs]) {
    AtomConvolve.backward(
      y.pointer, coefficients: coefficients.pointer, geometry, s, input: (atoms.pointer, $0), atoms: nil)
  }
  return record(.atomConvInput, [atoms, coefficients, y], result) { context, x in
    let (d, a, y) = (context.inputs[0], context.inputs[1], context.inputs[2])
    return [
      context.needs[0] ? atomConvAtoms(x, coefficients: a, y, geometry) : nil,
      context.needs[1] ? atomConvCoefficients(x, atoms: d, y, geometry) : nil,
      context.needs[2] ? atomConv(x, atoms: d, coefficients: a, geometry) : nil,
    ]
  }
}

/// The derivative of Q towards its atoms, `[m, k, k]`.
///
/// - Precondition: the shapes agree with each other and with the geometry.
public func atomConvAtoms(_ x: Tensor, coefficients: Tensor, _ y: Tensor, _ geometry: ConvGeometry) -> Tensor
{
  requireInput(x, geometry)
  let s = sizes(coefficients: coefficients, y, geometry)
  precondition(
    x.shape[3] == s.inputs, "atomConv: \(x.shape) with coefficients of shape \(coefficients.shape)")
  let result = Tensor([s.atoms, geometry.kernel, geometry.kernel]) {
    AtomConvolve.backward(
      y.pointer, coefficients: coefficients.pointer, geometry, s, input: nil, atoms: (x.pointer, $0))
  }
  return record(.atomConvAtoms, [x, coefficients, y], result) { context, d in
    let (x, a, y) = (context.inputs[0], context.inputs[1], context.inputs[2])
    return [
      context.needs[0] ? atomConvInput(atoms: d, coefficients: a, y, geometry) : nil,
      context.needs[1] ? atomConvCoefficients(x, atoms: d, y, geometry) : nil,
      context.needs[2] ? atomConv(x, atoms: d, coefficients: a, geometry) : nil,
    ]
  }
}

/// The derivative of Q towards its coefficients, `[O, C, m]`.
///
/// - Precondition: the shapes agree with each other and with the geometry.
public func atomConvCoefficients(_ x: Tensor, atoms: Tensor, _ y: Tensor, _ geometry: ConvGeometry) -> Tensor
{
  requireInput(x, geometry)
  requireOutput(y, geometry)
  precondition(
    atoms.shape.rank == 3 && atoms.shape.extents.dropFirst() == [geometry.kernel, geometry.kernel],
    "atomConv: atoms of shape \(atoms.shape) for \(geometry)")
  let s = AtomConvolve.Sizes(inputs: x.shape[3], atoms: atoms.shape[0], outputs: y.shape[3])
  let result = Tensor([s.outputs, s.inputs, s.atoms]) {
    AtomConvolve.coefficients([(x.pointer, atoms.pointer)], y.pointer, geometry, s, into: $0)
  }
  return record(.atomConvCoefficients, [x, atoms, y], result) { context, a in
    let (x, d, y) = (context.inputs[0], context.inputs[1], context.inputs[2])
    return [
      context.needs[0] ? atomConvInput(atoms: d, coefficients: a, y, geometry) : nil,
      context.needs[1] ? atomConvAtoms(x, coefficients: a, y, geometry) : nil,
      context.needs[2] ? atomConv(x, atoms: d, coefficients: a, geometry) : nil,
    ]
  }
}

/// The derivatives of Q towards input and atoms at once: they share one back-projection Aᵀ·y.
///
/// - Returns: `[N, H, W, C]` and `[m, k, k]`.
/// - Precondition: the shapes agree with each other and with the geometry.
public func atomConvBackward(
  _ x: Tensor, atoms: Tensor, coefficients: Tensor, _ y: Tensor, _ geometry: ConvGeometry
) -> (input: Tensor, atoms: Tensor) {
  requireInput(x, geometry)
  let s = sizes(atoms: atoms, coefficients: coefficients, geometry, y)
  precondition(
    x.shape[3] == s.inputs, "atomConv: \(x.shape) with coefficients of shape \(coefficients.shape)")
  let (dx, dd) = backward(x, atoms: atoms, coefficients: coefficients, y, geometry, s)
  let both = record(.atomConvBackward, [x, atoms, coefficients, y], [dx, dd]) { context in
    let (x, d, a, y) = (context.inputs[0], context.inputs[1], context.inputs[2], context.inputs[3])
    let (u, v) = (context.cotangents[0], context.cotangents[1])
    // The function pulled back is Q(u, D, A, y) + Q(x, v, A, y).
    if let u, let v, !context.isRecording {
      let back = context.needs[0] || context.needs[1]
      // Towards x it is the input rule at atoms v; towards D it is the atom rule at input u.
      let (gx, gd) = back ? backward(u, atoms: v, coefficients: a, y, geometry, s) : (nil, nil)
      let pairs = [(x: u.pointer, atoms: d.pointer), (x: x.pointer, atoms: v.pointer)]
      let ga =
        !context.needs[2]
        ? nil
        : Tensor(a.shape) { AtomConvolve.coefficients(pairs, y.pointer, geometry, s, into: $0) }
      let gy =
        !context.needs[3]
        ? nil
        : Tensor(y.shape) { AtomConvolve.forward(pairs, coefficients: a.pointer, geometry, s, into: $0) }
      return [gx, gd, ga, gy]
    }
    return [
      context.needs[0] ? v.map { atomConvInput(atoms: $0, coefficients: a, y, geometry) } : nil,
      context.needs[1] ? u.map { atomConvAtoms($0, coefficients: a, y, geometry) } : nil,
      context.needs[2]
        ? sum(
          u.map { atomConvCoefficients($0, atoms: d, y, geometry) },
          v.map { atomConvCoefficients(x, atoms: $0, y, geometry) }) : nil,
      context.needs[3]
        ? sum(
          u.map { atomConv($0, atoms: d, coefficients: a, geometry) },
          v.map { atomConv(x, atoms: $0, coefficients: a, geometry) }) : nil,
    ]
  }
  return (both[0], both[1])
}

/// Both derivatives as constants: input rule at `atoms`, atom rule at `x`.
private func backward(
  _ x: Tensor, atoms: Tensor, coefficients: Tensor, _ y: Tensor, _ g: ConvGeometry, _ s: AtomConvolve.Sizes
) -> (Tensor, Tensor) {
  var input: Tensor?
  let atomGradient = Tensor(atoms.shape) { toAtoms in
    input = Tensor(x.shape) { toInput in
      AtomConvolve.backward(
        y.pointer, coefficients: coefficients.pointer, g, s, input: (atoms.pointer, toInput),
        atoms: (x.pointer, toAtoms))
    }
  }
  guard let input else { preconditionFailure("unreachable: the closure above runs exactly once") }
  return (input, atomGradient)
}

private func sum(_ a: Tensor?, _ b: Tensor?) -> Tensor? {
  guard let a else { return b }
  guard let b else { return a }
  return a + b
}

private func sizes(
  atoms: Tensor, coefficients: Tensor, _ g: ConvGeometry, _ y: Tensor? = nil
) -> AtomConvolve.Sizes {
  precondition(
    atoms.shape.extents.dropFirst() == [g.kernel, g.kernel] && coefficients.shape.rank == 3
      && coefficients.shape[2] == atoms.shape[0],
    "atomConv: atoms of shape \(atoms.shape) with coefficients of shape \(coefficients.shape)")
  let s = AtomConvolve.Sizes(
    inputs: coefficients.shape[1], atoms: coefficients.shape[2], outputs: coefficients.shape[0])
  if let y {
    requireOutput(y, g)
    precondition(
      y.shape[3] == s.outputs, "atomConv: \(y.shape) with coefficients of shape \(coefficients.shape)")
  }
  return s
}

private func sizes(coefficients: Tensor, _ y: Tensor, _ g: ConvGeometry) -> AtomConvolve.Sizes {
  requireOutput(y, g)
  precondition(
    coefficients.shape.rank == 3 && y.shape[3] == coefficients.shape[0],
    "atomConv: \(y.shape) with coefficients of shape \(coefficients.shape)")
  return AtomConvolve.Sizes(
    inputs: coefficients.shape[1], atoms: coefficients.shape[2], outputs: coefficients.shape[0])
}
