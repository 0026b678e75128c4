internal import CVectorKernels

/// The 3 × 3, stride-1 convolution by Winograd's F(4×4, 3×3): a quarter of the multiplications.
///
/// Forward, and towards the input with turned kernels, a panel of tiles is transformed, multiplied in 36 small products
/// and transformed back, all within the second-level cache. Towards the kernel the same transforms run the other way.
/// - Source: Lavin and Gray 2016; the points, and the gradient as the adjoint of each transform, are ours.
enum Winograd {
  /// Whether a convolution has the form that the transforms are made for.
  static func fits(_ g: ConvGeometry, from c: Int, to o: Int) -> Bool {
    g.kernel == 3 && g.stride == 1 && g.padding == 1 && c % lanes == 0 && o % lanes == 0
  }

  /// Whether it fits and is expected to be faster than the direct form.
  static func pays(_ g: ConvGeometry, from c: Int, to o: Int) -> Bool {
    fits(g, from: c, to: o) && cost(g, from: c, to: o) < g.directCost(from: c, to: o)
  }

  /// The time of a pass in multiply-adds of the direct form: products, and the measured share of the transforms.
  static func cost(_ g: ConvGeometry, from c: Int, to o: Int) -> Double {
    let tiles = Double(Tiles(g, channels: c).perImage * g.batch)
    let (pairs, ends) = (Double(c * o), Double(c + o))
    return 36 * (tiles * (pairs + 4 * ends) + 9 * pairs)
  }

  /// `y[N, H, W, O]` from `x[N, H, W, C]` and kernels packed as `slabs[O / lanes][9·C][lanes]`.
  static func forward(_ x: Source, slabs: Source, _ g: ConvGeometry, from c: Int, to o: Int, into y: Target) {
    let tiles = Tiles(g, channels: c)
    let out = Tiles(g, channels: o)
    let most = panel(c, o)
    let kernelsApart = apart(c * o)
    withScratch(36 * (kernelsApart + apart(most * c) + apart(most * o))) { kernels in
      let inputs = kernels + 36 * kernelsApart
      let products = inputs + 36 * apart(most * c)
      fs_winograd_kernels(slabs, o / lanes, c, kernelsApart, kernels)
      tiles.inputImages(g).blocks(of: x, count: g.batch, budget: CacheBudget.tiledBlock) { x, image, images in
        cut(images * tiles.perImage, into: most) { first, count in
          let (inputsApart, productsApart) = (apart(count * c), apart(count * o))
          fs_winograd_input(x, tiles.read(padding: 2), first, count, inputsApart, inputs)
          for i in 0..<36 {
            fs_window_product(
              inputs + i * inputsApart, .line(count, from: c, to: o), [0], 1, c, kernels + i * kernelsApart,
              o,
              products + i * productsApart)
          }
          fs_winograd_output(
            products, out.read(padding: 0), first, count, productsApart, g.height, g.width,
            y + image * g.height * g.width * o)
        }
      }
    }
  }

  /// `slabs[O / lanes][9·C][lanes] = ∂T/∂w`, packed, for `x[N, H, W, C]` and `y[N, H, W, O]`.
  static func kernel(_ x: Source, _ y: Source, _ g: ConvGeometry, from c: Int, to o: Int, into slabs: Target)
  {
    let tiles = Tiles(g, channels: c)
    let out = Tiles(g, channels: o)
    // Twice as many tiles: every sum is loaded and stored once per panel.
    let most = 2 * panel(c, o)
    let rows = Array(0..<c)
    let sumsApart = apart(c * o)
    withScratch(36 * (sumsApart + apart(most * c) + apart(most * o))) { sums in
      let inputs = sums + 36 * sumsApart
      let cotangents = inputs + 36 * apart(most * c)
      sums.initialize(repeating: 0, count: 36 * sumsApart)
      tiles.inputImages(g).blocks(of: x, count: g.batch, budget: CacheBudget.tiledBlock) { x, image, images in
        let y = y + image * g.height * g.width * o
        out.outputImages(g).wholeBlock(of: y, count: images) { y in
          cut(images * tiles.perImage, into: most) { first, count in
            let (inputsApart, cotangentsApart) = (apart(count * c), apart(count * o))
            fs_winograd_input(x, tiles.read(padding: 2), first, count, inputsApart, inputs)
            fs_winograd_cotangent(y, out.read(padding: 0), first, count, cotangentsApart, cotangents)
            for i in 0..<36 {
              fs_window_gradient(
                inputs + i * inputsApart, rows, c, [0], 1, count, c, cotangents + i * cotangentsApart, o,
                sums + i * sumsApart)
            }
          }
        }
      }
      fs_winograd_kernels_back(sums, o / lanes, c, sumsApart, slabs)
    }
  }

  /// Scalars between two of the 36 matrices of a given size: an odd number of slabs.
  private static func apart(_ size: Int) -> Int { (size / lanes | 1) * lanes }

  /// Tiles whose inputs and products fit the second-level cache.
  private static func panel(_ c: Int, _ o: Int) -> Int {
    max(1, CacheBudget.scalars(CacheBudget.tilePanel) / (36 * (c + o)))
  }

  /// Calls `body` with consecutive ranges of nearly equal size.
  private static func cut(_ total: Int, into most: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    let parts = (total + most - 1) / most
    for i in 0..<parts {
      let first = i * total / parts
      body(first, (i + 1) * total / parts - first)
    }
  }

  /// Tiles of 4×4 outputs over every image; those at the lower and right border may stand over.
  private struct Tiles {
    let rows: Int
    let columns: Int
    let channels: Int

    init(_ g: ConvGeometry, channels: Int) {
      rows = (g.height + 3) / 4
      columns = (g.width + 3) / 4
      self.channels = channels
    }

    var perImage: Int { rows * columns }

    /// The tiles of images that are `padding` rows and columns larger than their tiles.
    func read(padding: Int) -> fs_tiles {
      let row = (4 * columns + padding) * channels
      return fs_tiles(
        rows: rows, columns: columns, channels: channels, row: row, image: (4 * rows + padding) * row)
    }

    func inputImages(_ g: ConvGeometry) -> PaddedImages {
      PaddedImages(
        height: g.height, width: g.width, channels: channels, top: 1, bottom: 4 * rows + 1 - g.height,
        left: 1,
        right: 4 * columns + 1 - g.width)
    }

    func outputImages(_ g: ConvGeometry) -> PaddedImages {
      PaddedImages(
        height: g.height, width: g.width, channels: channels, top: 0, bottom: 4 * rows - g.height, left: 0,
        right: 4 * columns - g.width)
    }
  }
}
