internal import Formats

/// Why a state dict does not become a network: every tensor that does not fit.
package struct ImportError: Error, Hashable, CustomStringConvertible {
  /// The file.
  package let file: String
  /// How the map was named.
  package let map: String
  /// What is wrong, a line for each tensor.
  package let faults: [String]

  /// What, where, why and what to do.
  package var description: String {
    "\(file): \(faults.count == 1 ? "a tensor does" : "\(faults.count) tensors do") not fit the map \(map). Check that it is the map of this network; a file for --map "
      + "can name tensors, or leave them out under ignore:\n"
      + faults.prefix(20).map { "  \(printable($0))" }.joined(separator: "\n")
      + (faults.count > 20 ? "\n  and \(faults.count - 20) more" : "")
  }
}
