internal import Foundation

/// The control groups that a process is in, as under a batch system or in a container, in both versions of Linux.
struct ControlGroups {
  /// The content of `/proc/self/cgroup`: lines `number:controllers:path`, without controllers in version 2.
  let groups: String
  /// Where the groups' files are.
  let root: String

  /// Those of this process.
  static var own: ControlGroups {
    ControlGroups(
      groups: (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? "",
      root: "/sys/fs/cgroup")
  }

  /// The words in the files of one controller, from each group up to the root.
  ///
  /// - Parameters:
  ///   - controller: The controller, such as `memory`.
  ///   - second: The file in version 2.
  ///   - first: The files in version 1; each list has the words of all of them, where all are there.
  /// - Returns: One list of words for each group that has the files.
  func words(of controller: String, second: String, first: [String]) -> [[String]] {
    groups.split(separator: "\n").flatMap { line -> [[String]] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let (base, files): (String, [String])
      switch parts[1] {
      case "": (base, files) = (root, [second])
      case let names where names.split(separator: ",").contains { $0 == controller }:
        (base, files) = ("\(root)/\(controller)", first)
      default: return []
      }
      var names = parts[2].split(separator: "/")
      var found: [[String]] = []
      while true {
        // Within a container the path may be that of the host, of which only the root exists.
        let folder = ([base] + names.map(String.init)).joined(separator: "/")
        let texts = files.compactMap { try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
        if texts.count == files.count {
          found.append(texts.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) })
        }
        guard names.popLast() != nil else { return found }
      }
    }
  }
}
