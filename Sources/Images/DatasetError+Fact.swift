internal import Formats

extension DatasetError {
  /// What is wrong, in a few words and without what to do about it: for commands that test a trained network, whose
  /// images and episodes are given.
  package var fact: String {
    switch self {
    case .notFound(let path): "\(path) is not there"
    case .notFolder(let path): "\(path) is not a folder"
    case .noImages(let root, _, _): "\(root) has no folders of pictures"
    case .splitFile(let path, let line, let reason), .labelList(let path, let line, let reason):
      "\(path)\(line > 0 ? ", line \(line)" : ""): \(reason.firstLine.withoutStop)"
    case .badImages(let bad, let total):
      "\(bad.count) of \(total) images cannot be used"
        + (bad.first.map { ", the first is \("\($0)".withoutStop)" } ?? "")
    case .tooFewClasses(let split, let found, let ways, let dataSet):
      "the \(split.rawValue) split\(dataSet.map { " of \(printable($0))" } ?? "") has \(found) classes, and an episode needs \(ways)"
    case .tooFewImages(let small):
      "\(small.items.count) classes have too few images for an episode"
        + (small.items.first.map { ", the first is \(printable($0.name)) with \($0.images) images" } ?? "")
    case .overlappingFolders, .foreignPictures, .noClassFolder, .unfitDivision, .unclearDivision, .blank,
      .outputInData:
      description.firstLine.withoutStop
    case .inseparable(let split, _):
      "too many identical images across the classes of the \(split.rawValue) split"
    case .tooMuchMemory(let images, _, _):
      "\(images) images do not fit in the memory that this process may use"
    case .unreadable, .tooManyFolders, .unknownImage, .notWritable: description.withoutStop
    }
  }
}

extension String {
  /// What to do stands on the lines below.
  fileprivate var firstLine: String { split(separator: "\n").first.map(String.init) ?? "" }

  /// Without the full stop at its end.
  fileprivate var withoutStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
