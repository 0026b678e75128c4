package import Images
package import Results

extension RunResult.DataFacts {
  /// What a report says of a data set.
  ///
  /// - Parameters:
  ///   - index: Its classes and how they were divided.
  ///   - store: Its images.
  ///   - path: Its folder; nil for the built-in glyphs.
  package init(_ index: DatasetIndex, _ store: ImageStore, path: String?) {
    self.init(
      path: path ?? "built-in glyphs", hash: store.dataHash, classes: store.classes.count,
      images: store.paths.count, skipped: store.skipped.count)
    division = index.division
    sharedClasses = index.repeatedClasses.count
    sharedPictures = store.picturesInSeveralSplits
    warnings = store.warnings(with: index)
    preparation = store.preparation.words
  }
}

extension ImagePreparation {
  /// For example `28 × 28, grey, inverted`.
  package var words: String {
    let part =
      switch crop {
      case .whole: ""
      case .middle(let share): " of the middle square (\(share) of the shorter side)"
      }
    return
      "\(imageSize) × \(imageSize)\(part), \(channels == 1 ? "grey" : "colour")\(invert ? ", inverted" : "")"
  }
}
