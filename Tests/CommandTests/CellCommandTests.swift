import Foundation
import Testing

/// Cells of a grid that are trained one by one, by processes of their own, and collected.
@Suite("Cells anywhere")
struct CellCommandTests {
  private let base =
    "data: g, image-size: 16, filters: 4, ways: 3, queries: 2, train-queries: 2, validation-queries: 2, "
    + "meta-batch: 2, iterations: 4, episodes: 4, validation-episodes: 2, evaluation-steps: 2, rate-trials: 2"

  private let grid = """
    grid:
      arm: [{family: standard, adapt: all}, {family: acdc, adapt: atoms}]
      seed: [3, 4]
    evaluate: {suite: speed, episodes: 4, probe-episodes: 2, attribution: none}

    """

  private func withGrid(_ base: String? = nil, _ body: (URL) throws -> Void) throws {
    try Program.withFolder { folder in
      _ = try Program.run("data glyphs --output g --train 4 --validation 3 --test 3 --images 6", in: folder)
      try "base: {\(base ?? self.base)}\n\(grid)".write(
        to: folder.appendingPathComponent("grid.yaml"), atomically: true, encoding: .utf8)
      try body(folder)
    }
  }

  private func exists(_ path: String, in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
  }

  @Test("the list numbers the cells, as CSV and as JSON, and the numbers are those of --cell")
  func list() throws {
    try withGrid { folder in
      let table = try Program.run("ablate grid.yaml --output r --list", in: folder)
      #expect(
        table.status == 0
          && table.output
            == "index,arm,seed,folder\n0,standard-all,3,r/cells/standard-all-seed3\n"
            + "1,standard-all,4,r/cells/standard-all-seed4\n2,acdc-atoms,3,r/cells/acdc-atoms-seed3\n"
            + "3,acdc-atoms,4,r/cells/acdc-atoms-seed4\n",
        "\(table.output) \(table.error)")
      let document = try Program.run("ablate grid.yaml --output r --list --json", in: folder).json()
      let cells = try #require((document as? [String: Any])?["cells"] as? [[String: Any]])
      #expect(
        cells.count == 4 && cells[2]["index"] as? Int == 2 && cells[2]["arm"] as? String == "acdc-atoms")
      #expect(
        cells[2]["seed"] as? Int == 3 && cells[2]["folder"] as? String == "r/cells/acdc-atoms-seed3")
      #expect(!exists("r", in: folder), "a list makes nothing")
      // With seeds that may be added, numbers stay with their cells.
      let more = try Program.run("ablate grid.yaml --output r --list --until 0.5", in: folder)
      #expect(more.output == table.output, "the pilot comes first: \(more.error)")
      let beyond = try Program.run("ablate grid.yaml --output r --cell 4", in: folder)
      #expect(beyond.status == 64 && beyond.error.contains("0 to 3"), "\(beyond.error)")
      let both = try Program.run("ablate grid.yaml --list --collect", in: folder)
      #expect(both.status == 64 && both.error.contains("--list and --collect"), "\(both.error)")
    }
  }

  @Test("cells of many processes at once, collected, are the same bytes as one ablation")
  func sameBytes() throws {
    try withGrid { folder in
      let whole = try Program.run("ablate grid.yaml --output r --jobs 2", in: folder)
      #expect(whole.status == 0, "\(whole.error)")
      try FileManager.default.moveItem(
        at: folder.appendingPathComponent("r"), to: folder.appendingPathComponent("whole"))

      let nothing = try Program.run("ablate grid.yaml --output r --collect", in: folder)
      #expect(
        nothing.status == 66 && nothing.error.contains("4 of 4 cells") && !exists("r", in: folder),
        "\(nothing.error)")
      // In another order, and the last one not at all.
      let cells = try [2, 0, 1].map {
        try RunningProgram("ablate grid.yaml --output r --cell \($0)", in: folder, name: "cell\($0)")
      }
      for cell in cells { #expect(cell.end() == 0, "\(cell.said)") }
      let some = try Program.run("ablate grid.yaml --output r --collect", in: folder)
      #expect(
        some.status == 66
          && some.error.contains("1 of 4 cells in r are not finished: acdc-atoms-seed4 (not begun)"),
        "\(some.error)")
      #expect(some.output.contains("3 of 4 cells finished."), "\(some.output)")
      #expect(!exists("r/cells/acdc-atoms-seed4", in: folder), "collecting trains nothing")
      let table = try String(contentsOf: folder.appendingPathComponent("r/cells.csv"), encoding: .utf8)
      #expect(table.contains("acdc-atoms-seed4,open,,not begun\n"), "\(table)")

      #expect(try Program.run("ablate grid.yaml --output r --cell 3", in: folder).status == 0)
      let collected = try Program.run("ablate grid.yaml --output r --collect", in: folder)
      #expect(collected.status == 0, "\(collected.error)")
      let (expected, found) = (
        try StoredFolder(folder.appendingPathComponent("whole")),
        try StoredFolder(folder.appendingPathComponent("r"))
      )
      #expect(found.contents.count > 60)
      #expect(found.differences(from: expected) == [])

      // Finished: nothing is done again, and no file of training changes.
      let metrics = folder.appendingPathComponent("r/cells/acdc-atoms-seed3/metrics.csv").path
      let date = try FileManager.default.attributesOfItem(atPath: metrics)[.modificationDate] as? Date
      let again = try Program.run("ablate grid.yaml --output r --cell 2", in: folder)
      #expect(again.status == 0 && again.error.contains("is finished"), "\(again.error)")
      #expect(try FileManager.default.attributesOfItem(atPath: metrics)[.modificationDate] as? Date == date)
    }
  }

  @Test("a cell that is stopped ends with the status that was asked for, and goes on")
  func stopped() throws {
    try withGrid(base.replacingOccurrences(of: "iterations: 4", with: "iterations: 60000")) { folder in
      let line = "ablate grid.yaml --output r --cell 2 --exit-on-stop 75"
      let cell = try RunningProgram(line, in: folder)
      try cell.waits(for: "train acdc-atoms")
      let second = try Program.run(line, in: folder)
      #expect(
        second.status == 73
          && second.error.contains("r/cells/acdc-atoms-seed3 is in use by another process, "),
        "\(second.error)")
      let missing = try Program.run("ablate grid.yaml --output r --collect", in: folder)
      #expect(missing.status == 66, "\(missing.error)")
      cell.send(SIGUSR2)
      #expect(cell.end() == 75)
      #expect(
        cell.said.contains("Continue with: fewshot ablate grid.yaml --output r --cell 2\n"), "\(cell.said)")
      let again = try RunningProgram(line, in: folder, name: "again")
      try again.waits(for: "acdc-atoms: continuing after update")
      // What was found meanwhile is in the way of nobody.
      again.send(SIGKILL)
      #expect(again.end() == -SIGKILL)
      let third = try RunningProgram(line, in: folder, name: "third")
      try third.waits(for: "taking it over")
      third.send(SIGUSR1)
      #expect(third.end() == 75)
    }
  }

  @Test(
    "cells whose settings contradict each other are refused by their number, and nothing is emitted for them")
  func faults() throws {
    try Program.withFolder { folder in
      try "grid: {family: [standard, svd], adapt: [atoms]}\n".write(
        to: folder.appendingPathComponent("grid.yaml"), atomically: true, encoding: .utf8)
      for line in ["--cell 0", "--emit make", "--emit slurm", "--list"] {
        let refused = try Program.run("ablate grid.yaml --output r \(line)", in: folder)
        #expect(refused.status == 64 && refused.error.contains("kernels, norm, head"), "\(refused.error)")
      }
      #expect(!exists("r", in: folder))
    }
  }

  @Test("emitted scripts are read by those they are for, with names that a shell would split")
  func emitted() throws {
    try withGrid { folder in
      let odd = folder.appendingPathComponent("my $grid's #1.yaml")
      try FileManager.default.moveItem(at: folder.appendingPathComponent("grid.yaml"), to: odd)
      func emit(_ scheduler: String) throws -> String {
        let outcome = try Program.run(
          arguments: [
            "ablate", odd.lastPathComponent, "--output", "out $x's #2", "--emit", scheduler, "--jobs", "3",
            "--threads", "2",
          ], in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        try outcome.output.write(
          to: folder.appendingPathComponent(scheduler), atomically: true, encoding: .utf8)
        return outcome.output
      }
      let slurm = try emit("slurm")
      #expect(try Program.shell("bash -n slurm", in: folder) == 0)
      for line in [
        "#SBATCH --array=0-3%3", "#SBATCH --cpus-per-task=2", "#SBATCH --requeue",
        "#SBATCH --signal=USR2@120",
        "%A_%a.log", "--dependency=afterany:", "--exit-on-stop", "--collect", "scontrol requeue",
      ] {
        #expect(slurm.contains(line), "\(line): \(slurm)")
      }
      let mebibytes = try #require(slurm.firstMatch(of: /#SBATCH --mem=(\d+)M/)?.output.1)
      let minutes = try #require(slurm.firstMatch(of: /#SBATCH --time=(\d+)\n/)?.output.1)
      #expect((256...4096).contains(Int(mebibytes) ?? 0) && (5...60).contains(Int(minutes) ?? 0))
      // The logs' folder is there before the first job.
      #expect(exists("out $x's #2/logs", in: folder))

      _ = try emit("snakemake")
      _ = try emit("make")
      #expect(
        try Program.shell(
          "make --dry-run --file make > plan && grep -c -- '--cell' plan | grep -qx 4", in: folder)
          == 0)
      // And they do what they say.
      #expect(try Program.shell("make --file make cell-1 2> said", in: folder) == 0)
      #expect(exists("out $x's #2/cells/standard-all-seed4/results.json", in: folder))
      // As Slurm would run an element of the array, with stand-ins for its programs.
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("bin"), withIntermediateDirectories: true)
      for (name, script) in [
        ("srun", "#!/bin/bash\nwhile [[ $1 == --* ]]; do shift; done\nexec \"$@\"\n"),
        ("sbatch", "#!/bin/bash\nprintf '%s\\n' \"$@\" > sbatch.txt\ncat > collect.sh\n"),
        ("scontrol", "#!/bin/bash\necho \"$*\" > scontrol.txt\n"),
      ] {
        let file = folder.appendingPathComponent("bin/\(name)")
        try script.write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
      }
      let job =
        "PATH=$PWD/bin:$PATH SLURM_CPUS_PER_TASK=1 SLURM_ARRAY_JOB_ID=7 SLURM_JOB_ID=7 SLURM_ARRAY_TASK_MIN=0"
      #expect(
        try Program.shell("export \(job) SLURM_ARRAY_TASK_ID=0; bash slurm > said 2>&1", in: folder) == 0)
      #expect(exists("out $x's #2/cells/standard-all-seed3/results.json", in: folder))
      #expect(!exists("scontrol.txt", in: folder))
      let asked = try String(contentsOf: folder.appendingPathComponent("sbatch.txt"), encoding: .utf8)
      #expect(
        asked.contains("--dependency=afterany:7\n") && asked.contains("/logs/collect-%j.log"), "\(asked)")
      // Two cells are missing, and the job that collects says so.
      #expect(
        try Program.shell("export \(job); bash collect.sh > said 2>&1; echo $? | grep -qx 66", in: folder)
          == 0)
      #expect(exists("out $x's #2/results.json", in: folder))
    }
  }

  @Test("an element that is stopped puts itself back into the queue, by its place in the array")
  func requeued() throws {
    try withGrid(base.replacingOccurrences(of: "iterations: 4", with: "iterations: 60000")) { folder in
      let script = try Program.run("ablate grid.yaml --output r --emit slurm", in: folder)
      try script.output.write(to: folder.appendingPathComponent("s"), atomically: true, encoding: .utf8)
      // A step that is told to stop as soon as it trains.
      let stand = """
        export SLURM_CPUS_PER_TASK=1 SLURM_ARRAY_JOB_ID=7 SLURM_JOB_ID=7 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_ID=2
        export SLURM_RESTART_COUNT=1
        scontrol() { echo "$*" > scontrol.txt; }
        srun() {
          while [[ $1 == --* ]]; do shift; done
          "$@" 2> said & child=$!
          until grep -q "train acdc" said; do sleep 0.05; done
          kill -USR2 $child
          wait $child
        }
        export -f srun scontrol
        bash s; echo $? > status
        """
      #expect(try Program.shell(stand, in: folder) == 0)
      func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      }
      #expect(try read("status") == "75\n")
      #expect(try read("scontrol.txt") == "requeue 7_2\n")
      #expect(try read("said").contains("Slurm has restarted this job once"))
      let configuration = try read("r/cells/acdc-atoms-seed3/config.json")
      #expect(configuration.contains("\"restarts\": 1"), "\(configuration)")
    }
  }

  @Test("cells that start at once draw the built-in images once, and all read the same")
  func sharedImages() throws {
    try withGrid { folder in
      try "base: {\(base.replacingOccurrences(of: "data: g, ", with: ""))}\n\(grid)".write(
        to: folder.appendingPathComponent("grid.yaml"), atomically: true, encoding: .utf8)
      let cells = (0..<2).map {
        "XDG_CACHE_HOME=$PWD/cache $fewshot ablate grid.yaml --output r --cell \($0) > $PWD/o\($0) 2>&1 & p\($0)=$!"
      }
      let status = try Program.shell(
        cells.joined(separator: "\n") + "\nwait $p0 && wait $p1", in: folder)
      #expect(status == 0)
      let caches = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("cache/fewshot").path)
      #expect(caches.count == 1 && !caches[0].contains("draft"), "\(caches)")
    }
  }
}

