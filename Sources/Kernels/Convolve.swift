internal import CVectorKernels

/// The three partial derivatives of T(x, w, y) = ⟨conv(x, w), y⟩.
///
/// T is linear in each argument, so these three kernels are closed under differentiation to any order. None lays
/// out columns: products take the windows of padded images by address. Usual 3 × 3 convolutions go by way of
/// ``Winograd`` where that is faster; `winograd` decides instead if it is given.
package enum Convolve {
  /// `y[N, Ho, Wo, O] = conv(x[N, H, W, C], w[O, C, k, k])`.
  package static func forward(
    _ x: Source, _ w: Source, _ g: ConvGeometry, from c: Int, to o: Int, winograd: Bool? = nil, into y: Target
  ) {
    let isWinograd = usesWinograd(winograd, g, c, o)
    share(g, PassWork(g, from: c, to: o, isWinograd), outputs: o) { images, outputs in
      let part = g.with(batch: images.count)
      let (x, y) = (x + images.lowerBound * g.input(c), y + images.lowerBound * g.output(o))
      if isWinograd {
        Winograd.forward(x, w, part, from: c, to: o, outputs, turned: false, into: y)
      } else {
        direct(x, w, part, from: c, to: o, outputs, into: y)
      }
    }
  }

  /// `x[N, H, W, C] = ∂T/∂x` for `w[O, C, k, k]` and `y[N, Ho, Wo, O]`.
  package static func input(
    _ y: Source, _ w: Source, _ g: ConvGeometry, from c: Int, to o: Int, winograd: Bool? = nil, into x: Target
  ) {
    let isWinograd = usesWinograd(winograd, g, o, c)
    share(g, PassWork(g, from: o, to: c, isWinograd), outputs: isWinograd ? c : nil) { images, outputs in
      let part = g.with(batch: images.count)
      let (y, x) = (y + images.lowerBound * g.output(o), x + images.lowerBound * g.input(c))
      if isWinograd {
        Winograd.forward(y, w, part, from: o, to: c, outputs, turned: true, into: x)
      } else {
        directInput(y, w, part, from: c, to: o, into: x)
      }
    }
  }

  /// `w[O, C, k, k] = ∂T/∂w` for `x[N, H, W, C]` and `y[N, Ho, Wo, O]`.
  package static func kernel(
    _ x: Source, _ y: Source, _ g: ConvGeometry, from c: Int, to o: Int, winograd: Bool? = nil, into w: Target
  ) {
    let isWinograd = usesWinograd(winograd, g, c, o)
    let cost = PassWork(g, from: c, to: o, isWinograd).total
    if isWinograd {
      return Team.shareChannels(o, cost: cost) { Winograd.kernel(x, y, g, from: c, to: o, $0, into: w) }
    }
    withWholeSlabs(of: y, rows: g.outPlane, width: o) { y in
      Team.shareChannels(o, cost: cost) { directKernel(x, y, g, from: c, to: o, $0, into: w) }
    }
  }

  private static func direct(
    _ x: Source, _ w: Source, _ g: ConvGeometry, from c: Int, to o: Int, _ outputs: Range<Int>, into y: Target
  ) {
    withScratch(ConvGeometry.vectorised(outputs.count) * c * g.taps) { slabs in
      fs_pack(w + outputs.lowerBound * c * g.taps, outputs.count, c, g.taps, slabs)
      let padded = PaddedImages(inputOf: g, channels: c)
      let rows = (0..<g.kernel).map { $0 * padded.row }
      padded.blocks(of: x, count: g.batch, written: g.output(o)) { x, first, images in
        let grid = fs_grid(
          images: images, rows: g.outHeight, columns: g.outWidth, fromImage: padded.image,
          fromRow: g.stride * padded.row, fromColumn: g.stride * c, toImage: g.output(o),
          toRow: g.outWidth * o, toColumn: o, toAll: g.batch * g.output(o))
        fs_window_product(
          x, grid, rows, rows.count, g.kernel * c, slabs, outputs.count,
          y + first * g.output(o) + outputs.lowerBound)
      }
    }
  }

  /// The derivative towards the input, by the definition.
  ///
  /// Input row h meets output row i through tap ky when h + padding = i·stride + ky. So the rows and columns of x
  /// fall into stride² classes by their remainder, and each class is a convolution of y with every stride-th tap.
  private static func directInput(
    _ y: Source, _ w: Source, _ g: ConvGeometry, from c: Int, to o: Int, into x: Target
  ) {
    let classes = (0..<g.stride).map { RemainderClass($0, of: g) }
    if g.stride > g.kernel { x.initialize(repeating: 0, count: c * g.plane) }
    let reach = (g.kernel - 1) / g.stride
    let padded = PaddedImages(
      height: g.outHeight, width: g.outWidth, channels: o, top: reach, bottom: g.rowsBelow, left: reach,
      right: g.columnsRight)
    let slab = ConvGeometry.vectorised(c) * o
    withScratch(slab * g.taps) { slabs in
      // The classes share the taps out among them, so their slabs lie one after another.
      var packed = 0
      for rows in classes {
        for columns in classes {
          let taps = rows.taps.flatMap { ky in columns.taps.map { Int32(ky * g.kernel + $0) } }
          fs_pack_turned(w, o, c, g.taps, taps, taps.count, slabs + packed * slab)
          packed += taps.count
        }
      }
      padded.blocks(of: y, count: g.batch) { y, first, images in
        var used = 0
        for rows in classes {
          for columns in classes {
            let taps = rows.taps.count * columns.taps.count
            if taps == 0 { continue }
            defer { used += taps }
            let lines = rows.taps.indices.map { $0 * padded.row }
            let grid = fs_grid(
              images: images, rows: rows.count(in: g.height), columns: columns.count(in: g.width),
              fromImage: padded.image, fromRow: padded.row, fromColumn: o, toImage: g.height * g.width * c,
              toRow: g.stride * g.width * c, toColumn: g.stride * c,
              toAll: g.stride > g.kernel ? 0 : g.batch * g.input(c))
            let corner =
              (rows.firstOutput - rows.taps.count + 1 + reach) * padded.row
              + (columns.firstOutput - columns.taps.count + 1 + reach) * o
            fs_window_product(
              y + corner, grid, lines, lines.count, columns.taps.count * o, slabs + used * slab, c,
              x + ((first * g.height + rows.first) * g.width + columns.first) * c)
          }
        }
      }
    }
  }

  /// For some of the outputs; `y[N, Ho, Wo, O]` is filled up to whole slabs.
  private static func directKernel(
    _ x: Source, _ y: Source, _ g: ConvGeometry, from c: Int, to o: Int, _ outputs: Range<Int>, into w: Target
  ) {
    let (wide, across) = (ConvGeometry.vectorised(o), ConvGeometry.vectorised(outputs.count))
    withScratch(across * c * g.taps) { sums in
      let padded = PaddedImages(inputOf: g, channels: c)
      let rows = (0..<g.kernel).flatMap { ky in (0..<g.kernel * c).map { ky * padded.row + $0 } }
      sums.initialize(repeating: 0, count: across * c * g.taps)
      padded.blocks(of: x, count: g.batch) { x, first, images in
        let lines = (0..<images * g.outHeight).map {
          $0 / g.outHeight * padded.image + $0 % g.outHeight * g.stride * padded.row
        }
        fs_window_gradient(
          x, rows, rows.count, lines, lines.count, g.outWidth, g.stride * c,
          y + first * g.output(wide) + outputs.lowerBound, wide, across, 1, sums)
      }
      fs_unpack(sums, outputs.count, c, g.taps, w + outputs.lowerBound * c * g.taps)
    }
  }

  /// Shares a pass out among the threads of a team: by its outputs, by its images, or not at all.
  private static func share(
    _ g: ConvGeometry, _ work: PassWork, outputs: Int?,
    _ body: (_ images: Range<Int>, _ outputs: Range<Int>) -> Void
  ) {
    let all = 0..<(outputs ?? 0)
    if let outputs, work.sharesOutputs(outputs, images: g.batch, threads: Team.size) {
      Team.shareChannels(outputs, cost: work.total) { body(0..<g.batch, $0) }
    } else {
      Team.share(g.batch, cost: work.total) { body($0, all) }
    }
  }
}

