public import Kernels

// Operations on activations that residual networks need beside the fused block. The ones that know where an
// image, a pixel and a channel lie assume the layout `[N, H, W, C]`.

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
  /// - Returns: `[N, Ho, Wo, C]` with Ho = (H + 2·padding − window)/stride + 1, rounded down.
  /// - Precondition: activations `[N, H, W, C]` that hold a window, and less padding than window.
  public func maxPooled(window: Int, stride: Int, padding: Int = 0) -> Tensor {
    precondition(
      shape.rank == 4 && padding < window && shape[1] + 2 * padding >= window
        && shape[2] + 2 * padding >= window && count <= Int(Int32.max),
      "maxPooled: \(shape) by windows of \(window), padding \(padding)")
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let outHeight = (height + 2 * padding - window) / stride + 1
    let outWidth = (width + 2 * padding - window) / stride + 1
    // One row of everything, so that the picking itself does not depend on the layout.
    let picked = batch * outHeight * outWidth * channels
    let winners = RowIndex(rows: 1, picked: picked, columns: count) { out in
      var next = out
      for image in 0..<batch {
        for oh in 0..<outHeight {
          let rows = max(0, oh * stride - padding)..<min(height, oh * stride - padding + window)
          for ow in 0..<outWidth {
            let columns = max(0, ow * stride - padding)..<min(width, ow * stride - padding + window)
            let corner = ((image * height + rows.lowerBound) * width + columns.lowerBound) * channels
            for channel in 0..<channels { next[channel] = Int32(corner + channel) }
            for row in rows {
              for column in columns {
                let pixel = ((image * height + row) * width + column) * channels
                for channel in 0..<channels where pointer[pixel + channel] > pointer[Int(next[channel])] {
                  next[channel] = Int32(pixel + channel)
                }
              }
            }
            next += channels
          }
        }
      }
    }
    return reshaped([1, count]).gathered(winners).reshaped([batch, outHeight, outWidth, channels])
  }

  /// The mean over all positions of each channel of each image: global average pooling.
  ///
  /// - Returns: `[N, C]`.
  /// - Precondition: activations `[N, H, W, C]`.
  public var spatialMeans: Tensor {
    let (batch, channels) = (shape[0], shape[3])
    let positions = shape[1] * shape[2]
    let sums = flattenedImages.reshaped([batch * channels, positions]).rowSums
    return (1 / Scalar(positions)) * sums.reshaped([batch, channels])
  }

  /// Each image as a row, ordered by channel, then position.
  ///
  /// - Returns: `[N, C·H·W]`.
  /// - Precondition: activations `[N, H, W, C]`.
  public var flattenedImages: Tensor {
    precondition(shape.rank == 4, "flattenedImages of shape \(shape)")
    let (batch, positions, channels) = (shape[0], shape[1] * shape[2], shape[3])
    return reshaped([batch, positions, channels]).permuted([0, 2, 1]).reshaped([batch, channels * positions])
  }
}
