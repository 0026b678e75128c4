internal import Episodes
internal import Images
internal import MetaLearning
package import Networks
internal import Tensors

extension RunData {
  /// Measures the mean features of the training classes where a head centres by them; see `SimpleShotHead`.
  ///
  /// Classes count alike, with up to so many images of each; all images of one batch are of several classes, since a
  /// network without running statistics normalises by the batch.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - parameters: Where it stands; its base mean is replaced.
  /// - Throws: `DatasetError` if an image cannot be read.
  package func measureBaseMean(of network: Network, at parameters: inout Parameters) throws {
    guard let place = network.layout.ref(at: SimpleShotHead.baseMeanPath) else { return }
    let classes = store.classes(in: .train).map { $0.images.prefix(Self.imagesOfAClass) }
    // The first of every class, then the second of every class, and so on.
    let paths = (0..<Self.imagesOfAClass).flatMap { i in
      classes.compactMap { $0.count > i ? $0[$0.startIndex + i] : nil }
    }
    let turns = rotationsMatter ? [0, 90, 180, 270] : [0]
    var sum: Tensor?
    var count = 0
    for turn in turns {
      for start in stride(from: 0, to: paths.count, by: Self.batch) {
        let part = Array(paths[start..<min(start + Self.batch, paths.count)])
        let images = Batch(try store.images([part], rotations: [turn]), ways: 1).images
        let features = network.features(images, parameters.detached).transposed.rowSums
        sum = sum.map { $0 + features } ?? features
        count += part.count
      }
    }
    guard let sum, count > 0 else { return }
    parameters = parameters.replacing([place], with: [(1 / Scalar(count)) * sum])
  }

  private static let (imagesOfAClass, batch) = (20, 100)
  private var rotationsMatter: Bool { training.rotations != .none }
}
