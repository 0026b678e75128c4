internal import Foundation

/// The system does not give what the program needs from it: memory, or a library.
package struct SystemShortage: Error, Hashable, CustomStringConvertible {
  /// The exit status that a program ends with then: `EX_OSERR` of sysexits.
  package static let status: Int32 = 71

  /// What is missing, why, and what to do.
  package let description: String

  /// A shortage in words.
  package init(_ description: String) { self.description = description }

  /// Memory that cannot be had.
  ///
  /// - Parameters:
  ///   - what: What needs it, as the beginning of a sentence: `OpenBLAS needs`.
  ///   - bytes: How much it needs.
  ///   - isAll: Whether nothing more is needed; else no limit can be named that is enough.
  ///   - advice: What would help beside more memory: `Use --threads 1`.
  /// - Returns: The shortage in words.
  package static func memory(
    _ what: String, _ bytes: Int, isAll: Bool = true, advice: String? = nil
  ) -> SystemShortage {
    func begin(_ word: String) -> String { advice.map { "\($0), or \(word.lowercased())" } ?? word }
    let size = "\((bytes + (1 << 20) - 1) >> 20) MiB"
    guard let words = AddressSpace.words, let left = AddressSpace.left,
      let command = AddressSpace.command(leaving: bytes)
    else {
      return SystemShortage(
        "\(what) \(size) of memory, which the system does not give.\n"
          + "\(begin("Free")) memory, or use another machine.")
    }
    return SystemShortage(
      "\(what) \(size) of memory, and the limit \(words) leaves \(left >> 20) MiB.\n"
        + "\(begin("Start")) the program where the limit is higher\(isAll ? ": \(command), or unlimited." : ".")"
    )
  }

  /// Ends the process where nobody can be told: with the words on standard error and the status.
  ///
  /// Files are written whole or not at all, so this loses no more than a kill.
  package func end() -> Never {
    let text = Array("fewshot: \(description)\n".utf8)
    _ = write(STDERR_FILENO, text, text.count)
    // Without the clean-up of `exit`, which could run while other threads still compute.
    _exit(Self.status)
  }
}
