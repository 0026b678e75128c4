internal import Kernels
internal import Networks
internal import Tensors

/// The evaluation of a filter summary that takes every product once: option `evaluation=prefix`.
///
/// With channels innermost a patch is k contiguous runs of k pixels, and so is a filter. Let T[i, j] be the inner product
/// of block i of C numbers of the summary with pixel j. A run of k pixels from pixel j against the blocks from b is then
/// T summed along a diagonal, T[b, j] + … + T[b + k − 1, j + k − 1], and an output is k such runs. That takes L
/// multiply-adds per pixel, where a dense convolution takes k²·C·O. It needs locations that are multiples of C.
///
/// A run is the difference of two prefix sums along the diagonal. For the few terms of a kernel's row adding them up
/// takes as little, and loses no digits to sums that grow along the image.
///
/// - Source: Yang et al. 2019 announce an evaluation by integrals along lines; this form of it is ours.
struct SegmentSums {
  private let site: ConvSite
  private let segments: SummarySegments

  /// The evaluation at a site.
  ///
  /// - Precondition: segments begin at multiples of the input channels.
  init(_ site: ConvSite, _ segments: SummarySegments) {
    precondition(
      (segments.starts + [segments.summary]).allSatisfy { $0.isMultiple(of: site.inputs) },
      "the segments of \(site.path) are not aligned to \(site.inputs) channels")
    self.site = site
    self.segments = segments
  }

  /// The output `[N, Ho, Wo, O]` for x `[N, H, W, C]` and a summary `[L]`; made of operations that have derivatives.
  func callAsFunction(_ x: Tensor, _ summary: Tensor) -> Tensor {
    let (g, k, c) = (site.geometry(for: x), site.kernel, site.inputs)
    let (height, width) = (g.height + 2 * site.padding, g.width + 2 * site.padding)
    let products = matmul(
      summary.reshaped([segments.summary / c, c]), bordered(x).reshaped([g.batch * height * width, c]),
      transposeB: true)
    let runs = products.sums(of: k, rows: 1, columns: 1)
    let patches = runs.sums(of: k, rows: k, columns: width)
    // Of all blocks and pixels where a patch could begin, those where one does.
    let columns = patches.shape[1]
    var picked: [Int] = []
    picked.reserveCapacity(g.outPlane * site.outputs)
    for n in 0..<g.batch {
      for i in 0..<g.outHeight {
        for j in 0..<g.outWidth {
          let pixel = (n * height + i * site.stride) * width + j * site.stride
          for start in segments.starts { picked.append(start / c * columns + pixel) }
        }
      }
    }
    return patches.reshaped([1, patches.count]).gathered(RowIndex([picked], columns: patches.count))
      .reshaped([g.batch, g.outHeight, g.outWidth, site.outputs])
  }

  /// Multiply-adds of T on one image; the sums are additions alone.
  func products(_ geometry: ConvGeometry) -> Int {
    (geometry.height + 2 * site.padding) * (geometry.width + 2 * site.padding) * segments.summary
  }

  /// Images `[N, H, W, C]` with a border of zeros.
  private func bordered(_ x: Tensor) -> Tensor {
    let (n, h, w, c, p) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3], site.padding)
    let wide = (w + 2 * p) * c
    return x.reshaped([n * h, w * c]).padded(to: [n * h, wide], row: 0, column: p * c)
      .reshaped([n, h * wide]).padded(to: [n, (h + 2 * p) * wide], row: 0, column: p * wide)
  }
}

extension Tensor {
  /// Sums of terms that lie a step apart: y[i, j] = Σ_{t < count} x[i + t·rows, j + t·columns], where all exist.
  fileprivate func sums(of count: Int, rows: Int, columns: Int) -> Tensor {
    let (height, width) = (shape[0] - (count - 1) * rows, shape[1] - (count - 1) * columns)
    func term(_ t: Int) -> Tensor {
      slice(rows: t * rows..<t * rows + height, columns: t * columns..<t * columns + width)
    }
    return (1..<count).reduce(term(0)) { $0 + term($1) }
  }
}