/// Everything in a folder of results that does not depend on time, memory or the machine, by the names of files.
private struct StoredFolder {
  private(set) var contents: [String: String] = [:]

  private static let columns: Set = ["seconds", "ms_per_task", "resident_bytes", "cumulative_ms"]
  private static let keys: Set = [
    "seconds", "train_seconds", "ms_per_task", "milliseconds", "milliseconds_to_95_percent", "peak_bytes",
    "self_check_seconds", "machine", "threads",
  ]

  init(_ folder: URL) throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let file = folder.appendingPathComponent(name)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue
      else {
        continue
      }
      let data = try Data(contentsOf: file)
      switch file.pathExtension {
      // Logs, locks, and what is kept for the next look.
      case "log", "lock": continue
      case _ where name.hasPrefix("parts/") || file.lastPathComponent.hasPrefix(".lock"): continue
      case "json":
        let content = Self.timeless(try JSONSerialization.jsonObject(with: data))
        contents[name] = String(
          decoding: try JSONSerialization.data(withJSONObject: content, options: .sortedKeys), as: UTF8.self)
      // Pages, their tables and pictures have times among their numbers: they are made of the other files.
      case "md", "html", "tex", "svg", "png": contents[name] = ""
      case _ where name.contains("tables/"): contents[name] = ""
      case "csv":
        let rows = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
          .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let kept = rows[0].indices.filter { !Self.columns.contains(String(rows[0][$0])) }
        contents[name] = rows.map { row in kept.map { String(row[$0]) }.joined(separator: ",") }
          .joined(separator: "\n")
      default: contents[name] = data.base64EncodedString()
      }
    }
  }

  private static func timeless(_ value: Any) -> Any {
    if let object = value as? [String: Any] {
      return object.filter { !keys.contains($0.key) }.mapValues(timeless)
    }
    return (value as? [Any])?.map(timeless) ?? value
  }

  func differences(from other: StoredFolder) -> [String] {
    Set(contents.keys).union(other.contents.keys).filter { contents[$0] != other.contents[$0] }.sorted()
  }
}
