public import Kernels

/// How a block ends: batch normalisation, leaky ReLU, max-pooling.
public struct NormaliseOptions: Hashable, Sendable {
  /// Side of the pooling windows; 1 does not pool.
  ///
  /// Rows and columns that do not fill a window are dropped.
  public var pool: Int
  /// Added to the variance.
  public var epsilon: Scalar
  /// Slope of the activation for negative numbers; 0 is ReLU.
  public var slope: Scalar

  /// A block that ends in ReLU unless a slope is given.
  ///
  /// - Precondition: the slope lies within 0...1.
  public init(pool: Int, epsilon: Scalar = 1e-5, slope: Scalar = 0) {
    precondition(
      (0...1).contains(slope), "a slope of \(slope): pooling comes first, so it must keep the order")
    self.pool = pool
    self.epsilon = epsilon
    self.slope = slope
  }
}

/// Batch normalisation by the batch's own statistics, scale and shift, activation and max-pooling, fused.
///
/// v = scale·(y − mean)/√(variance + ε) + shift + around, out = pool(v > 0 ? v : slope·v). The variance is the biased
/// one. One pass forward, one backward and one for the second derivative; higher derivatives are composed of
/// primitives. The derivative at a tie is that of the first of the equal candidates, and at zero it is the slope.
///
/// - Parameters:
///   - y: `[N, H, W, C]`.
///   - scale: `[C]`.
///   - shift: `[C]`.
///   - around: What is added before the activation, of the shape of y, as by a residual block's shortcut; nil for nothing.
///   - options: Window, ε and slope.
/// - Returns: `[N, H / pool, W / pool, C]`.
/// - Precondition: the shapes agree and an image holds at least one window.
/// - Source: Ioffe and Szegedy 2015; the fusion and its second derivative are ours.
public func normalise(
  _ y: Tensor, scale: Tensor, shift: Tensor, around: Tensor? = nil, _ options: NormaliseOptions
) -> Tensor {
  precondition(
    y.shape.rank == 4 && scale.shape == [y.shape[3]] && shift.shape == scale.shape
      && (around?.shape ?? y.shape) == y.shape,
    "normalise: \(y.shape) with scale \(scale.shape), shift \(shift.shape)"
      + (around.map { " and \($0.shape) around" } ?? ""))
  let g = Normalise.Geometry(
    channels: y.shape[3], batch: y.shape[0], height: y.shape[1], width: y.shape[2], pool: options.pool,
    epsilon: options.epsilon, slope: options.slope)
  let (out, saved) = NormaliseState.forward(y, scale, shift, around, g)
  return record(.normalise, [y, scale, shift] + (around.map { [$0] } ?? []), out) { context, u in
    var cotangents: [Tensor?] = [nil, nil, nil]
    if context.needs[..<3].contains(true) {
      cotangents = normaliseBackward(context.inputs[0], scale: context.inputs[1], u, saved)
    }
    return around == nil ? cotangents : cotangents + [context.needs[3] ? spread(u, saved) : nil]
  }
}

/// The cotangent of what is added before the activation: to each winner that of its window, times its slope.
private func spread(_ u: Tensor, _ saved: NormaliseState) -> Tensor {
  let g = saved.geometry
  let x = Tensor([g.batch, g.height, g.width, g.channels]) {
    Normalise.spread(u.pointer, winners: saved.codes.pointer, g, into: $0)
  }
  return record(.spread, [u], x) { _, cotangent in [pick(cotangent, saved)] }
}

/// The adjoint of ``spread(_:_:)``.
private func pick(_ x: Tensor, _ saved: NormaliseState) -> Tensor {
  let g = saved.geometry
  let out = Tensor([g.batch, g.height / g.pool, g.width / g.pool, g.channels]) {
    Normalise.pick(x.pointer, winners: saved.codes.pointer, g, into: $0)
  }
  return record(.pick, [x], out) { _, cotangent in [spread(cotangent, saved)] }
}

/// The backward pass as an operation with three outputs: the cotangents of y, scale and shift.
private func normaliseBackward(_ y: Tensor, scale: Tensor, _ u: Tensor, _ saved: NormaliseState) -> [Tensor] {
  let g = saved.geometry
  var dy: Tensor?
  var dscale: Tensor?
  let dshift = Tensor(scale.shape) { shift in
    dscale = Tensor(scale.shape) { scaleOut in
      dy = Tensor(y.shape) { out in
        Normalise.backward(
          y.pointer, scale: scale.pointer, saved.pointers, u.pointer, g, into: out, dscale: scaleOut,
          dshift: shift)
      }
    }
  }
  guard let dy, let dscale else { preconditionFailure("unreachable: the closures above run exactly once") }
  return record(.normaliseBackward, [y, scale, u], [dy, dscale, dshift]) { context in
    let (y, scale, u) = (context.inputs[0], context.inputs[1], context.inputs[2])
    if context.isRecording {
      // Third order and above: differentiate the same function, written in primitives.
      let leaves = [y.identity, scale.identity, u.identity]
      let outputs = composedBackward(leaves[0], scale: leaves[1], leaves[2], saved)
      let known = zip(outputs, context.cotangents).compactMap { output, seed in seed.map { (output, $0) } }
      return gradients(of: known.map(\.0), wrt: leaves, seeds: known.map(\.1), differentiable: true)
    }
    return doubleBackward(y, scale, u, context.cotangents, saved)
  }
}

