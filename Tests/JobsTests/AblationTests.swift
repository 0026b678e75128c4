import ConvFamilies
import Files
import Foundation
import Jobs
import Networks
import Results
import Synchronization
import TestRuns
import Testing

@Suite("Ablations")
struct AblationTests {
  /// A program that writes what a run would, or fails in the way its seed asks for, and counts its calls.
  private func stub(in folder: String) throws -> String {
    let path = folder + "/stub"
    try """
    #!/bin/sh
    while [ $# -gt 0 ]; do
      case "$1" in --config) config=$2;; --output) out=$2;; --resume) out=$2;; esac
      shift
    done
    echo "$out" >> "\(folder)/calls"
    case "$out" in
      *seed1) echo "bad data" >&2; exit 65;;
      *seed2) kill -SEGV $$;;
      *seed6) cut -d' ' -f1,5 /proc/$$/stat > "\(folder)/group";;
      *seed4) exec sleep 600;;
      *seed5) (while [ ! -e "\(folder)/go" ]; do sleep 0.05; done; mkdir -p "$out"; cp "$config" "$out/config.json"; echo "{}" > "$out/results.json") &
        kill -KILL $$;;
    esac
    mkdir -p "$out"; cp "$config" "$out/config.json"; echo '{"seconds": 12.34}' > "$out/results.json"

    """.write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  private func ablation(
    _ seeds: String, in folder: String, base: String = "{ways: 3}",
    _ progress: any ProgressReporter = SilentProgress()
  ) throws -> Ablation {
    let cells = try Grid("base: \(base)\ngrid: {seed: [\(seeds)]}", from: "grid")
      .cells(families: FamilyRegistry.families)
    return try Ablation(
      cells, in: folder + "/out", executable: stub(in: folder), jobs: 2, threads: 1,
      progress: progress)
  }

  private func calls(in folder: String) -> Int {
    let text = (try? String(contentsOfFile: folder + "/calls", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").count
  }

  @Test("a failing and a crashing cell do not stop the rest, and finished cells are not repeated")
  func failures() async throws {
    try await withFolder { folder in
      let first = try await ablation("0, 1, 2, 3", in: folder).train()
      #expect(first.count == 4 && calls(in: folder) == 4)
      #expect(first[0].status == .finished && first[3].status == .finished)
      guard case .failed(let exit) = first[1].status, case .failed(let crash) = first[2].status else {
        Issue.record("two cells must fail")
        return
      }
      #expect(exit.contains("exit 65") && exit.contains("bad data"))
      #expect(crash.contains("signal \(SIGSEGV)"))
      #expect(first.map(\.exit) == [nil, 65, nil, nil])

      let second = try await ablation("0, 1, 2, 3", in: folder).train()
      #expect(second.map(\.status) == first.map(\.status))
      #expect(calls(in: folder) == 6, "only what failed is tried again")
    }
  }

  /// The lines of `cells.csv` below its header.
  private func table(in folder: String) throws -> [String] {
    try String(contentsOfFile: folder + "/out/cells.csv", encoding: .utf8).split(separator: "\n")
      .dropFirst()
      .map { String($0) }
  }

  @Test("the table of cells is there after every cell, and tells the time of one that was finished before")
  func table() async throws {
    try await withFolder { folder in
      let seen = Mutex<[[String]]>([])
      let watcher = StepWatcher { stage, _ in
        if stage == "cells", let rows = try? table(in: folder) { seen.withLock { $0.append(rows) } }
      }
      _ = try await ablation("0, 1", in: folder, watcher).train()
      let failed = "acdc-atoms-seed1,failed,,exit 65: bad data"
      #expect(seen.withLock { $0 }.count == 2)
      #expect(seen.withLock { $0 }.first?.contains { $0.hasSuffix(",open,,") } == true)
      #expect(try table(in: folder) == ["acdc-atoms-seed0,finished,12.3,", failed])
      // Cut off while a new cell trains: the rows of the others stand.
      let work = Task { try await ablation("0, 4", in: folder).train() }
      let limit = ContinuousClock.now + .seconds(10)
      while calls(in: folder) < 3 && .now < limit { try await Task.sleep(for: .milliseconds(20)) }
      work.cancel()
      await #expect(throws: CancellationError.self) { try await work.value }
      #expect(try table(in: folder) == ["acdc-atoms-seed0,finished,12.3,", "acdc-atoms-seed4,open,,"])
    }
  }

  @Test(
    "two ablations in one folder are refused; a process that a killed one left is waited for, not repeated")
  func twoAtOnce() async throws {
    try await withFolder { folder in
      let watcher = StepWatcher(noting: { line in
        if line.contains("waiting for it") { try? Data().write(to: URL(fileURLWithPath: folder + "/go")) }
      })
      let first = try ablation("0, 5", in: folder, watcher)
      let error = #expect(throws: RunFolderError.self) { try ablation("0", in: folder) }
      guard case .inUse = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      // The cell's process dies, but what it left goes on.
      let outcomes = try await first.train()
      guard case .failed(let words) = outcomes[1].status else {
        Issue.record("the cell must fail")
        return
      }
      #expect(words.contains("signal \(SIGKILL)"))
      #expect(try await first.train().map(\.status) == [.finished, .finished])
      #expect(
        calls(in: folder) == 2 && watcher.notes.contains { $0.contains("seed5 is still being trained") })
    }
  }

  @Test(
    "a folder trained with other settings is refused, whether they changed, came or went",
    arguments: [
      ("ways: 4", "ways", "4"), ("ways: 3, image-size: 20", "image-size", "20"),
      ("ways: 3, clip: 5", "clip", "5"), ("ways: 3, option: {atoms: 4}", "option", "{\"atoms\": \"4\"}"),
    ])
  func otherSettings(base: String, key: String, value: String) async throws {
    try await withFolder { folder in
      _ = try await ablation("0", in: folder).train()
      let error = #expect(throws: ConfigurationError.self) {
        try ablation("0", in: folder, base: "{\(base)}")
      }
      #expect(error?.field == key && error?.value == value)
      // How a cell is tested is no part of its training.
      #expect(throws: Never.self) {
        try ablation("0", in: folder, base: "{ways: 3, episodes: 50, on-nonfinite: skip}")
      }
    }
  }

