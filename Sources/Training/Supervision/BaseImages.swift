internal import Episodes
internal import Images
internal import MetaLearning
internal import Randomness
package import Networks
package import Settings
package import Tensors

/// The images of the training classes, divided into those to learn from and those kept back, and in which order they
/// come.
///
/// With `rotations` as classes, each turn of a class is a class; with rotations per episode each image is turned at
/// random and keeps its label.
package struct BaseImages: Sendable {
  /// One image with its class.
  package struct Item: Hashable, Sendable {
    package let path: String
    package let label: Int
    package let degrees: Int
  }

  /// How many classes there are.
  package let classes: Int
  /// What is learned from.
  package let training: [Item]
  /// What is kept back: the last images of each class.
  package let heldOut: [Item]
  private let store: ImageStore
  private let seed: UInt64
  private let augmentation: Augmentation?
  private let turnsAtRandom: Bool

  /// Divides the images.
  ///
  /// - Parameters:
  ///   - data: The images.
  ///   - plan: How many are kept back, how images are changed, and the seed.
  /// - Throws: `ConfigurationError` if there are fewer than two classes, a class has a single image, or a batch is larger
  ///   than all images.
  package init(_ data: RunData, _ plan: Plan) throws(ConfigurationError) {
    let recipe = plan.recipe
    let own = data.store.classes(in: .train)
    let turns = plan.rotations == .class ? [0, 90, 180, 270] : [0]
    guard own.count * turns.count > 1 else {
      throw ConfigurationError(
        field: "learner", value: plan.learner.rawValue, reason: "there is a single training class",
        remedy: "Give two classes or more for training")
    }
    if let small = own.first(where: { $0.images.count < 2 }) {
      throw ConfigurationError(
        field: "learner", value: plan.learner.rawValue,
        reason: "the training class \(small.name) has \(small.images.count) image",
        remedy: "Give every training class two images or more")
    }
    var (training, heldOut): ([Item], [Item]) = ([], [])
    for (i, item) in own.enumerated() {
      let share = recipe.heldOut
      // At least one of each, and never all.
      let back = share == 0 ? 0 : min(item.images.count - 1, max(1, Int(share * Double(item.images.count))))
      for (t, degrees) in turns.enumerated() {
        let items = item.images.map { Item(path: $0, label: i * turns.count + t, degrees: degrees) }
        training += items.dropLast(back)
        heldOut += items.suffix(back)
      }
    }
    let batch = recipe.batchSize
    guard batch <= training.count else {
      throw ConfigurationError(
        field: "batch-size", value: "\(batch)", reason: "there are only \(training.count) training images",
        remedy: "Use \(training.count) or less")
    }
    guard recipe.batchParts <= batch / 2 else {
      throw ConfigurationError(
        field: "batch-parts", value: "\(recipe.batchParts)",
        reason: "a part needs two images or more, and batch-size is \(batch)",
        remedy: "Use \(batch / 2) or less, or a larger batch-size")
    }
    classes = own.count * turns.count
    self.training = training
    self.heldOut = heldOut
    store = data.store
    seed = plan.seed
    augmentation = recipe.augment
    turnsAtRandom = plan.rotations == .episode
  }

  /// The images of an update: pass after pass over all of them, each pass in an order of its own.
  ///
  /// - Parameters:
  ///   - update: Which, from 0.
  ///   - size: How many.
  /// - Returns: A pure function of the seed and the update.
  package func items(ofUpdate update: Int, size: Int) -> [Item] {
    var order: (pass: Int, places: [Int]) = (-1, [])
    return (update * size..<(update + 1) * size).map { place in
      let (pass, i) = place.quotientAndRemainder(dividingBy: training.count)
      if pass != order.pass { order = (pass, Self.order(training.count, seed, pass)) }
      return training[order.places[i]]
    }
  }

  private static func order(_ count: Int, _ seed: UInt64, _ pass: Int) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: "supervision/order", index: UInt64(pass))
    return stream.distinct(count, below: count)
  }

  /// The images of an update, changed at random, and their labels.
  ///
  /// - Parameters:
  ///   - update: Which, from 0.
  ///   - size: How many images it has.
  ///   - part: Which of them; nil for all.
  /// - Returns: `[N, H, W, C]` and N labels.
  /// - Throws: `DatasetError` if an image cannot be read.
  package func batch(
    ofUpdate update: Int, size: Int, part: Range<Int>? = nil
  ) throws -> (images: Tensor, labels: [Int]) {
    let part = part ?? 0..<size
    let items = items(ofUpdate: update, size: size)[part]
    let images = try zip(part, items).map { i, item in
      var stream = RandomStream(
        seed: seed, purpose: "supervision/augment", index: UInt64(update * size + i))
      let turn = turnsAtRandom ? 90 * stream.below(4) : item.degrees
      let image = try plain(item, turn)
      return augmentation.map { $0.changed(image, &stream) } ?? image
    }
    return (tensor(images), items.map(\.label))
  }

  /// Some images as they are.
  package func plain(_ items: ArraySlice<Item>) throws -> Tensor {
    tensor(try items.map { try plain($0, $0.degrees) })
  }

  private func plain(_ item: Item, _ degrees: Int) throws -> FloatImage {
    let image = try store.images([[item.path]], rotations: [degrees])
    return FloatImage(side: image.height, channels: image.channels, pixels: image.pixels)
  }

  /// `[N, H, W, C]`.
  private func tensor(_ images: [FloatImage]) -> Tensor {
    let (side, channels) = (store.preparation.imageSize, store.preparation.channels)
    return Tensor(
      images.flatMap { image in image.pixels.map { Scalar($0) } },
      shape: [images.count, channels, side, side]
    ).permuted([0, 2, 3, 1])
  }
}
