internal import CVectorKernels

/// Images `[N, H, W, C]` with zeros around each, and how to walk over them.
///
/// With enough zeros a window never leaves its image, so that no kernel needs to ask where the border is.
struct PaddedImages {
  let height: Int
  let width: Int
  let channels: Int
  let top: Int
  let bottom: Int
  let left: Int
  let right: Int

  /// Scalars from one row to the next.
  var row: Int { (left + width + right) * channels }
  /// Scalars from one image to the next.
  var image: Int { (top + height + bottom) * row }
  /// Scalars of one image without its zeros.
  var bare: Int { height * width * channels }
  private var isBare: Bool { top + bottom + left + right == 0 }

  private var border: fs_border {
    fs_border(top: top, bottom: bottom, left: left * channels, right: right * channels)
  }

  /// What a convolution reads.
  init(inputOf g: ConvGeometry, channels: Int) {
    height = g.height
    width = g.width
    self.channels = channels
    (top, bottom, left, right) = (g.padding, g.padding, g.padding, g.padding)
  }

  init(height: Int, width: Int, channels: Int, top: Int, bottom: Int, left: Int, right: Int) {
    self.height = height
    self.width = width
    self.channels = channels
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  /// Calls `body` with a few padded images after another: their memory, the first and how many.
  ///
  /// A block stays in the second-level cache together with what is written for it, `written` scalars an image; or it
  /// is one image.
  func blocks(
    of x: Source, count: Int, budget: Int = CacheBudget.block, written: Int = 0,
    _ body: (_ padded: Source, _ first: Int, _ images: Int) -> Void
  ) {
    let most = blockSize(count, budget, written)
    if isBare {
      for first in stride(from: 0, to: count, by: most) {
        body(x + first * bare, first, min(most, count - first))
      }
      return
    }
    withScratch(most * image) { scratch in
      for first in stride(from: 0, to: count, by: most) {
        let images = min(most, count - first)
        fs_pad(x + first * bare, images, height, width * channels, border, scratch)
        body(scratch, first, images)
      }
    }
  }

  /// The same for images that are one block already, as those that go with another block are.
  func wholeBlock(of x: Source, count: Int, _ body: (_ padded: Source) -> Void) {
    blocks(of: x, count: count, budget: .max) { padded, _, _ in body(padded) }
  }

  /// Calls `body` to add onto a few zeroed images after another, and copies each without its border into `x`.
  func blocks(onto x: Target, count: Int, _ body: (_ padded: Target, _ first: Int, _ images: Int) -> Void) {
    let most = blockSize(count, CacheBudget.block, 0)
    withScratch(most * image) { scratch in
      for first in stride(from: 0, to: count, by: most) {
        let images = min(most, count - first)
        scratch.initialize(repeating: 0, count: images * image)
        body(scratch, first, images)
        fs_crop(scratch, images, height, width * channels, border, x + first * bare)
      }
    }
  }

  private func blockSize(_ count: Int, _ bytes: Int, _ written: Int) -> Int {
    min(count, max(1, CacheBudget.scalars(bytes) / max(image, written)))
  }
}
