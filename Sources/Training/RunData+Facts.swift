package import Images
package import Results

extension RunResult.DataFacts {
  /// What a report says of a data set.
  ///
  /// - Parameters:
  ///   - index: Its classes and how they were divided.
  ///   - store: Its images.
  ///   - path: Its folders in words.
  package init(_ index: DatasetIndex, _ store: ImageStore, path: String) {
    self.init(
      path: path, hash: store.dataHash, classes: store.classes.count,
      images: store.paths.count, skipped: store.skipped.count)
    division = index.division
    sharedClasses = index.repeatedClasses.count
    sharedPictures = store.picturesInSeveralSplits
    warnings = store.warnings(with: index)
    preparation = store.preparation.words
    guard store.roots.isUnion else { return }
    sets = zip(store.roots.all, zip(store.rootHashes, index.divisions)).enumerated().map { position, set in
      let counts = store.report(ofRoot: position)
      return DataSetFacts(
        name: set.0.name, path: set.0.folder, hash: set.1.0, division: set.1.1,
        classes: counts.map(\.classes), images: counts.map(\.images))
    }
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
