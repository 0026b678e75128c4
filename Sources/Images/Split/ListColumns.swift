internal import Formats
internal import Foundation

/// The columns of a list of classes or images, found whatever the case, spaces and signs of their names.
struct ListColumns {
  /// The names as they are in the file.
  let names: [String]
  private let plain: [String]
  /// The column of parts: one named split, or one of another such name in which some row names a part.
  let split: Int?

  /// Names of a column that says which part a row belongs to.
  private static let splits = ["split", "part", "subset", "partition", "fold", "set"]
  /// Names of a column of files.
  private static let files = [
    "filename", "file", "filepath", "path", "image", "imagename", "imagefile", "imagepath", "imageid", "img",
    "imgname", "imgpath", "picture",
  ]
  /// Names of a column of classes, the likeliest first.
  private static let classes = [
    "class", "wnid", "character", "label", "synset", "classname", "labelname", "category", "categoryname",
    "target", "species",
  ]

  /// Columns of a table.
  ///
  /// - Parameters:
  ///   - header: Their names.
  ///   - rows: What is below them; nil where that is not known yet.
  init(_ header: [String], rows: [[String]]? = nil) {
    names = header
    let plain = header.map { name in name.lowercased().filter { $0.isLetter || $0.isNumber } }
    self.plain = plain
    split = Self.splits.lazy.compactMap { plain.firstIndex(of: $0) }.first { column in
      // A fold may be a number, and a set one of cameras.
      guard let rows, plain[column] != Self.splits[0] else { return true }
      return rows.contains { Split(named: $0[column].trimmed) != nil }
    }
  }

  /// The column of files.
  var file: Int? { first(of: Self.files) }
  /// The column of labels.
  var label: Int? { first(of: ["label"] + Self.classes) }

  /// The column of classes, with the columns between it and `split` in front as the folders above it; without such a
  /// column all but `split`.
  func classPath(beside split: Int) -> [Int] {
    guard let last = first(of: Self.classes) else { return names.indices.filter { $0 != split } }
    return last > split ? Array(split + 1...last) : [last]
  }

  /// What there is, for errors.
  var found: String {
    "It has the columns " + names.prefix(12).map { "\"\(printable($0))\"" }.joined(separator: ", ")
      + (names.count > 12 ? ", …" : "")
  }

  private func first(of candidates: [String]) -> Int? {
    candidates.lazy.compactMap { plain.firstIndex(of: $0) }.first
  }
}

extension String {
  /// Without white space at its ends.
  var trimmed: String {
    guard first?.isWhitespace == true || last?.isWhitespace == true else { return self }
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }

  /// In the form in which a letter and its accent are one: two ways to type a name are one name.
  var composed: String { precomposedStringWithCanonicalMapping }

  /// The same for names that differ only in case, white space, or signs that cannot be seen.
  var folded: String {
    let seen = composed.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint }
    return String(String.UnicodeScalarView(seen)).split(separator: "/").map { part in
      part.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    }.joined(separator: "/")
  }
}