private func usesWinograd(_ asked: Bool?, _ g: ConvGeometry, _ c: Int, _ o: Int) -> Bool {
  precondition(
    asked != true || Winograd.fits(g, from: c, to: o), "Winograd for \(g) from \(c) to \(o) channels")
  return asked ?? Winograd.pays(g, from: c, to: o)
}

/// Calls `body` with `y[rows, width]`, each row filled up to whole slabs.
func withWholeSlabs(of y: Source, rows: Int, width: Int, _ body: (Source) -> Void) {
  let wide = ConvGeometry.vectorised(width)
  if wide == width { return body(y) }
  withScratch(rows * wide) { copy in
    fs_widen(y, rows, width, wide, copy)
    body(copy)
  }
}

/// Rows (or columns) h of the input with (h + padding) mod stride = remainder.
private struct RemainderClass {
  /// The first such h.
  let first: Int
  /// The output row that its first tap reaches.
  let firstOutput: Int
  /// The taps that meet them, last first: then the output rows they read ascend.
  let taps: [Int]
  private let stride: Int

  init(_ remainder: Int, of g: ConvGeometry) {
    stride = g.stride
    first = ((remainder - g.padding) % stride + stride) % stride
    firstOutput = (first + g.padding) / stride
    taps = Swift.stride(from: remainder, to: g.kernel, by: stride).reversed()
  }

  func count(in extent: Int) -> Int { first < extent ? (extent - first - 1) / stride + 1 : 0 }
}

extension ConvGeometry {
  /// Zero rows that the windows of the last input rows need below the output.
  fileprivate var rowsBelow: Int { max(0, (height - 1 + padding) / stride - (outHeight - 1)) }
  fileprivate var columnsRight: Int { max(0, (width - 1 + padding) / stride - (outWidth - 1)) }
}
