import Randomness
import Tensors
import TestSupport

/// One row of the gradient table: a way to exercise one primitive.
struct PrimitiveCase: Sendable, CustomStringConvertible {
  let primitive: Primitive
  let name: String
  let shapes: [Shape]
  /// Interval the inputs are drawn from; away from kinks and poles of the function.
  let range: ClosedRange<Double>
  let function: @Sendable ([Tensor]) -> Tensor

  var description: String { "\(primitive.rawValue) \(name)" }

  init(
    _ primitive: Primitive, _ name: String, _ shapes: [Shape], range: ClosedRange<Double> = -1...1,
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.primitive = primitive
    self.name = name
    self.shapes = shapes
    self.range = range
    self.function = function
  }

  init(
    _ primitive: Primitive, _ shapes: [Shape], range: ClosedRange<Double> = -1...1,
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.init(primitive, "", shapes, range: range, function)
  }

  func inputs(_ stream: inout RandomStream) -> [Tensor] {
    shapes.map { .uniform(range.lowerBound, range.upperBound, $0, &stream) }
  }
}

private let square = ConvGeometry(batch: 2, height: 4, width: 5, kernel: 3, padding: 1)
private let strided = ConvGeometry(batch: 2, height: 5, width: 4, kernel: 3, stride: 2, padding: 1)
private let picks = RowIndex([[0, 2, 2], [3, 1, 0]], columns: 4)

let primitiveTable: [PrimitiveCase] =
  [
    PrimitiveCase(.add, [[2, 3], [2, 3]]) { ($0[0] + $0[1]) * $0[0] },
    PrimitiveCase(.subtract, [[2, 3], [2, 3]]) { ($0[0] - $0[1]) * $0[1] },
    PrimitiveCase(.multiply, [[2, 3], [2, 3]]) { $0[0] * $0[1] },
    PrimitiveCase(.affine, [[2, 3]]) {
      let y = $0[0].affine(scale: 1.5, offset: -0.5); return y * y
    },
    PrimitiveCase(.scale, [[2, 3], [1], [2, 3]]) { ($0[0].scaled(by: $0[1]) * $0[2]).scaled(by: $0[1]) },
    // The second input is read and the third is not; the first is made of what the second is.
    PrimitiveCase(.remake, [[2, 3], [2, 3], [2, 3]]) { inputs in
      let all = [inputs[0] * inputs[1], inputs[1], inputs[2]]
      @Sendable func body(_ x: [Tensor]) -> Tensor { (x[0] * x[1]).exponential * x[0] }
      return body(all.map(\.detached)).remade(from: all) { body($0) } * inputs[2]
    },
    PrimitiveCase(.exponential, [[2, 3]]) { $0[0].exponential },
    PrimitiveCase(.logarithm, [[2, 3]], range: 1...2) { $0[0].logarithm },
    PrimitiveCase(.power, "-0.5", [[2, 3]], range: 1...2) { $0[0].power(-0.5) },
    PrimitiveCase(.power, "3", [[2, 3]]) { $0[0].power(3) },
    PrimitiveCase(.rowSums, [[2, 3]]) {
      let s = $0[0].rowSums; return s * s
    },
    PrimitiveCase(.expandRows, [[2], [2, 3]]) { $0[0].expandedRows(to: 3) * $0[1] },
    PrimitiveCase(.reshape, [[2, 3], [6]]) { $0[0].reshaped([6]) * $0[1] },
    PrimitiveCase(.permute, [[2, 3, 4], [4, 2, 3]]) { $0[0].permuted([2, 0, 1]) * $0[1] },
    PrimitiveCase(.slice, [[3, 4], [2, 2]]) { $0[0].slice(rows: 1..<3, columns: 0..<2) * $0[1] },
    PrimitiveCase(.pad, [[2, 2], [3, 4]]) { $0[0].padded(to: [3, 4], row: 1, column: 2) * $0[1] },
    PrimitiveCase(.gather, [[2, 4], [2, 3]]) { $0[0].gathered(picks) * $0[1] },
    PrimitiveCase(.scatter, [[2, 3], [2, 4]]) { $0[0].scattered(picks) * $0[1] },
    PrimitiveCase(.symmetricInverse, [[3, 4], [3, 3]]) {
      let identity = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3])
      return (matmul($0[0], $0[0], transposeB: true) + identity).symmetricInverse * $0[1]
    },
    PrimitiveCase(.conv2d, [[2, 4, 5, 2], [3, 2, 3, 3]]) { conv2d($0[0], $0[1], square) },
    PrimitiveCase(.conv2d, "stride 2", [[2, 5, 4, 2], [3, 2, 3, 3]]) { conv2d($0[0], $0[1], strided) },
    PrimitiveCase(.conv2dInput, [[2, 4, 5, 3], [3, 2, 3, 3]]) { conv2dInput($0[0], $0[1], square) },
    PrimitiveCase(.conv2dInput, "stride 2", [[2, 3, 2, 3], [3, 2, 3, 3]]) {
      conv2dInput($0[0], $0[1], strided)
    },
    PrimitiveCase(.conv2dKernel, [[2, 4, 5, 2], [2, 4, 5, 3]]) { conv2dKernel($0[0], $0[1], square) },
    PrimitiveCase(.conv2dKernel, "stride 2", [[2, 5, 4, 2], [2, 3, 2, 3]]) {
      conv2dKernel($0[0], $0[1], strided)
    },
    PrimitiveCase(.atomConv, [[2, 4, 5, 2], [4, 3, 3], [3, 2, 4]]) {
      atomConv($0[0], atoms: $0[1], coefficients: $0[2], square)
    },
    PrimitiveCase(.atomConv, "stride 2", [[2, 5, 4, 2], [4, 3, 3], [3, 2, 4]]) {
      atomConv($0[0], atoms: $0[1], coefficients: $0[2], strided)
    },
    PrimitiveCase(.atomConvInput, [[4, 3, 3], [3, 2, 4], [2, 4, 5, 3]]) {
      atomConvInput(atoms: $0[0], coefficients: $0[1], $0[2], square)
    },
    PrimitiveCase(.atomConvAtoms, [[2, 4, 5, 2], [3, 2, 4], [2, 4, 5, 3]]) {
      atomConvAtoms($0[0], coefficients: $0[1], $0[2], square)
    },
    PrimitiveCase(.atomConvCoefficients, [[2, 4, 5, 2], [4, 3, 3], [2, 4, 5, 3]]) {
      atomConvCoefficients($0[0], atoms: $0[1], $0[2], square)
    },
    PrimitiveCase(.atomConvBackward, [[2, 4, 5, 2], [4, 3, 3], [3, 2, 4], [2, 4, 5, 3]]) {
      let (dx, dd) = atomConvBackward($0[0], atoms: $0[1], coefficients: $0[2], $0[3], square)
      return dx.reshaped([80, 1]) * dd.sum.filling([80, 1])
    },
  ] + matmulCases + normaliseCases

