import Randomness
import TestSupport
import Tensors
import Testing

/// Window, stride, padding.
private let windows = [(2, 2, 0), (3, 2, 1), (3, 1, 1), (2, 1, 0), (1, 1, 0)]

@Suite("Activations")
struct ActivationTests {
  /// Different numbers, far from zero and from each other compared with the steps of the checker.
  private func distinct(_ shape: Shape, _ stream: inout RandomStream) -> Tensor {
    Tensor(stream.distinct(shape.count, below: shape.count).map { Scalar($0) - 20.5 }, shape: shape)
  }

  @Test("leaky rectification scales what is not above zero", arguments: [0, 0.1, 1] as [Scalar])
  func leaky(slope: Scalar) {
    let x = Tensor([-2, 0, 3], shape: [3])
    #expect(x.leakyRectified(slope: slope).scalars == [-2 * slope, 0, 3])
    let leaf = x.leaf
    let gradient = gradients(of: leaf.leakyRectified(slope: slope).sum, wrt: [leaf])[0]
    #expect(gradient.scalars == [slope, slope, 1])
  }

  @Test("max-pooling is the maximum over each window without its padding", arguments: windows)
  func pooling(window: Int, stride: Int, padding: Int) {
    var stream = RandomStream(seed: 1, purpose: "pooling")
    let (channels, batch, height, width) = (2, 3, 5, 6)
    let x = distinct([batch, height, width, channels], &stream)
    let pooled = x.maxPooled(window: window, stride: stride, padding: padding)
    let values = x.scalars
    var expected: [Scalar] = []
    for image in 0..<batch {
      for top in Swift.stride(from: -padding, through: height + padding - window, by: stride) {
        for left in Swift.stride(from: -padding, through: width + padding - window, by: stride) {
          for channel in 0..<channels {
            let inside = (top..<top + window).filter { 0 <= $0 && $0 < height }.flatMap { row in
              (left..<left + window).filter { 0 <= $0 && $0 < width }.map { column in
                values[((image * height + row) * width + column) * channels + channel]
              }
            }
            expected.append(inside.max() ?? .nan)
          }
        }
      }
    }
    #expect(pooled.scalars == expected)
    #expect(pooled.shape[0] == batch && pooled.shape[3] == channels)
  }

  @Test("rules agree with differences to second order", arguments: windows)
  func rules(window: Int, stride: Int, padding: Int) {
    var stream = RandomStream(seed: 2, purpose: "rules \(window) \(stride)")
    let checker = GradientChecker()
    let pattern = distinct([2, 4, 5, 2], &stream)
    let error = checker.error(
      of: { inputs in
        let y = (pattern + 0.2 * inputs[0]).leakyRectified(slope: 0.1)
          .maxPooled(window: window, stride: stride, padding: padding)
        return (0.05 * y * y).spatialMeans
      }, at: [.uniform(-1, 1, [2, 4, 5, 2], &stream)], order: 2, &stream)
    #expect(error < checker.tolerance)
  }

  // Two images of two pixels (0, 1), (2, 3) and (4, 5), (6, 7), the channels in brackets.
  @Test("spatial means and flat features are one row per image")
  func means() {
    let x = Tensor([0, 1, 2, 3, 4, 5, 6, 7], shape: [2, 1, 2, 2])
    #expect(x.spatialMeans.scalars == [1, 2, 5, 6])
    #expect(x.spatialMeans.shape == [2, 2])
    #expect(x.flattenedImages.scalars == [0, 2, 1, 3, 4, 6, 5, 7])
    #expect(x.flattenedImages.shape == [2, 4])
  }
}
