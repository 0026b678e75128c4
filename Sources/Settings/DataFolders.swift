package import Formats

/// The folders of images that `data` names: one, or several whose union is the data set.
///
/// As text, one folder is its path, and several are a list in JSON, so that any path can stand in it; a configuration
/// file has a plain text or a list.
package struct DataFolders: Hashable, Sendable {
  /// The folders, in the order in which they were given; never empty.
  package let all: [String]

  /// One folder.
  package init(_ folder: String) { all = [folder] }

  /// Some folders; nil for none, and where a path is empty.
  package init?(_ folders: [String]) {
    guard !folders.isEmpty, folders.allSatisfy({ !$0.isEmpty }) else { return nil }
    all = folders
  }

  /// The folders of a text; nil for an empty one.
  package init?(text: String) {
    let list = text.hasPrefix("[") ? try? JSONReader.read(Array(text.utf8)[...]) : nil
    self.init(list?.strings ?? [text])
  }

  /// How they stand in a configuration.
  package var document: JSONValue {
    // A path that reads as a list has to be one.
    guard all.count > 1 || DataFolders(text: all[0])?.all != all else { return .text(all[0]) }
    return .list(all.map { .text($0) })
  }

  /// How they are read again.
  package var text: String { document.plainText }

  /// The folders in words, for messages.
  package var words: String { inWords(all) }

  /// The same with every path changed.
  package func mapped(_ change: (String) -> String) -> DataFolders {
    DataFolders(all.map(change)) ?? self
  }
}

extension FieldKind<DataFolders> {
  /// One path, or a list of them.
  static var folders: Self {
    FieldKind(
      parse: { DataFolders(text: $0) }, print: { $0.document }, needs: "it is empty",
      use: "Give a folder, or leave it out", values: "", isList: true)
  }
}
