internal import Formats
internal import Networks

extension Inspection {
  /// The ranks that training may lower, as a table; nil if there are none.
  ///
  /// Above its break-even rank a factored kernel holds more numbers than the dense one.
  package var ranksText: String? {
    guard !ranks.isEmpty else { return nil }
    return TextTable(
      ["rank", "extent", "break-even"],
      ranks.map { [$0.path, "\($0.extent)", $0.breakEven.map { TextTable.fixed($0, 1) } ?? ""] }
    ).text
  }

  /// The ranks for programs.
  var ranksDocument: JSONValue {
    .list(
      ranks.map {
        .members([
          "path": .text($0.path), "extent": .integer($0.extent), "declared": .integer($0.declared),
          "break_even": $0.breakEven.map { .number($0) } ?? .null,
        ])
      })
  }
}
