internal import Files
package import Formats
package import Foundation

extension RunResult {
  /// What `results.json` may hold: names of files come from users, so any text.
  package static let limits = JSONReader.Limits(depth: 64, allowsNUL: true)

  /// Reads `results.json` of a folder.
  ///
  /// - Parameter folder: That of a finished run, evaluation or ablation.
  /// - Throws: ``StoredResultError``.
  package init(folder: String) throws(StoredResultError) {
    let path = folder + "/results.json"
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadable(path: path, reason: systemReason(error))
    }
    try self.init(content: data, of: path)
  }

  /// Reads the content of a `results.json`.
  ///
  /// - Parameters:
  ///   - data: Its bytes.
  ///   - path: Where they are from, for messages.
  /// - Throws: ``StoredResultError``.
  package init(content data: Data, of path: String) throws(StoredResultError) {
    let document: JSONValue
    do {
      document = try JSONReader.read([UInt8](data)[...], limits: Self.limits)
    } catch {
      throw .malformed(path: path, version: nil, reason: "it is not a JSON object: \(error.reason)")
    }
    guard case .object = document else {
      throw .malformed(path: path, version: nil, reason: "it is not a JSON object")
    }
    let version = document["version"]?.string
    if let schema = document[DocumentSchema.key]?.double, schema != Double(DocumentSchema.current) {
      throw .otherSchema(path: path, schema: schema, version: version)
    }
    do {
      try self.init(json: data)
    } catch {
      throw .malformed(path: path, version: version, reason: Self.reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    func location(_ path: [any CodingKey]) -> String {
      path.isEmpty
        ? "" : " in " + path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    return switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\(key.stringValue) is missing\(location(context.codingPath))"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "a value has the wrong type\(location(context.codingPath))"
    case DecodingError.dataCorrupted(let context): "a value is not valid\(location(context.codingPath))"
    default: error.localizedDescription
    }
  }
}
