internal import Documents
internal import Figures
internal import Formats
internal import Foundation
package import Results

/// The report of one folder, made of nothing but the files in it: rendering again gives the same pages.
package struct Report: Sendable {
  /// The folder.
  package let folder: String
  /// The result in `results.json`.
  package let result: RunResult
  private let document: Document

  /// Reads the files of a folder.
  ///
  /// - Parameter folder: That of a finished run, evaluation or ablation.
  /// - Throws: ``StoredResultError`` if `results.json` is missing or not a result.
  package init(folder: String) throws(StoredResultError) {
    self.init(try ReportSource(folder: folder), folder: folder)
  }

  /// The report of a result that is already read.
  ///
  /// - Parameters:
  ///   - result: The result.
  ///   - folder: Where the files beside it are; what is not there is left out.
  package init(_ result: RunResult, folder: String) {
    self.init(ReportSource(result, folder: folder), folder: folder)
  }

  private init(_ source: ReportSource, folder: String) {
    self.folder = folder
    result = source.result
    document = Document(source)
  }

  /// The page for people who read text: Markdown with links to the pictures.
  package var markdown: String { document.markdown }

  /// The page for a browser: one file that loads nothing.
  package var html: String { document.html }

  /// The main table for a paper.
  package var tex: String { document.tex }

  /// Writes pages, tables and pictures into the folder.
  ///
  /// - Returns: The names of the files, in the order they were written.
  /// - Throws: ``RunFolderError`` if one cannot be written, `FigureError` if one cannot be drawn.
  @discardableResult package func write() throws -> [String] {
    let files = try RunFolder(existing: folder)
    var names: [String] = []
    func write(_ data: Data, _ name: String) throws {
      try files.write(data, to: name)
      names.append(name)
    }
    // Pictures first: a page must not refer to files that do not exist yet.
    for figure in document.figures {
      try write(Data(figure.picture.scene.svg().utf8), "figures/\(figure.name).svg")
      try write(Data(try figure.picture.png()), "figures/\(figure.name).png")
    }
    for table in document.tables where !table.name.isEmpty {
      try write(Data(table.csv.utf8), "tables/\(table.name).csv")
    }
    try write(Data((document.tableDescription.withSchema.text + "\n").utf8), "tables/schema.json")
    try writeEvents(files, document.figures)
    try write(Data(tex.utf8), "report.tex")
    try write(Data(markdown.utf8), "report.md")
    try write(Data(html.utf8), "report.html")
    return names
  }
}
