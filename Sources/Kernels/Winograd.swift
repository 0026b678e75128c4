internal import CVectorKernels

/// 3 × 3 convolutions by Winograd's minimal filtering: a quarter of the multiplications, or with steps of two four sevenths.
///
/// Forward, and towards the input with turned kernels: some tiles of all inputs are transformed; then, for some outputs
/// after others and some inputs after others, kernels are transformed, multiplied in 36 products with the tiles, and the
/// sums transformed back. Towards the kernel the same transforms run the other way. Whatever is read often lies in a cache:
/// kernels and products in the second level, tiles at worst in the third.
/// - Source: Lavin and Gray 2016; the points, the blocks, steps of two by even and odd inputs, and the gradient as the
///   adjoint of each transform, are ours.
enum Winograd {
  /// Whether a convolution has the form that the transforms are made for.
  static func fits(_ g: ConvGeometry, from c: Int, to o: Int) -> Bool {
    g.kernel == 3 && g.stride <= 2 && g.padding == 1 && c % lanes == 0 && o % lanes == 0
  }

  /// Whether it fits and is expected to be faster than the direct form.
  static func pays(_ g: ConvGeometry, from c: Int, to o: Int) -> Bool {
    fits(g, from: c, to: o)
      && PassWork(g, from: c, to: o, true).total < PassWork(g, from: c, to: o, false).total
  }

  /// Some channels of `y[N, H, W, O]` from `x[N, H, W, C]` and `w[O, C, 3, 3]`, or, turned, from `w[C, O, 3, 3]` with its
  /// taps last first.
  static func forward(
    _ x: Source, _ w: Source, _ g: ConvGeometry, from c: Int, to o: Int, _ outputs: Range<Int>, turned: Bool,
    into y: Target
  ) {
    let blocks = WinogradBlocks(g, turned ? .towardsInput(g) : .forward(g), from: c, to: outputs)
    let (form, rows) = (blocks.form.code, blocks.form.rows)
    let kernels =
      turned
      ? fs_kernels(lane: 9, depth: 9 * o, turned: 1) : fs_kernels(lane: 9 * c, depth: 9, turned: 0)
    // Where kernels are not kept all parts are made in one place.
    let step = blocks.keepsKernels ? blocks.kernels : 0
    withScratch(blocks.inputs + blocks.products + blocks.kernels + step * (blocks.parts - 1)) { inputs in
      let products = inputs + blocks.inputs
      for (first, count) in blocks.panels {
        blocks.transform(x, first, count, into: inputs)
        var transformed = products + blocks.products
        for (output, outputs) in blocks.groups {
          let sums = blocks.starts(count, outputs)
          for (n, (input, depth)) in blocks.depths.enumerated() {
            let apart = WinogradBlocks.apart(depth * outputs)
            defer { transformed += step }
            if step == 0 || first == 0 {
              fs_winograd_kernels(
                form, w + output * kernels.lane + input * kernels.depth, kernels, outputs / lanes, depth,
                apart, transformed)
            }
            let tiles = inputs + blocks.origins[n]
            let starts = blocks.starts(count, depth)
            for i in 0..<36 {
              fs_slab_product(
                tiles + starts[i], count * rows[i], depth, transformed + i * apart, outputs,
                input == 0 ? 0 : 1,
                products + sums[i])
            }
          }
          fs_winograd_output(form, products, blocks.target(o), outputs, first, count, sums, y + output)
        }
      }
    }
  }

  /// `w[O, C, 3, 3] = ∂T/∂w` for `x[N, H, W, C]` and some channels of `y[N, H, W, O]`.
  static func kernel(
    _ x: Source, _ y: Source, _ g: ConvGeometry, from c: Int, to o: Int, _ outputs: Range<Int>, into w: Target
  ) {
    let blocks = WinogradBlocks(g, .forward(g), from: c, to: outputs, isTowardsKernel: true)
    let (form, rows) = (blocks.form.code, blocks.form.rows)
    let kernels = fs_kernels(lane: 9 * c, depth: 9, turned: 0)
    let (columns, origin) = (Array(0..<c), [0])
    withScratch(blocks.inputs + blocks.kernels + blocks.products) { inputs in
      let cotangents = inputs + blocks.inputs
      let sums = cotangents + blocks.products
      for (first, count) in blocks.panels {
        blocks.transform(x, first, count, into: inputs)
        for (output, outputs) in blocks.groups {
          let arrived = blocks.starts(count, outputs)
          fs_winograd_cotangent(
            form, y + output, blocks.target(o), outputs, first, count, arrived, cotangents)
          for (n, (input, depth)) in blocks.depths.enumerated() {
            let apart = WinogradBlocks.apart(depth * outputs)
            let tiles = inputs + blocks.origins[n]
            let starts = blocks.starts(count, depth)
            for i in 0..<36 {
              fs_window_gradient(
                tiles + starts[i], columns, depth, origin, 1, count * rows[i], depth,
                cotangents + arrived[i], outputs, outputs, 0, sums + i * apart)
            }
            fs_winograd_kernels_back(
              form, sums, kernels, outputs / lanes, depth, apart, first == 0 ? 0 : 1,
              w + output * kernels.lane + input * kernels.depth)
          }
        }
      }
    }
  }
}
