package import Files

/// Why a folder or a file in it cannot be used.
package enum RunFolderError: Error, Hashable, CustomStringConvertible {
  /// The folder holds the results of another command.
  case occupied(path: String, by: RunFolder.Content)
  /// Another process is using the folder; its number if it is known.
  case inUse(path: String, process: Int?)
  /// A process of another machine has the folder, or one that cannot be asked; whether it gave a sign of life.
  case owned(path: String, by: FolderOwner, isAlive: Bool)
  /// Another process has taken the folder over meanwhile.
  case takenOver(path: String)
  /// The folder does not hold a run that could be continued.
  case noRun(path: String)
  /// The folder holds a network that was not trained here.
  case notTrained(path: String, RunFolder.Content)
  /// The folder holds another evaluation, with what differs.
  case otherEvaluation(path: String, differences: [String])
  /// A folder could not be made, or nothing can be written there.
  case cannotCreate(path: String, reason: String)
  /// A file could not be written.
  case notWritable(path: String, reason: String)
  /// The folder is no longer where it was when the work in it began.
  case moved(path: String)

  /// What, where, why and what to do.
  package var description: String {
    switch self {
    case .occupied(let path, let content):
      "output \(path) already holds \(content.rawValue).\n"
        + (content == .run ? "Continue it with \(RunFolder.resumption(of: path)), name" : "Name")
        + " another folder with --output, or move this one away."
    case .inUse(let path, let process):
      "\(path) is in use by another process\(process.map { ", \($0)" } ?? "").\n"
        + "Wait for it, stop it, or use another folder."
    case .owned(let path, let owner, isAlive: true):
      "\(path) is in use by \(owner), which is at work.\nWait for it, stop it, or use another folder."
    case .owned(let path, let owner, isAlive: false):
      "\(path) is in use by \(owner), and this machine cannot tell whether that is still at work.\n"
        + "Wait for it. If it is gone for certain, give the same command with --take-over, which watches for a sign of "
        + "life first."
    case .takenOver(let path):
      "\(path) was taken over by another process while this command worked in it, so it stops.\n"
        + "Nothing is lost: what was saved is in the folder, and the other process goes on there."
    case .noRun(let path):
      "\(path) does not hold a run: it has no config.json.\nCheck the path, or start the run again with --output."
    case .notTrained(let path, let content):
      "\(path) holds \(content.rawValue), and there is no training to go on with.\n"
        + "Evaluate it with \(RunFolder.evaluation(of: path))."
    case .otherEvaluation(let path, let differences):
      "output \(path) already holds another evaluation.\n"
        + "It differs: \(Self.summary(of: differences)).\n"
        + "Name another folder with --output, or move this one away."
    case .cannotCreate(let path, let reason):
      "cannot make the folder \(path): \(reason).\nUse another folder."
    case .notWritable(let path, let reason):
      "cannot write \(path): \(reason).\nFree space, or use another folder."
    case .moved(let path):
      "\(path) was moved or removed while this command worked in it, so it stops.\n"
        + "If it was moved, what was saved is in it: go on there. If not, begin again."
    }
  }

  /// The first three differences, in the order of their names, and how many more there are.
  package static func summary(of differences: [String]) -> String {
    let rest = differences.count - 3
    return differences.prefix(3).joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
  }
}

extension RunFolderError {
  /// Who is at work in the folder for certain, in words; nil where nobody is, or where that cannot be told.
  package var ownerAtWork: String? {
    switch self {
    case .inUse(_, let process): "another process\(process.map { ", \($0)" } ?? "")"
    case .owned(_, let owner, isAlive: true): "\(owner)"
    default: nil
    }
  }

  /// Why a folder cannot be locked.
  ///
  /// - Parameters:
  ///   - failure: What the lock says.
  ///   - part: What is locked, where that is a part of the folder.
  package init(_ failure: FolderLock.Failure, of part: String? = nil) {
    switch failure {
    case .inUse(let path, let process): self = .inUse(path: part ?? path, process: process)
    case .owned(let path, let owner, let isAlive):
      self = .owned(path: part ?? path, by: owner, isAlive: isAlive)
    case .cannotLock(let path, let reason): self = .cannotCreate(path: path, reason: reason)
    }
  }
}
