internal import CVectorKernels

/// How a Winograd convolution is cut: tiles into panels, input channels into depths, output channels into groups.
///
/// The sizes are ours, found by measuring layers of 64 to 512 channels with 5 and with 75 images: every choice near
/// them is within a twentieth.
struct WinogradBlocks {
  /// Some channels or tiles: the first and how many.
  typealias Piece = (first: Int, count: Int)

  /// Tiles, one panel after another.
  let panels: [Piece]
  /// Input channels.
  let depths: [Piece]
  /// Output channels.
  let groups: [Piece]
  /// Where each depth's transformed tiles begin.
  let origins: [Int]
  /// Scalars of all transformed tiles of a panel.
  let inputs: Int
  /// Scalars of one group's products.
  let products: Int
  /// Scalars of one part's transformed kernels.
  let kernels: Int
  /// The transforms.
  let form: WinogradForm
  private let geometry: ConvGeometry
  private let inputChannels: Int

  /// For all inputs and some of the outputs, towards outputs or towards the kernel.
  init(
    _ g: ConvGeometry, _ form: WinogradForm, from c: Int, to outputs: Range<Int>,
    isTowardsKernel: Bool = false
  ) {
    (geometry, self.form, inputChannels) = (g, form, c)
    let tiles = Self.tiles(g)
    func largest(_ pieces: [Piece]) -> Int { pieces.map(\.count).max() ?? 0 }
    depths = Self.cut(c, into: 64, whole: lanes)
    let wide = Self.cut(outputs.count, into: 64, whole: lanes)
    // Where all kernels lie in the second-level cache, tiles and their products lie beside them; else many tiles meet
    // kernels at once. Gradients towards kernels are sums over panels, which must not depend on a thread's part.
    let all = depths.count * wide.count * 36 * Self.apart(largest(depths) * largest(wide))
    let areNear = !isTowardsKernel && all <= CacheBudget.nearKernels
    let most = areNear ? CacheBudget.scalars(CacheBudget.tiles) / (36 * max(c, outputs.count)) : 96
    let units = min(96, form == .unit ? most : most / 2) / 24
    panels = Self.cut(tiles, into: max(1, units) * 24, whole: 24)
    // A group's kernels of one depth fill a third of the second-level cache; where many tiles meet them they may fill more.
    groups = (areNear || tiles >= 512 ? wide : Self.cut(outputs.count, into: lanes, whole: lanes))
      .map { (outputs.lowerBound + $0.first, $0.count) }
    let panel = largest(panels)
    kernels = 36 * Self.apart(largest(depths) * largest(groups))
    products = Self.size(form, panel, largest(groups))
    var (origins, size) = ([Int](), 0)
    for depth in depths {
      origins.append(size)
      size += Self.size(form, panel, depth.count)
    }
    (self.origins, inputs) = (origins, size)
  }

  /// Tiles of 4 × 4 outputs over all images.
  static func tiles(_ g: ConvGeometry) -> Int { rows(g) * columns(g) * g.batch }
  private static func rows(_ g: ConvGeometry) -> Int { (g.outHeight + 3) / 4 }
  private static func columns(_ g: ConvGeometry) -> Int { (g.outWidth + 3) / 4 }

  /// Pairs of a depth and a group.
  var parts: Int { depths.count * groups.count }
  /// Whether transformed kernels are kept from panel to panel.
  var keepsKernels: Bool {
    panels.count > 1 && parts * kernels <= CacheBudget.scalars(CacheBudget.keptKernels)
  }

  /// Where tiles lie in what comes out, of so many channels: the output, or towards the input that.
  func target(_ channels: Int) -> fs_tiles { layout(channels, ofInput: form == .spread) }

  private func layout(_ channels: Int, ofInput: Bool) -> fs_tiles {
    let g = geometry
    let (height, width) = ofInput ? (g.height, g.width) : (g.outHeight, g.outWidth)
    return fs_tiles(
      height: height, width: width, pixel: channels, rows: Self.rows(g), columns: Self.columns(g),
      all: g.batch * height * width)
  }

  /// Transforms the tiles of a panel, one depth after another.
  func transform(_ x: Source, _ first: Int, _ count: Int, into out: Target) {
    for (origin, (input, depth)) in zip(origins, depths) {
      fs_winograd_input(
        form.code, x + input, layout(inputChannels, ofInput: form != .spread), depth, first, count,
        starts(count, depth), out + origin)
    }
  }

  /// Where each of the 36 matrices of so many tiles and channels begins, in scalars.
  func starts(_ tiles: Int, _ channels: Int) -> [Int] {
    var next = 0
    return form.rows.map { rows in
      defer { next += Self.apart(rows * tiles * channels) }
      return next
    }
  }

  /// Scalars of all of them.
  private static func size(_ form: WinogradForm, _ tiles: Int, _ channels: Int) -> Int {
    form.rows.reduce(0) { $0 + apart($1 * tiles * channels) }
  }

  /// Scalars from a matrix of a given size to the next: an odd number of slabs.
  static func apart(_ size: Int) -> Int { (size / lanes | 1) * lanes }

  /// Consecutive pieces of nearly equal size, in units of `whole` but for the end of the last.
  private static func cut(_ total: Int, into most: Int, whole: Int) -> [Piece] {
    let units = (total + whole - 1) / whole
    let parts = min(units, (total + most - 1) / most)
    return (0..<parts).map { i in
      let first = i * units / parts * whole
      return (first, min(total, (i + 1) * units / parts * whole) - first)
    }
  }
}