private let matmulCases = [false, true].flatMap { ta in
  [false, true].map { tb in
    PrimitiveCase(
      .matmul, "\(ta ? "Aᵀ" : "A")\(tb ? "Bᵀ" : "B")", [ta ? [3, 2] : [2, 3], tb ? [4, 3] : [3, 4]]
    ) {
      matmul($0[0], $0[1], transposeA: ta, transposeB: tb)
    }
  }
}

/// Odd sizes, windows of 1, 2 and 3, one image, one channel, ReLU and leaky ReLU.
private let blockShapes: [([Int], Int, Double)] = [
  ([2, 4, 5, 2], 2, 0), ([3, 3, 3, 1], 1, 0.1), ([1, 7, 6, 3], 3, 0), ([2, 5, 4, 18], 2, 0.2),
]

private let normaliseCases: [PrimitiveCase] = blockShapes.flatMap { shape, pool, slope in
  [Primitive.normalise, .normaliseBackward, .spread, .pick].map { (primitive: Primitive) -> PrimitiveCase in
    // What is added before the activation.
    let around = [Primitive.spread, .pick].contains(primitive) ? [Shape(shape)] : []
    return PrimitiveCase(
      primitive, "\(shape) pool \(pool) slope \(slope)", [Shape(shape), [shape[3]], [shape[3]]] + around,
      range: 0.5...1.5
    ) { inputs in
      // A fixed pattern keeps windows and signs away from ties; the checked inputs move it only a little.
      let (channels, plane) = (shape[3], inputs[0].count / shape[3])
      let steps = (0..<inputs[0].count).map { (i: Int) -> Scalar in
        let place = i % channels * plane + i / channels
        return Scalar((place * 37 + place / 5 * 11) % 23 - 11)
      }
      let pattern = Tensor(steps, shape: inputs[0].shape)
      let y = pattern + 0.2 * inputs[0]
      let options = NormaliseOptions(pool: pool, slope: Scalar(slope))
      let out = normalise(
        y, scale: inputs[1], shift: inputs[2], around: around.isEmpty ? nil : 0.02 * inputs[3], options)
      if !around.isEmpty {
        // The cotangent of what is added as a function of everything, and with pick the cotangent's own cotangent.
        let leaf = (0.02 * inputs[3]).tracked
        let again = normalise(y, scale: inputs[1], shift: inputs[2], around: leaf, options)
        let seed = (again * again).tracked
        let spread = gradients(of: [again], wrt: [leaf], seeds: [seed], differentiable: true)[0]
        guard primitive == .pick else { return spread }
        return gradients(of: [spread], wrt: [seed], seeds: [leaf * leaf + y], differentiable: true)[0]
      }
      guard primitive == .normaliseBackward else { return out }
      // The backward pass as a function of y, scale and the cotangent (here: the output itself).
      let leaves = [
        y.affine(scale: 1).tracked, inputs[1].affine(scale: 1).tracked, inputs[2].affine(scale: 1).tracked,
      ]
      let again = normalise(leaves[0], scale: leaves[1], shift: leaves[2], options)
      let pulled = gradients(of: [again], wrt: leaves, seeds: [out * out], differentiable: true)
      return pulled[0] * (pulled[1].sum + pulled[2].dot(pulled[2])).filling(y.shape)
    }
  }
}
