/// The named values of one JSON object, read by kind: a file's fault is said with the field it is in.
package struct JSONFields {
  private let members: [JSONValue.Member]

  /// Why a field cannot be read.
  package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The value is not an object.
    case notAnObject
    /// There is no field of this name.
    case missing(String)
    /// The field holds another kind of value.
    case otherKind(String)

    /// A sentence without its end.
    package var description: String {
      switch self {
      case .notAnObject: "it is not a JSON object"
      case .missing(let name): "the field \(name) is missing"
      case .otherKind(let name): "the field \(name) has the wrong type"
      }
    }
  }

  /// The fields of an object.
  ///
  /// - Throws: ``Fault/notAnObject`` if the value is something else.
  package init(_ value: JSONValue) throws(Fault) {
    guard case .object(let members) = value else { throw .notAnObject }
    self.members = members
  }

  /// A field that may be missing or null.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - kind: What it is read as, such as `\.string`.
  /// - Returns: Its value; nil without one.
  /// - Throws: ``Fault/otherKind(_:)``.
  package func optional<Value>(_ name: String, _ kind: KeyPath<JSONValue, Value?>) throws(Fault) -> Value? {
    guard let found = members.first(where: { $0.key == name })?.value, found != .null else { return nil }
    guard let value = found[keyPath: kind] else { throw .otherKind(name) }
    return value
  }

  /// A field that must be there.
  ///
  /// - Throws: ``Fault/missing(_:)`` or ``Fault/otherKind(_:)``.
  package func required<Value>(_ name: String, _ kind: KeyPath<JSONValue, Value?>) throws(Fault) -> Value {
    guard let value = try optional(name, kind) else { throw .missing(name) }
    return value
  }
}

extension JSONValue {
  /// Text; nil for anything else.
  package var string: String? { if case .text(let text) = self { text } else { nil } }

  /// A truth value; nil for anything else.
  package var truth: Bool? { if case .flag(let flag) = self { flag } else { nil } }

  /// A whole number that fits; nil for anything else.
  package var whole: Int? { if case .integer(let number) = self { number } else { nil } }

  /// A whole number that is not negative; nil for anything else.
  package var unsigned: UInt64? {
    switch self {
    case .integer(let number): UInt64(exactly: number)
    case .digits(let digits): UInt64(digits)
    default: nil
    }
  }

  /// Any number, also one that is not finite by its word (``Nonfinite``); nil for anything else.
  package var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .digits(let digits): Double(digits).flatMap { $0.isFinite ? $0 : nil }
    case .text(let word): Nonfinite.number(for: word)
    default: nil
    }
  }

  /// The values of a list; nil for anything else.
  package var values: [JSONValue]? { if case .list(let values) = self { values } else { nil } }

  /// A list of texts; nil for anything else.
  package var strings: [String]? { all(\.string) }

  /// A list of whole numbers; nil for anything else.
  package var wholes: [Int]? { all(\.whole) }

  /// A list of lists of texts; nil for anything else.
  package var stringLists: [[String]]? { all(\.strings) }

  /// Texts by name; nil for anything else.
  package var stringsByName: [String: String]? {
    guard case .object(let members) = self else { return nil }
    let pairs = members.compactMap { member in member.value.string.map { (member.key, $0) } }
    return pairs.count == members.count ? Dictionary(pairs) { $1 } : nil
  }

  /// The value of a name in an object; nil without one.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == name }?.value
  }

  private func all<Value>(_ kind: KeyPath<JSONValue, Value?>) -> [Value]? {
    guard let all = self.values else { return nil }
    let values = all.compactMap { $0[keyPath: kind] }
    return values.count == all.count ? values : nil
  }
}
