/// The shape of the JSON documents that this program writes, as a number that each of them carries.
///
/// It grows when a name changes its meaning or goes away; new names alone leave it as it is. Lists at the top have no
/// names and carry none.
package enum DocumentSchema {
  /// The name of the number in a document.
  package static let key = "schema"
  /// The number that this version writes, and the only one that it reads in `results.json`.
  package static let current = 1
  /// The name and the number.
  package static var member: JSONValue.Member { .init(key, .integer(current)) }
}

extension JSONValue {
  /// The document with its schema as the first member; a list stays as it is.
  package var withSchema: JSONValue {
    guard case .object(let members) = self else { return self }
    return .object([DocumentSchema.member] + members.filter { $0.key != DocumentSchema.key })
  }
}
