internal import Documents
internal import Results

/// The images: how their classes were divided, what was done to them, what is odd about them, and how they look.
enum DataSection {
  static func make(_ source: ReportSource) -> Section? {
    let data = source.result.data
    var items = [
      "\(data.path): \(Wording.count(data.classes, "class", plural: "classes")), "
        + "\(Wording.count(data.images, "image")), hash \(data.hash)"
        + (data.skipped > 0 ? "; \(Wording.count(data.skipped, "unreadable image")) left out." : ".")
    ]
    items += (data.sets ?? []).map { set in
      "\(set.name) is \(set.path): "
        + zip(["training", "validation", "test"], zip(set.classes, set.images)).map { split, counts in
          "\(Wording.count(counts.0, "\(split) class", plural: "\(split) classes")) of \(Wording.count(counts.1, "image"))"
        }.joined(separator: ", ") + "; hash \(set.hash)."
    }
    if let division = data.division { items.append("Division of the classes: \(division).") }
    if let preparation = data.preparation { items.append("Images as networks see them: \(preparation).") }
    if let sizes = source.result.sizes { items.append(words(sizes)) }
    items += (data.warnings ?? []).map { "Warning: \($0)." }
    var blocks: [Block] = [.list(items)]
    if let sheet = source.episodeSheet {
      blocks.append(
        .photograph(
          Photograph(
            file: RunFolder.episodeSheet, title: "Pictures of a test episode",
            caption:
              "The first test episode: what networks learn from, and the first pictures they are asked about.",
            png: sheet)))
    }
    return Section(title: "Data", blocks: blocks)
  }

  /// How large test episodes are, where they vary.
  private static func words(_ sizes: RunResult.EpisodeSizes) -> String {
    func spread(_ part: RunResult.Spread) -> String {
      part.fewest == part.most
        ? "\(part.most)" : "\(part.fewest) to \(part.most) (mean \(Wording.fixed(part.mean, 1)))"
    }
    return
      "Test episodes, \(sizes.rule): \(spread(sizes.ways)) classes, \(spread(sizes.support)) support images, "
      + "\(spread(sizes.supportOfClass)) of a class, \(spread(sizes.query)) query images. A guess is right in "
      + "\(Wording.percent(sizes.chance, 1))."
  }

  /// What is known of classes and pictures in several splits, as a sentence.
  static func separation(_ data: RunResult.DataFacts) -> String {
    guard let classes = data.sharedClasses, let pictures = data.sharedPictures else {
      return "Whether splits share classes or pictures was not looked at by the version that wrote this."
    }
    if classes == 0 && pictures == 0 {
      return
        "No class name and no picture stands in two of train, validation and test; pictures were compared by content."
    }
    return
      "Train, validation and test are not separate: \(Wording.count(classes, "class name")) and \(Wording.count(pictures, "picture")) "
      + "stand in more than one of them."
  }
}
