internal import Formats

/// A picture that cannot be used, and why.
public struct BadImage: Hashable, Sendable {
  /// The file, relative to the data root.
  public let path: String

  /// What is wrong with it.
  public let error: ImageError
}

/// What is wrong with a data set, a split file, or what was asked of them.
public enum DatasetError: Error, Hashable, Sendable {
  /// Nothing exists at this path.
  case notFound(path: String)

  /// A file or folder exists but cannot be read.
  case unreadable(path: String, reason: String)

  /// A data set is a folder, and this is not one.
  case notFolder(path: String)

  /// The folder holds no class folders with PNG files; `others` counts other pictures in it.
  case noImages(root: String, others: Int)

  /// The folder tree is deeper or larger than any data set.
  case tooManyFolders(root: String, limit: Int)

  /// A split file is wrong; `line` is 0 if the fault is not in one line.
  case splitFile(path: String, line: Int, reason: String)

  /// Pictures that cannot be used, all of them; the sentence names the first twenty.
  case badImages([BadImage], total: Int)

  /// The prepared images would not fit the machine's memory.
  case tooMuchMemory(images: Int, bytesPerImage: Int, memory: Int)

  /// A list of labelled images is wrong; `line` is 0 if the fault is not in one line.
  case labelList(path: String, line: Int, reason: String)

  /// A split has fewer classes than the ways asked for.
  case tooFewClasses(split: Split, found: Int, ways: Int)

  /// A class has fewer images than support and query need.
  ///
  /// It is the smallest of those that have too few; `mostQueries` is what every class of the split has left
  /// after the shots, 0 if some class has none.
  case tooFewImages(
    split: Split, className: String, found: Int, different: Int, shots: Int, queries: Int, mostQueries: Int)

  /// No episode could be drawn whose support and query share no content.
  case inseparable(split: Split, index: Int)

  /// An episode names an image that the data does not have.
  case unknownImage(path: String)

  /// A file could not be written.
  case notWritable(path: String, reason: String)
}

extension DatasetError: CustomStringConvertible {
  /// What is wrong, why, and what to do, in one to three lines and a list of bad files.
  public var description: String {
    switch self {
    case .notFound(let path): "\(path): not found. Check the path."
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)."
    case .notFolder(let path): "\(path): not a folder. Give the folder above the class folders."
    case .noImages(let root, let others):
      "\(root): no folder below it holds .png files, and a class is a folder of .png files."
        + (others > 0
          ? "\nIt holds \(others) pictures of other formats: convert them to PNG first."
          : " Give the folder above the class folders.")
    case .tooManyFolders(let root, let limit):
      "\(root): more than \(limit) folders or 32 levels. Give the folder of one data set."
    case .splitFile(let path, let line, let reason):
      line > 0 ? "\(path), line \(line): \(reason)" : "\(path): \(reason)"
    case .badImages(let bad, let total):
      "\(bad.count) of \(total) images cannot be used. Repair or remove them, or leave them out with "
        + "--skip-unreadable\(Self.adviceOnLinks(bad)):\n"
        + bad.prefix(20).map { "  \($0)" }.joined(separator: "\n")
        + (bad.count > 20 ? "\n  and \(bad.count - 20) more; fewshot data check --all lists them" : "")
    case .tooMuchMemory(let images, let bytes, let memory):
      "\(images) images of \(bytes) bytes each need \(gigabytes(images, bytes)) GB, "
        + "but this process may use \(gigabytes(memory, 1)) GB.\nUse a smaller --image-size, 1 channel, or fewer images."
    case .labelList(let path, let line, let reason):
      line > 0 ? "\(path), line \(line): \(reason)" : "\(path): \(reason)"
    case .tooFewClasses(let split, let found, let ways):
      "The \(split.rawValue) split has \(found) classes, but an episode needs \(ways). "
        + "Use at most \(found) ways, or divide the classes another way (--split, --split-seed)."
    case .tooFewImages(let split, let name, let found, let different, let shots, let queries, let most):
      "The smallest class of the \(split.rawValue) split, \(printable(name)), has \(found) images (\(different) different), but "
        + "\(shots) shots + \(queries) queries need \(shots + queries).\n"
        + (most > 0
          ? "With \(shots) shots use at most \(most) \(split.queriesFlag), or remove the class."
          : "Use fewer \(split.shotsFlag), of which one class has no image left for a query, or remove the class.")
    case .inseparable(let split, let index):
      "Episode \(index) of \(split.rawValue): too many identical images across classes to keep support and "
        + "query apart.\nRemove duplicate images or use fewer queries."
    case .unknownImage(let path):
      "\(path): the episode names this image, but the data does not have it. Check the data root."
    case .notWritable(let path, let reason): "\(path): cannot be written: \(reason)."
    }
  }
}

extension DatasetError {
  /// What to do about links out of the folder, if there are any.
  private static func adviceOnLinks(_ bad: [BadImage]) -> String {
    bad.contains { $0.error == .unreadable(reason: FolderWalk.linkOut) }
      ? "; links of your own are followed with --follow-links" : ""
  }
}

extension BadImage: CustomStringConvertible {
  /// The file and what is wrong with it, in one line.
  public var description: String { "\(printable(path)): \(error)" }
}

extension Split {
  /// The setting that says how many query images an episode of this split has.
  fileprivate var queriesFlag: String {
    switch self {
    case .train: "training queries (--train-queries)"
    case .validation: "validation queries (--validation-queries)"
    case .test: "queries (--queries)"
    }
  }

  /// The setting that says how many support images an episode of this split has.
  fileprivate var shotsFlag: String { self == .train ? "training shots (--train-shots)" : "shots (--shots)" }
}

/// The product of two numbers in units of 10⁹, to one decimal.
private func gigabytes(_ count: Int, _ bytes: Int) -> Double {
  (Double(count) * Double(bytes) / 1e8).rounded() / 10
}
