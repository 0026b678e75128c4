internal import CVectorKernels

/// The shape of a convolution, passed whole so that no field can be forgotten.
///
/// Activations are channel-major, `[C, N, H, W]`: a layer is then one matrix product, and a channel's
/// statistics are one contiguous run.
public struct ConvGeometry: Hashable, Sendable {
  /// Images N.
  public var batch: Int
  /// Input rows H.
  public var height: Int
  /// Input columns W.
  public var width: Int
  /// Side k of the square kernel.
  public var kernel: Int
  /// Step between neighbouring outputs.
  public var stride: Int
  /// Zeros added on every side.
  public var padding: Int

  /// A square convolution over `[C, N, H, W]`.
  ///
  /// - Precondition: all extents are positive, the padding is not negative, and the padded image holds the kernel.
  public init(batch: Int, height: Int, width: Int, kernel: Int, stride: Int = 1, padding: Int) {
    precondition(
      batch > 0 && height > 0 && width > 0 && kernel > 0 && stride > 0 && padding >= 0
        && height + 2 * padding >= kernel && width + 2 * padding >= kernel,
      "convolution: \(batch)×\(height)×\(width), kernel \(kernel), stride \(stride), padding \(padding)")
    self.batch = batch
    self.height = height
    self.width = width
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// Output rows.
  public var outHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
  /// Output columns.
  public var outWidth: Int { (width + 2 * padding - kernel) / stride + 1 }
  /// Numbers in one input channel, N·H·W.
  public var plane: Int { batch * height * width }
  /// Numbers in one output channel.
  public var outPlane: Int { batch * outHeight * outWidth }
  /// Kernel taps, k².
  public var taps: Int { kernel * kernel }
  /// Output rows over the whole batch: the unit in which panels are cut.
  var outRows: Int { batch * outHeight }

  var c: fs_geometry {
    fs_geometry(
      batch: batch, height: height, width: width, kernel: kernel, stride: stride, padding: padding,
      outHeight: outHeight, outWidth: outWidth)
  }

  /// Calls `body` with consecutive ranges of output rows whose columns, `depth` scalars each, fit the cache.
  func panels(depth: Int, _ body: (_ rows: Range<Int>, _ firstColumn: Int, _ columns: Int) -> Void) {
    // Half a typical L2 for the panel; the rest is left to the packed operands of the product.
    let budget = 320 * 1024 / MemoryLayout<Scalar>.stride
    let rowsPerPanel = max(1, budget / max(1, depth * outWidth))
    // Panels of equal size, so that the last one is not a sliver.
    let count = (outRows + rowsPerPanel - 1) / rowsPerPanel
    for i in 0..<count {
      let rows = (i * outRows / count)..<((i + 1) * outRows / count)
      body(rows, rows.lowerBound * outWidth, rows.count * outWidth)
    }
  }

  /// Scalars that the largest panel of this depth needs.
  func panelCapacity(depth: Int) -> Int {
    var most = 0
    panels(depth: depth) { _, _, columns in most = max(most, columns) }
    return most * depth
  }
}
