public import Kernels

// Operations on activations that residual networks need beside the fused block. The two that know where an image,
// a channel and a pixel lie, `maxPooled` and `spatialMeans`, assume the layout `[C, N, H, W]`; nothing else does.

extension Tensor {
  /// The leaky rectifier: v where it is above zero, slope·v elsewhere.
  ///
  /// The derivative at zero is the slope, as in ``normalise(_:scale:shift:_:)``.
  public func leakyRectified(slope: Scalar = 0) -> Tensor {
    let slopes = Tensor(shape) { out in
      for i in 0..<count { out[i] = pointer[i] > 0 ? 1 : slope }
    }
    return self * slopes
  }

  /// The largest number of every window of every channel of every image; ties go to the first.
  ///
  /// - Parameters:
  ///   - window: Side of the square windows.
  ///   - stride: Step between neighbouring windows.
  ///   - padding: Rows and columns added on every side; they are never the largest.
  /// - Returns: `[C, N, Ho, Wo]` with Ho = (H + 2·padding − window)/stride + 1, rounded down.
  /// - Precondition: activations `[C, N, H, W]` that hold a window, and less padding than window.
  public func maxPooled(window: Int, stride: Int, padding: Int = 0) -> Tensor {
    precondition(
      shape.rank == 4 && padding < window && shape[2] + 2 * padding >= window
        && shape[3] + 2 * padding >= window && count <= Int(Int32.max),
      "maxPooled: \(shape) by windows of \(window), padding \(padding)")
    let (planes, height, width) = (shape[0] * shape[1], shape[2], shape[3])
    let outHeight = (height + 2 * padding - window) / stride + 1
    let outWidth = (width + 2 * padding - window) / stride + 1
    // One row of everything, so that the picking itself does not depend on the layout.
    let winners = RowIndex(rows: 1, picked: planes * outHeight * outWidth, columns: count) { out in
      var next = 0
      for plane in 0..<planes {
        for oh in 0..<outHeight {
          let rows = max(0, oh * stride - padding)..<min(height, oh * stride - padding + window)
          for ow in 0..<outWidth {
            let columns = max(0, ow * stride - padding)..<min(width, ow * stride - padding + window)
            var best = (plane * height + rows.lowerBound) * width + columns.lowerBound
            for row in rows {
              for column in columns {
                let at = (plane * height + row) * width + column
                if pointer[at] > pointer[best] { best = at }
              }
            }
            out[next] = Int32(best)
            next += 1
          }
        }
      }
    }
    return reshaped([1, count]).gathered(winners).reshaped([shape[0], shape[1], outHeight, outWidth])
  }

  /// The mean over all positions of each channel of each image: global average pooling.
  ///
  /// - Returns: `[N, C]`.
  /// - Precondition: activations `[C, N, H, W]`.
  public var spatialMeans: Tensor {
    precondition(shape.rank == 4, "spatialMeans of shape \(shape)")
    let (channels, batch, positions) = (shape[0], shape[1], shape[2] * shape[3])
    let means = (1 / Scalar(positions)) * reshaped([channels * batch, positions]).rowSums
    return means.reshaped([channels, batch]).transposed
  }
}
