public import Episodes
internal import Kernels
public import Tensors

/// Labelled images as a learner sees them.
public struct Batch: Sendable {
  /// The images, `[N, H, W, C]`: channels run fastest.
  public let images: Tensor
  /// N class indices in `0..<ways`.
  public let labels: [Int]
  /// How many classes the labels tell apart.
  public let ways: Int

  /// Images and their labels.
  ///
  /// - Precondition: there is one label in range for every image.
  public init(images: Tensor, labels: [Int], ways: Int) {
    precondition(
      images.shape.rank == 4 && images.shape[0] == labels.count && labels.allSatisfy { 0 <= $0 && $0 < ways },
      "\(labels.count) labels below \(ways) for images of shape \(images.shape)")
    self.images = images
    self.labels = labels
    self.ways = ways
  }

  /// The images of one side of an episode.
  public init(_ images: LabelledImages, ways: Int) {
    self.init(
      images: Tensor(
        images.pixels.map { Scalar($0) }, shape: [images.channels, images.count, images.height, images.width]
      ).permuted([1, 2, 3, 0]),
      labels: images.labels, ways: ways)
  }

  /// How many images there are, N.
  public var count: Int { labels.count }
}

/// One few-shot task: learn from the support, answer the query.
public struct MetaTask: Sendable {
  /// What the learner may adapt to, labels included.
  public let support: Batch
  /// What it is asked about.
  public let query: Batch

  /// A task from its two sides.
  public init(support: Batch, query: Batch) {
    self.support = support
    self.query = query
  }

  /// The task of an episode.
  public init(_ episode: Episode) {
    let ways = episode.description.classes.count
    self.init(support: Batch(episode.support, ways: ways), query: Batch(episode.query, ways: ways))
  }
}
