internal import Foundation
internal import SafeTensors
internal import Training

/// The content of one file of finished tasks: the work they belong to, and the result of each.
///
/// It is a ``SealedFile`` with the key `work` in its metadata and three tensors: `tasks`, their numbers; `sizes`, the
/// bytes of each result; `results`, all of them one after another.
package struct EvaluationPart: Hashable, Sendable {
  /// A file that cannot be used.
  package struct Broken: Error, CustomStringConvertible {
    /// What is wrong with it.
    package let description: String
  }

  /// All that the results depend on.
  let key: String
  /// Results by the number of the task.
  let results: [Int: Data]

  private static let keyName = "work"

  init(key: String, results: [Int: Data]) {
    self.key = key
    self.results = results
  }

  /// Reads a file.
  ///
  /// - Throws: ``Broken`` if it is damaged or not such a file.
  package init(_ bytes: [UInt8]) throws(Broken) {
    let file: SafeTensorsFile
    do throws(SealedFile.Broken) {
      file = try SealedFile.decode(bytes)
    } catch {
      throw Broken(description: error.reason)
    }
    guard let key = file.metadata[Self.keyName], let tasks = try? file.int64s("tasks"),
      let sizes = try? file.int64s("sizes"), let bytes = file["results"]?.bytes
    else { throw Broken(description: "it is not a file of finished tasks") }
    var results: [Int: Data] = [:]
    var rest = bytes[...]
    for (task, size) in zip(tasks, sizes) {
      // Each size is checked against what is left: in an untrusted file the sum of all might overflow.
      guard size >= 0, size <= rest.count, results[Int(task)] == nil else { break }
      results[Int(task)] = Data(rest.prefix(Int(size)))
      rest = rest.dropFirst(Int(size))
    }
    guard results.count == tasks.count, tasks.count == sizes.count, rest.isEmpty else {
      throw Broken(description: "its sizes do not match its results")
    }
    self.init(key: key, results: results)
  }

  /// The bytes of the file.
  package var encoded: [UInt8] {
    let tasks = results.keys.sorted()
    let parts = tasks.compactMap { results[$0] }
    let bytes = parts.flatMap { $0 }
    var file = SafeTensorsFile(metadata: [Self.keyName: key])
    file["tasks"] = .init(int64s: tasks.map { Int64($0) }, shape: [tasks.count])
    file["sizes"] = .init(int64s: parts.map { Int64($0.count) }, shape: [tasks.count])
    file["results"] = .init(elementType: .uint8, shape: [bytes.count], bytes: bytes)
    return SealedFile.encode(file)
  }
}
