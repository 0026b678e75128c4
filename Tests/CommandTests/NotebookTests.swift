import Foundation
import Testing

/// The notebooks' bash cells run, and a text block after a cell is what the cell prints.
///
/// FEWSHOT_WRITE_NOTEBOOKS=1 writes what they print into them instead.
@Suite("Notebooks")
struct NotebookTests {
  private static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let notebooks =
    (try? FileManager.default.contentsOfDirectory(
      at: repository.appendingPathComponent("notebooks-text"), includingPropertiesForKeys: nil))?
    .filter { $0.pathExtension == "md" }.map(\.lastPathComponent).sorted() ?? []

  /// Small enough for a test; users leave these unset.
  private static let small = [
    "UPDATES": "4", "EPISODES": "6", "PROBES": "2", "SPOILED": "2", "CONDITIONS": "short", "QUICK": "1",
  ]

  @Test("there are six") func count() { #expect(Self.notebooks.count == 6) }

  @Test("its cells run and print what it says", arguments: notebooks)
  func runs(name: String) throws {
    let file = Self.repository.appendingPathComponent("notebooks-text/\(name)")
    let notebook = Notebook(try String(contentsOf: file, encoding: .utf8))
    #expect(!notebook.cells.isEmpty)
    let outputs = try Program.withFolder { folder in try run(notebook, in: folder) }
    if ProcessInfo.processInfo.environment["FEWSHOT_WRITE_NOTEBOOKS"] != nil {
      try notebook.filled(with: outputs).write(to: file, atomically: true, encoding: .utf8)
      return
    }
    for (cell, output) in zip(notebook.cells, outputs) {
      guard let expected = cell.output else { continue }
      #expect(output == expected, "after the cell that begins: \(cell.code.prefix(80))")
    }
  }

  /// All cells in one shell, as a notebook's kernel runs them.
  ///
  /// What a cell sets, the folder it changes to included, holds in the next. Each one's standard output goes to a file of
  /// its own.
  private func run(_ notebook: Notebook, in folder: URL) throws -> [String] {
    let program = URL(fileURLWithPath: try #require(Program.path, "build the product fewshot first"))
    var script = "set -e -o pipefail\n"
    for (i, cell) in notebook.cells.enumerated() {
      script += "exec 3>&1 > \"$OUTPUTS/cell\(i).txt\"\n\(cell.code)\nexec 1>&3 3>&-\n"
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment.merging(Self.small) { $1 }
    environment["PATH"] = program.deletingLastPathComponent().path + ":" + (environment["PATH"] ?? "")
    environment["REPOSITORY"] = Self.repository.path
    environment["OUTPUTS"] = folder.path
    environment["XDG_CACHE_HOME"] = folder.path + "/cache"
    process.environment = environment
    let errors = folder.appendingPathComponent("errors.txt")
    try Data().write(to: errors)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let words = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
    try #require(process.terminationStatus == 0, "\(words.suffix(1000))")
    return try notebook.cells.indices.map {
      try String(contentsOf: folder.appendingPathComponent("cell\($0).txt"), encoding: .utf8)
    }
  }
}

/// The cells of a Markdown notebook.
struct Notebook {
  /// A bash block, and the text block that follows it at once.
  struct Cell {
    let code: String
    let output: String?
  }

  private let lines: [String]
  private(set) var cells: [Cell] = []

  init(_ text: String) {
    lines = text.components(separatedBy: "\n")
    var i = 0
    while i < lines.count {
      guard lines[i] == "```bash" else {
        i += 1
        continue
      }
      let code = block(at: i)
      i += code.count + 2
      let next = lines[i...].firstIndex { !$0.isEmpty }
      let output = next.flatMap { lines[$0] == "```text" ? block(at: $0) : nil }
      cells.append(
        Cell(code: code.joined(separator: "\n"), output: output.map { $0.map { $0 + "\n" }.joined() }))
    }
  }

  private func block(at fence: Int) -> [String] {
    Array(lines[(fence + 1)...].prefix { $0 != "```" })
  }

  /// The notebook with what its cells printed instead of the text blocks.
  func filled(with outputs: [String]) -> String {
    var result: [String] = []
    var cell = -1
    var i = 0
    while i < lines.count {
      result.append(lines[i])
      if lines[i] == "```bash" { cell += 1 }
      if lines[i] == "```text" {
        result += outputs[cell].components(separatedBy: "\n").dropLast()
        i += block(at: i).count
      }
      i += 1
    }
    return result.joined(separator: "\n")
  }
}