  @Test("cells that are the same training are refused before anything is trained")
  func twins() async throws {
    try await withFolder { folder in
      for (grid, words) in [
        ("episodes: [50, 60]", "episodes 60"), ("adapt: [atoms, atoms]", "same training"),
        ("seed: [1, 1]", "same training"), ("arm: [{family: acdc}, {adapt: atoms}]", "same training"),
      ] {
        let cells = try Grid("grid: {\(grid)}", from: "grid").cells(families: FamilyRegistry.families)
        let error = #expect(throws: ConfigurationError.self, "\(grid)") {
          try Ablation(
            cells, in: folder + "/out", executable: "/bin/false", jobs: 1, threads: 1,
            progress: SilentProgress())
        }
        #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
    }
  }

  @Test("a cell is in a group of its own, so that Ctrl-C reaches it once, from the ablation")
  func group() async throws {
    try await withFolder { folder in
      #expect(try await ablation("6", in: folder).train().map(\.status) == [.finished])
      let numbers = try String(contentsOfFile: folder + "/group", encoding: .utf8)
        .split(whereSeparator: \.isWhitespace)
      #expect(numbers.count == 2 && numbers[0] == numbers[1] && numbers[1] != "\(getpgrp())")
    }
  }

  @Test("a cell that cannot be locked is said as a folder that cannot be used")
  func notLockable() async throws {
    try await withFolder { folder in
      let first = try ablation("0", in: folder)
      // A folder is where the lock should be a file.
      try FileManager.default.createDirectory(
        atPath: folder + "/out/cells/acdc-atoms-seed0.lock", withIntermediateDirectories: true)
      let error = await #expect(throws: RunFolderError.self) { try await first.train() }
      guard case .cannotCreate = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test("cancelling ends the cells' processes")
  func cancelling() async throws {
    try await withFolder { folder in
      let clock = ContinuousClock()
      let start = clock.now
      let work = Task { try await ablation("4", in: folder).train() }
      while calls(in: folder) == 0 && clock.now - start < .seconds(10) {
        try await Task.sleep(for: .milliseconds(20))
      }
      let cancelled = clock.now
      work.cancel()
      await #expect(throws: CancellationError.self) { try await work.value }
      // Far less than the process would take; far more than a busy machine needs.
      #expect(clock.now - cancelled < .seconds(400))
    }
  }
}
