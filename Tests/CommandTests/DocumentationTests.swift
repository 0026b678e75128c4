import Foundation
import Testing

/// Every command of the README and of the pages runs as it is pasted.
///
/// The blocks marked `sh` of a page run in order, in one shell that begins in an empty folder. Only their sizes are small.
@Suite("Commands of the pages")
struct DocumentationTests {
  private static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let folder = "Sources/fewshot/Documentation.docc"

  static let pages: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: repository.appendingPathComponent(folder).path)
    return ["README.md"] + (names ?? []).filter { $0.hasSuffix(".md") }.sorted().map { "\(folder)/\($0)" }
  }()

  /// Stand-ins on the path: the program with small settings, and what installs, clones and builds.
  private static let tools = [
    "fewshot": """
    #!/bin/bash
    case "$1 $*" in
      *" --resume "* | *" --config "* | *" --dry-run"*) exec "$PROGRAM" "$@" ;;
      "run "*) exec "$PROGRAM" "$@" --iterations 4 --meta-batch 2 --filters 4 --episodes 6 --validation-episodes 4 \\
        --robustness-episodes 2 ;;
      "pretrain "*) exec "$PROGRAM" "$@" --iterations 4 --batch-size 8 --filters 4 --episodes 6 \\
        --validation-episodes 4 --robustness-episodes 2 ;;
      "evaluate "*) exec "$PROGRAM" "$@" --episodes 6 --probe-episodes 2 --robustness-episodes 2 ;;
      *) exec "$PROGRAM" "$@" ;;
    esac
    """,
    "sudo": "#!/bin/bash\n[ \"$1\" = apt-get ]\n",
    "git": """
    #!/bin/bash
    [ "$1 $2" = 'clone URL' ] && mkdir "$3" "$3/examples" "$3/pictures" && cp -r "$IMAGES" "$3/images" || exit 1
    for class in $(ls "$IMAGES/test" | head -3); do
      cp -r "$IMAGES/test/$class" "$3/examples" && cp "$IMAGES/test/$class/07.png" "$3/pictures/$class.png"
    done
    """,
    "swift": """
    #!/bin/bash
    [ "$1" = test ] && exit 0
    [ "$1 $2 $3" = 'build -c release' ] && exit 0
    [ "$1 $2 $3 $4" = 'run -c release fewshot' ] && shift 4 && exec fewshot "$@"
    """,
  ]

  /// The lines of all blocks marked `sh`, with small numbers in what they write into files.
  private static func commands(_ page: String) -> String {
    var lines: [Substring] = []
    var isInside = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "```sh" {
        isInside = true
      } else if line.hasPrefix("```") {
        isInside = false
      } else if isInside {
        lines.append(line)
      }
    }
    return lines.joined(separator: "\n")
      .replacing(/iterations: \d+/, with: "iterations: 4").replacing(/episodes: \d+/, with: "episodes: 6")
  }

  @Test("they run", arguments: pages)
  func run(page: String) throws {
    let text = try String(contentsOf: Self.repository.appendingPathComponent(page), encoding: .utf8)
    let commands = Self.commands(text)
    guard !commands.isEmpty else { return }
    try Program.withFolder { folder in
      let bin = folder.appendingPathComponent("bin")
      let work = folder.appendingPathComponent("work")
      for made in [bin, work] {
        try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
      }
      for (name, script) in Self.tools {
        let file = bin.appendingPathComponent(name)
        try Data(script.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
      }
      let images = folder.appendingPathComponent("images").path
      if commands.contains("git clone") {
        #expect(try Program.run("data glyphs --output \(images)").status == 0)
      }
      let script = """
        set -e -o pipefail
        export PATH='\(bin.path)':"$PATH" PROGRAM="$fewshot" IMAGES='\(images)' XDG_CACHE_HOME='\(folder.path)/cache'
        cd '\(work.path)'
        \(commands)
        """
      try Data(script.utf8).write(to: folder.appendingPathComponent("script.sh"))
      let status = try Program.shell("bash -x script.sh > output.txt 2> errors.txt", in: folder)
      let errors = try String(contentsOf: folder.appendingPathComponent("errors.txt"), encoding: .utf8)
      #expect(status == 0, "\(errors.suffix(2000))")
    }
  }

  @Test("there are fourteen pages beside the README") func count() { #expect(Self.pages.count == 15) }

  @Test("the README is short, and its links lead somewhere")
  func readme() throws {
    let text = try String(contentsOf: Self.repository.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(text.split(whereSeparator: \.isWhitespace).count <= 900)
    // Nothing is left to be filled in.
    let known: Set = ["README", "DoublePrecision", "MAML", "ANIL", "ACDC", "URL", "PATH", "PWD", "FSNet"]
    for word in text.matches(of: /\b[A-Z]{6,}\b/) {
      #expect(known.contains(String(word.output)), "\(word.output)")
    }
    for link in text.matches(of: /\]\(([^)#]+)[^)]*\)/) where !link.output.1.hasPrefix("http") {
      let path = Self.repository.appendingPathComponent(String(link.output.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(link.output.1)")
    }
  }

  @Test("the network in PyTorch of the page Networks is the script that the campaign runs")
  func torchNetwork() throws {
    let script = try String(
      contentsOf: Self.repository.appendingPathComponent("Tests/Goldens/torch_network.py"), encoding: .utf8)
    let page = try String(
      contentsOf: Self.repository.appendingPathComponent("\(Self.folder)/Networks.md"), encoding: .utf8)
    #expect(page.contains("```python\n\(script)```"))
  }

  @Test("the loader of the page Files is the script whose output is recorded")
  func loader() throws {
    let goldens = Self.repository.appendingPathComponent("Tests/Goldens")
    let script = try String(contentsOf: goldens.appendingPathComponent("load_run.py"), encoding: .utf8)
    let page = try String(
      contentsOf: Self.repository.appendingPathComponent("\(Self.folder)/Files.md"), encoding: .utf8)
    #expect(page.contains("```python\n\(script)```"))
    // The recorded accuracies are those that the run wrote itself.
    let recorded = try String(contentsOf: goldens.appendingPathComponent("run/expected.txt"), encoding: .utf8)
    let written = try String(
      contentsOf: goldens.appendingPathComponent("run/eval/episodes.csv"), encoding: .utf8)
    let rows = written.split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",") }
    let found = rows.filter { $0[1] == "clean" }.compactMap { Double($0[5]) }
    let expected = recorded.split(whereSeparator: \.isNewline).compactMap { line in
      line.split(separator: " ").last.flatMap { Double($0) }
    }
    #expect(found.count == 20 && expected.count >= 20)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-9) }
  }
}
