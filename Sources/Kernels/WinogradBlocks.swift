internal import CVectorKernels

/// How a Winograd convolution is cut: tiles into panels, input channels into depths, output channels into groups.
///
/// The sizes are ours, found by measuring layers of 64 to 512 channels with 5 and with 75 images: every choice near
/// them is within a twentieth.
struct WinogradBlocks {
  let rows: Int
  let columns: Int
  /// Tiles of 4 × 4 outputs over all images.
  let tiles: Int
  /// First tile and how many, one panel after another.
  let panels: [(first: Int, count: Int)]
  /// First input channel and how many.
  let depths: [(first: Int, count: Int)]
  /// First output channel and how many.
  let groups: [(first: Int, count: Int)]
  private let inputChannels: Int
  private let height: Int
  private let width: Int

  init(_ g: ConvGeometry, from c: Int, to o: Int) {
    (height, width, inputChannels) = (g.height, g.width, c)
    rows = (g.height + 3) / 4
    columns = (g.width + 3) / 4
    tiles = rows * columns * g.batch
    depths = Self.cut(c, into: 64, whole: lanes)
    // A group's kernels of one depth fill a third of the second-level cache; where many tiles meet them they may fill more.
    groups = Self.cut(o, into: tiles < 512 ? lanes : 64, whole: lanes)
    panels = Self.cut(tiles, into: 96)
  }

  /// Pairs of a depth and a group.
  var parts: Int { depths.count * groups.count }
  /// Whether transformed kernels are kept from panel to panel.
  var keepsKernels: Bool {
    panels.count > 1 && parts * kernels <= CacheBudget.scalars(CacheBudget.keptKernels)
  }
  /// Scalars of one part's transformed kernels.
  var kernels: Int { 36 * Self.apart(largest(depths) * largest(groups)) }
  /// Scalars of one group's products.
  var products: Int { 36 * Self.apart(largest(panels) * largest(groups)) }
  /// Where each depth's transformed tiles start, and the scalars of all.
  var inputs: (starts: [Int], size: Int) {
    var (starts, size) = ([Int](), 0)
    for depth in depths {
      starts.append(size)
      size += 36 * Self.apart(largest(panels) * depth.count)
    }
    return (starts, size)
  }

  /// Where tiles lie in images of so many channels.
  func layout(_ channels: Int) -> fs_tiles {
    fs_tiles(height: height, width: width, pixel: channels, rows: rows, columns: columns)
  }

  /// Transforms the tiles of a panel, one depth after another.
  func transform(_ x: Source, _ g: ConvGeometry, _ first: Int, _ count: Int, into out: Target) {
    for (start, (input, depth)) in zip(inputs.starts, depths) {
      fs_winograd_input(
        x + input, layout(inputChannels), depth, first, count, Self.apart(count * depth), out + start)
    }
  }

  /// Scalars between two of the 36 matrices of a given size: an odd number of slabs.
  static func apart(_ size: Int) -> Int { (size / lanes | 1) * lanes }

  private func largest(_ ranges: [(first: Int, count: Int)]) -> Int { ranges.map(\.count).max() ?? 0 }

  /// Consecutive ranges of nearly equal size, in units of `whole`.
  private static func cut(_ total: Int, into most: Int, whole: Int = 1) -> [(first: Int, count: Int)] {
    let units = total / whole
    let parts = (total + most - 1) / most
    return (0..<parts).map { i in
      let first = i * units / parts
      return (first * whole, ((i + 1) * units / parts - first) * whole)
    }
  }
}
