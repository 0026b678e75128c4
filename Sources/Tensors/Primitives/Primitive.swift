/// Every operation that has a derivative rule of its own.
///
/// Whatever else exists is composed of these.
///
/// A test walks this list: a primitive without a row in the gradient table fails it.
package enum Primitive: String, CaseIterable, Sendable {
  case add, subtract, multiply, affine, scale
  case exponential, logarithm, power
  case rowSums, expandRows
  case reshape, permute, slice, pad
  case gather, scatter
  case matmul, symmetricInverse
  case conv2d, conv2dInput, conv2dKernel
  case atomConv, atomConvInput, atomConvAtoms, atomConvCoefficients, atomConvBackward
  case normalise, normaliseBackward, spread, pick
  case remake
}
