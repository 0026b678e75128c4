internal import CVectorKernels

/// Batch normalisation, leaky ReLU and max-pooling in one pass, and the first two derivatives of that.
package enum Normalise {
  /// The shape of the pass: `[N, H, W, C]` in, `[N, H / pool, W / pool, C]` out.
  package struct Geometry: Hashable, Sendable {
    package var channels: Int
    package var batch: Int
    package var height: Int
    package var width: Int
    package var pool: Int
    package var epsilon: Scalar
    package var slope: Scalar

    package init(
      channels: Int, batch: Int, height: Int, width: Int, pool: Int, epsilon: Scalar, slope: Scalar
    ) {
      precondition(
        height >= pool && width >= pool && pool > 0, "pool: \(height)×\(width) images and windows of \(pool)")
      precondition(pool <= 11, "pool: a window of \(pool)×\(pool) is too large for a byte")
      self.channels = channels
      self.batch = batch
      self.height = height
      self.width = width
      self.pool = pool
      self.epsilon = epsilon
      self.slope = slope
    }

    package var plane: Int { batch * height * width }
    package var outPlane: Int { batch * (height / pool) * (width / pool) }

    /// Calls `body` for some channels after others, or at the same time.
    fileprivate func share(_ body: (fs_norm_geometry) -> Void) {
      Team.shareChannels(channels, cost: Team.perNumber * Double(plane * channels)) {
        body(
          fs_norm_geometry(
            channels: channels, batch: batch, height: height, width: width, pool: pool, epsilon: epsilon,
            slope: slope, from: $0.lowerBound, to: $0.upperBound))
      }
    }
  }

  /// What the forward pass leaves for its derivatives: winners `[N, Ho, Wo, C]`, and mean and 1/deviation `[C]`.
  ///
  /// A winner is its place in the window, row by row; the top bit marks the activation's negative side.
  package struct Saved {
    package let winners: UnsafePointer<UInt8>
    package let mean: Source
    package let inverse: Source

    package init(winners: UnsafePointer<UInt8>, mean: Source, inverse: Source) {
      self.winners = winners
      self.mean = mean
      self.inverse = inverse
    }
  }

  /// `around`, of the shape of y, is added before the activation.
  package static func forward(
    _ y: Source, scale: Source, shift: Source, around: Source? = nil, _ g: Geometry, into out: Target,
    winners: UnsafeMutablePointer<UInt8>, mean: Target, inverse: Target
  ) {
    g.share { fs_norm_forward($0, y, scale, shift, around, out, winners, mean, inverse) }
  }

  /// From the cotangent `u` of the output that of `around`: to each winner what its window got, times its slope.
  package static func spread(_ u: Source, winners: UnsafePointer<UInt8>, _ g: Geometry, into x: Target) {
    g.share { fs_norm_spread($0, winners, u, x) }
  }

  /// The adjoint of ``spread(_:winners:_:into:)``: each window's winner, times its slope.
  package static func pick(_ x: Source, winners: UnsafePointer<UInt8>, _ g: Geometry, into out: Target) {
    g.share { fs_norm_pick($0, winners, x, out) }
  }

  /// From the cotangent `u` of the output, those of y, scale and shift.
  package static func backward(
    _ y: Source, scale: Source, _ saved: Saved, _ u: Source, _ g: Geometry, into dy: Target, dscale: Target,
    dshift: Target
  ) {
    g.share {
      fs_norm_backward($0, y, scale, saved.winners, saved.mean, saved.inverse, u, dy, dscale, dshift)
    }
  }

  /// From cotangents of `dy`, `dscale` and `dshift` (nil is zero), those of y, scale and u.
  package static func doubleBackward(
    _ y: Source, scale: Source, _ saved: Saved, _ u: Source, _ g: Geometry, onDy: Source?, onDscale: Source?,
    onDshift: Source?, into gy: Target, gscale: Target, gu: Target
  ) {
    withScratch(5 * g.channels) { sums in
      g.share {
        fs_norm_double_backward(
          $0, y, scale, saved.winners, saved.mean, saved.inverse, u, onDy, onDscale, onDshift, gy, gscale, gu,
          sums)
      }
    }
  }
}
