internal import Kernels
internal import LinearAlgebra
public import Networks
internal import Tensors

/// The fast evaluation of a filter-summary convolution: every product once, every output by few additions.
///
/// With the image G channel-fastest, a patch is k contiguous runs of k pixels, and so is a filter. Let T[i, j] be the
/// inner product of block i of C numbers of the summary with pixel j, and S its sums along diagonals,
/// S[i + 1, j + 1] = S[i, j] + T[i, j]. A run of k pixels from pixel j against the blocks from b is then the one
/// difference S[b + k, j + k] − S[b, j], and an output is k of them. That takes L multiply-adds per pixel and 2·k
/// additions per output, where a dense convolution takes k²·C·O multiply-adds per pixel.
///
/// It needs locations that are multiples of C (`align=channels`). Sums along diagonals grow, so it works in 64 bits.
///
/// - Source: Yang et al. 2019 announce an evaluation by integrals along lines; this form of it is ours.
public struct PrefixSumConvolution: Sendable {
  private let site: ConvSite
  /// F as `[L/C, C]`.
  private let blocks: Matrix
  /// l_o / C.
  private let starts: [Int]

  /// The evaluation of a convolution at a point; nil unless it is a filter summary with aligned, fixed locations.
  public init?(_ convolution: any Convolution, _ parameters: Parameters) {
    guard let convolution = convolution as? FilterSummaryConvolution else { return nil }
    let channels = convolution.site.inputs
    guard convolution.segments.starts.allSatisfy({ $0.isMultiple(of: channels) }),
      convolution.segments.summary.isMultiple(of: channels)
    else { return nil }
    site = convolution.site
    starts = convolution.segments.starts.map { $0 / channels }
    blocks = Matrix(
      parameters[convolution.summary].scalars.map { Double($0) },
      rows: convolution.segments.summary / channels, columns: channels)
  }

  /// Convolves one image.
  ///
  /// - Parameters:
  ///   - image: Its numbers, row by row, pixel by pixel, channels innermost: `[H, W, C]`.
  ///   - height: H.
  ///   - width: W.
  /// - Returns: `[O, Ho, Wo]`, the same numbers as by the dense kernel but for rounding.
  /// - Precondition: there are H·W·C numbers.
  public func callAsFunction(_ image: [Double], height: Int, width: Int) -> [Double] {
    let geometry = site.geometry(batch: 1, height: height, width: width)
    let sums = diagonalSums(padded(image, height, width))
    let (rows, columns) = (geometry.outHeight, geometry.outWidth)
    let (k, stride, paddedWidth) = (site.kernel, site.stride, width + 2 * site.padding)
    var result = [Double](repeating: 0, count: site.outputs * rows * columns)
    for (o, start) in starts.enumerated() {
      for y in 0..<rows {
        let out = (o * rows + y) * columns
        for r in 0..<k {
          let pixel = (y * stride + r) * paddedWidth
          let low = (start + r * k) * sums.columns + pixel
          let high = (start + (r + 1) * k) * sums.columns + pixel + k
          for x in 0..<columns {
            result[out + x] += sums.elements[high + x * stride] - sums.elements[low + x * stride]
          }
        }
      }
    }
    return result
  }

  /// Multiply-adds of T and additions of the outputs on one image of a size, where a dense kernel takes
  /// k²·C·O multiply-adds per output pixel.
  public func work(height: Int, width: Int) -> (multiplyAdds: Int, additions: Int) {
    let geometry = site.geometry(batch: 1, height: height, width: width)
    let pixels = (height + 2 * site.padding) * (width + 2 * site.padding)
    return (
      pixels * blocks.rows * blocks.columns,
      pixels * blocks.rows + 2 * site.kernel * site.outputs * geometry.outHeight * geometry.outWidth
    )
  }

  /// The image with a border of zeros, one row per pixel, `[pixels, C]`.
  private func padded(_ image: [Double], _ height: Int, _ width: Int) -> Matrix {
    let (channels, p) = (site.inputs, site.padding)
    precondition(image.count == height * width * channels, "\(image.count) numbers for \(height)×\(width)")
    let wide = width + 2 * p
    var result = [Double](repeating: 0, count: (height + 2 * p) * wide * channels)
    for y in 0..<height {
      let from = y * width * channels
      let to = ((y + p) * wide + p) * channels
      result.replaceSubrange(to..<(to + width * channels), with: image[from..<(from + width * channels)])
    }
    return Matrix(result, rows: (height + 2 * p) * wide, columns: channels)
  }

  /// S, `[L/C + 1, pixels + 1]`.
  private func diagonalSums(_ pixels: Matrix) -> Matrix {
    let products = blocks * pixels.transposed
    let (rows, columns) = (products.rows + 1, products.columns + 1)
    var sums = [Double](repeating: 0, count: rows * columns)
    for i in 0..<products.rows {
      let (above, here) = (i * columns, (i + 1) * columns + 1)
      for j in 0..<products.columns {
        sums[here + j] = sums[above + j] + products.elements[i * products.columns + j]
      }
    }
    return Matrix(sums, rows: rows, columns: columns)
  }
}
