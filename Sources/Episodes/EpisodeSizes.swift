internal import Foundation
internal import Randomness

/// How many images each class of one episode gives, where they vary.
///
/// With n_c the different images of class c of C classes, Q the query images wanted, β drawn evenly from (0, 1) for the
/// episode and α_c from (ln ½, ln 2) for each class:
/// - query, of each class as many: q = min(Q, min_c ⌊n_c/2⌋)
/// - support, of all classes together: S = min(500, Σ_c ⌈β · min(100, n_c − q)⌉), and at least C
/// - support of a class: K_c = min(⌊R_c · (S − C)⌋ + 1, n_c − q) with R_c = e^{α_c}·n_c / Σ_j e^{α_j}·n_j
///
/// So every class has an image at least, and all together no more than S.
///
/// - Source: Triantafillou et al. 2020, "Meta-Dataset: A Dataset of Datasets for Learning to Learn from Few Examples",
///   section 3.2 and the appendix on sampling, where Q is 10.
struct EpisodeSizes {
  /// Support images of each class.
  let shots: [Int]
  /// Query images of each class.
  let queries: Int

  /// Draws the sizes of an episode.
  ///
  /// - Parameters:
  ///   - images: How many different images each class has, at least 2.
  ///   - wanted: The most query images of a class.
  ///   - stream: The source of randomness.
  init(of images: [Int], queries wanted: Int, _ stream: inout RandomStream) {
    let asked = min(wanted, (images.min() ?? 2) / 2)
    let share = stream.uniform()
    let weights = images.map { Double($0) * exp2(stream.uniform(-1, 1)) }
    let drawn = images.reduce(0) { $0 + Int((share * Double(min(100, $1 - asked))).rounded(.up)) }
    let support = max(images.count, min(EpisodeShape.mostSupport, drawn))
    let total = weights.reduce(0, +)
    shots = zip(images, weights).map { count, weight in
      min(Int((weight / total * Double(support - images.count)).rounded(.down)) + 1, count - asked)
    }
    queries = asked
  }
}
