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

  /// The folder holds no class folders with pictures; `archives` are files in it that hold whole data sets, `loose`
  /// counts pictures that lie in no class folder.
  case noImages(root: String, archives: [String], loose: Int)

  /// Two folders of a union are the same, or one lies in the other, by whatever spelling or link.
  case overlappingFolders(inner: String, outer: String, areSame: Bool)

  /// Folders are named as parts of a data set, but not so that every class is in one.
  case unclearDivision(root: String, reason: String)

  /// Every picture is one colour after preparation; the reason says why.
  case blank(root: String, reason: String)

  /// Something would be written into the folder that images are read from.
  case outputInData(output: String, data: String)

  /// The folder tree is deeper or larger than any data set.
  case tooManyFolders(root: String, limit: Int)

  /// A split file is wrong; `line` is 0 if the fault is not in one line.
  case splitFile(path: String, line: Int, reason: String)

  /// Pictures of formats that this build does not decode.
  case foreignPictures(ForeignPictures)

  /// Pictures that cannot be used, all of them; the sentence names the first twenty.
  case badImages([BadImage], total: Int)

  /// The prepared images would not fit the machine's memory.
  case tooMuchMemory(images: Int, bytesPerImage: Int, memory: Int)

  /// A list of labelled images is wrong; `line` is 0 if the fault is not in one line.
  case labelList(path: String, line: Int, reason: String)

  /// A split has fewer classes than the ways asked for; in a union that of the data set of this name.
  case tooFewClasses(split: Split, found: Int, ways: Int, dataSet: String? = nil)

  /// No folder holds enough classes of a split, but not all of them, for an episode of classes of one folder.
  case noClassFolder(split: Split, most: Int, ways: Int)

  /// The splits do not have as many classes as the episodes drawn from them need.
  case unfitDivision(UnfitDivision)

  /// Classes have fewer different images than support and query need.
  case tooFewImages(SmallClasses)

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
    case .noImages(let root, let archives, let loose):
      "\(root): no folder below it holds pictures, and a class is a folder of pictures."
        + (loose > 0
          ? "\nIt holds \(loose) pictures itself. If you have a list of their classes, make class folders of them: "
            + "fewshot data import --list LIST --images \(shellQuoted(root)) --output FOLDER"
          : archives.first.map { "\n" + Self.advice(onArchive: $0, in: root) }
            ?? " Give the folder above the class folders.")
    case .overlappingFolders(let inner, let outer, let areSame):
      (areSame
        ? "--data names one folder twice: \(outer) and \(inner) are the same"
        : "--data names \(inner), which lies in \(outer), named too")
        + ", so pictures would count twice and stand in several splits.\n"
        + (areSame
          ? "Name each folder once." : "Name only one of them, or folders that lie beside each other.")
    case .foreignPictures(let pictures): pictures.description
    case .unclearDivision(let root, let reason):
      "\(root): \(reason).\nClasses of a part are never drawn into another. "
        + "Put every class folder into train, val or test, or say with --split FILE which class is for what."
    case .blank(let root, let reason):
      "\(root): \(reason).\nThere is nothing to learn from pictures that are all the same."
    case .outputInData(let output, let data):
      "output \(output) is in \(data), the folder that images are read from: its pictures would become images of the data.\n"
        + "Name another place with --output."
    case .tooManyFolders(let root, let limit):
      "\(root): more than \(limit) folders or 32 levels. Give the folder of one data set."
    case .splitFile(let path, let line, let reason):
      line > 0 ? "\(path), line \(line): \(reason)" : "\(path): \(reason)"
    case .badImages(let bad, let total):
      "\(bad.count) of \(total) images cannot be used. Repair or remove them, or leave them out with "
        + "--skip-unreadable (skip-unreadable: true in a grid or configuration)\(Self.adviceOnLinks(bad)):\n"
        + bad.prefix(20).map { "  \($0)" }.joined(separator: "\n")
        + (bad.count > 20 ? "\n  and \(bad.count - 20) more; fewshot data check --all lists them" : "")
    case .tooMuchMemory(let images, let bytes, let memory):
      "\(images) images of \(bytes) bytes each need \(gigabytes(images, bytes)) GB, "
        + "but this process may use \(gigabytes(memory, 1)) GB.\nUse a smaller --image-size, 1 channel, or fewer images."
    case .labelList(let path, let line, let reason):
      line > 0 ? "\(path), line \(line): \(reason)" : "\(path): \(reason)"
    case .tooFewClasses(let split, let found, let ways, let dataSet):
      "The \(split.rawValue) split\(dataSet.map { " of \(printable($0))" } ?? "") has \(found) classes, but an episode needs \(ways). "
        + (found >= 2
          ? "Use at most \(found) ways, or divide the classes another way (--split, --split-seed)."
          : "Put more classes into it: name them for \(split.folderName) in a list for --split, or move their folders.")
    case .noClassFolder(let split, let most, let ways):
      "class-sampling folder draws the classes of an episode from one folder, but in the \(split.rawValue) split "
        + (most == 0
          ? "no folder divides the classes into groups."
          : "the largest group of classes in a folder has \(most), and an episode needs \(ways).")
        + "\nUse " + (most >= 2 ? "at most \(most) ways (--ways), or " : "") + "--class-sampling uniform."
    case .unfitDivision(let division): division.description
    case .tooFewImages(let classes): classes.description
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
  /// What to do with a file that holds a whole data set.
  private static func advice(onArchive path: String, in root: String) -> String {
    let name = path.lowercased()
    let shown = printable(path)
    if name.hasSuffix(".npz") {
      return "It holds \(shown): make class folders of its arrays with fewshot data import --arrays "
        + "\(shellQuoted("\(root)/\(path)")) --output FOLDER"
    }
    if [".zip", ".tar", ".gz", ".tgz", ".bz2", ".7z", ".rar"].contains(where: { name.hasSuffix($0) }) {
      return "It holds \(shown): unpack it, and give the folder above the class folders."
    }
    return
      "It holds \(shown), which is not read. Write its pictures as an .npz file of uint8 arrays (numpy.savez), and "
      + "make class folders of it with fewshot data import --arrays FILE.npz --output FOLDER"
  }

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

/// The product of two numbers in units of 10⁹, to one decimal.
private func gigabytes(_ count: Int, _ bytes: Int) -> Double {
  (Double(count) * Double(bytes) / 1e8).rounded() / 10
}