private func doubleBackward(
  _ y: Tensor, _ scale: Tensor, _ u: Tensor, _ cotangents: [Tensor?], _ saved: NormaliseState
) -> [Tensor?] {
  var gy: Tensor?
  var gscale: Tensor?
  let gu = Tensor(u.shape) { toU in
    gscale = Tensor(scale.shape) { toScale in
      gy = Tensor(y.shape) { toY in
        Normalise.doubleBackward(
          y.pointer, scale: scale.pointer, saved.pointers, u.pointer, saved.geometry,
          onDy: cotangents[0]?.pointer, onDscale: cotangents[1]?.pointer, onDshift: cotangents[2]?.pointer,
          into: toY, gscale: toScale, gu: toU)
      }
    }
  }
  return [gy, gscale, gu]
}

/// The backward pass in primitives: dy = s·(G − S0/M − x̂·S1/M), dscale = S1, dshift = S0.
private func composedBackward(_ y: Tensor, scale: Tensor, _ u: Tensor, _ saved: NormaliseState) -> [Tensor] {
  let g = saved.geometry
  let m = Scalar(g.plane)
  // One row per channel.
  let rows = y.reshaped([g.plane, g.channels]).transposed
  let centred = rows - ((1 / m) * rows.rowSums).expandedRows(to: g.plane)
  let inverse = (((1 / m) * (centred * centred).rowSums) + g.epsilon).power(-0.5)
  let normal = centred * inverse.expandedRows(to: g.plane)
  let weighted = (u * saved.slopes).reshaped([1, u.count]).scattered(saved.winners)
    .reshaped([g.plane, g.channels]).transposed
  let s0 = weighted.rowSums
  let s1 = (weighted * normal).rowSums
  let mean = ((1 / m) * s0).expandedRows(to: g.plane)
  let along = ((1 / m) * s1).expandedRows(to: g.plane)
  let dy = (scale * inverse).expandedRows(to: g.plane) * (weighted - mean - normal * along)
  return [dy.transposed.reshaped(y.shape), s1, s0]
}

/// What the forward pass leaves behind: the winner of every window and the channel statistics.
private struct NormaliseState: Sendable {
  let geometry: Normalise.Geometry
  /// The place of each winner in its window, the top bit set where the activation was on its negative side.
  let codes: IndexBuffer<UInt8>
  let mean: Storage
  let inverse: Storage

  var pointers: Normalise.Saved {
    Normalise.Saved(winners: codes.pointer, mean: mean.pointer, inverse: inverse.pointer)
  }

  /// Where the winners are among all numbers of the input.
  var winners: RowIndex {
    let g = geometry
    let (rows, columns) = (g.height / g.pool, g.width / g.pool)
    return RowIndex(rows: 1, picked: codes.count, columns: g.plane * g.channels) { out in
      for i in 0..<codes.count {
        let (window, channel) = i.quotientAndRemainder(dividingBy: g.channels)
        let place = Int(codes.pointer[i] & 0x7F)
        let row = window / columns % rows * g.pool + place / g.pool
        let column = window % columns * g.pool + place % g.pool
        let image = window / columns / rows
        out[i] = Int32(((image * g.height + row) * g.width + column) * g.channels + channel)
      }
    }
  }

  /// The slope of the activation at each winner, of the output's shape.
  var slopes: Tensor {
    let g = geometry
    return Tensor([g.batch, g.height / g.pool, g.width / g.pool, g.channels]) { out in
      for i in 0..<codes.count { out[i] = codes.pointer[i] & 0x80 != 0 ? g.slope : 1 }
    }
  }

  static func forward(
    _ y: Tensor, _ scale: Tensor, _ shift: Tensor, _ around: Tensor?, _ g: Normalise.Geometry
  ) -> (Tensor, NormaliseState) {
    var state: NormaliseState?
    let out = Tensor([g.batch, g.height / g.pool, g.width / g.pool, g.channels]) { out in
      var mean: Storage?
      var inverse: Storage?
      let codes = IndexBuffer<UInt8>(count: g.channels * g.outPlane) { codes in
        mean = Storage(count: g.channels) { mean in
          inverse = Storage(count: g.channels) { inverse in
            Normalise.forward(
              y.pointer, scale: scale.pointer, shift: shift.pointer, around: around?.pointer, g, into: out,
              winners: codes, mean: mean, inverse: inverse)
          }
        }
      }
      guard let mean, let inverse else { return }
      state = NormaliseState(geometry: g, codes: codes, mean: mean, inverse: inverse)
    }
    guard let state else { preconditionFailure("unreachable: the closures above run exactly once") }
    return (out, state)
  }
}

extension Tensor {
  /// The same value as a younger node, so that derivatives can be taken at this point and not further back.
  fileprivate var identity: Tensor { affine(scale: 1).tracked }
}
