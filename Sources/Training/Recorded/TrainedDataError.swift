package import Images

/// Images that a finished or begun run was trained on cannot be used as they are now.
///
/// What a new run could do about it, such as leaving images out, would make them other images.
package struct TrainedDataError: Error, Hashable, CustomStringConvertible {
  /// The run's folder.
  package let folder: String
  /// What is wrong with the images.
  package let error: DatasetError

  /// Whether an error means that the images changed; if not, its own words are better.
  static func explains(_ error: DatasetError) -> Bool {
    switch error {
    case .notFound, .notFolder, .noImages, .unreadable, .tooManyFolders, .splitFile, .badImages,
      .foreignPictures,
      .tooMuchMemory, .tooFewClasses, .noClassFolder, .tooFewImages, .unfitDivision, .unclearDivision,
      .inseparable, .blank, .overlappingFolders:
      true
    case .labelList, .unknownImage, .notWritable, .outputInData: false
    }
  }

  /// What, where, why and what to do.
  package var description: String {
    "the images that \(folder) was trained on cannot be used: \(error.fact).\n\(remedy)."
  }

  private var remedy: String {
    switch error {
    case .tooMuchMemory: "Allow it more, or use a machine that has more"
    case .splitFile:
      "Put the file and the images back as they were, or name copies of them with --split and --data"
    case .notFound: "Put it back, or say where it is now: the images with --data, the split file with --split"
    default: "Put them back as they were, or name a copy of them with --data"
    }
  }
}
