import Foundation
import Testing

@Suite struct InterruptionTests {
  private let small =
    "run --data g --image-size 16 --filters 4 --ways 3 --queries 2 --train-queries 2 --validation-queries 2 "
    + "--meta-batch 2 --episodes 4 --validation-episodes 2 --evaluation-steps 2 --inner-rate 0.1 --baseline none"

  private func withData(_ body: (URL) throws -> Void) throws {
    try Program.withFolder { folder in
      _ = try Program.run("data glyphs --output g --train 4 --validation 3 --test 3 --images 4", in: folder)
      try body(folder)
    }
  }

  @Test(
    "the first signal saves and ends with 130 and the command that goes on",
    arguments: [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU])
  func signal(_ number: Int32) throws {
    try withData { folder in
      let program = try RunningProgram("\(small) --iterations 20000 --output r", in: folder)
      try program.waits(for: "train acdc-atoms")
      // The folder belongs to the run as long as it runs.
      let second = try Program.run("\(small) --iterations 20000 --resume r", in: folder)
      #expect(second.status == 73 && second.error.contains("in use"), "\(second.error)")
      program.send(number)
      #expect(program.end() == 130)
      #expect(program.said.contains("Continue with: fewshot run --resume r"))
      let states = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("r/checkpoints").path)
      #expect(states.contains { $0.hasPrefix("state-") })
      let refused = try Program.run("run --resume r --iterations 30", in: folder)
      #expect(refused.status == 64 && refused.error.contains("iterations was 20000 and is 30"))
      let never = try Program.run("run --resume r --replay-episode 40000", in: folder)
      #expect(never.status == 64 && never.error.contains("2 for each of 20000 updates"), "\(never.error)")
      let unfinished = try Program.run("report r", in: folder)
      #expect(
        unfinished.status == 66 && unfinished.error.contains("fewshot run --resume r"), "\(unfinished.error)")
      let replay = try Program.run("run --resume r --replay-episode 3 --json", in: folder)
      let document = try #require(try replay.json() as? [String: Any])
      #expect((document["steps"] as? [[String: Any]])?.count == 3)
    }
  }

  @Test("a stop waits for the tasks under way and not for their batch")
  func longBatch() throws {
    try withData { folder in
      // One batch takes far longer than this test.
      let program = try RunningProgram("\(small) --iterations 100 --meta-batch 10000 --output r", in: folder)
      try program.waits(for: "acdc-atoms: one task needs")
      while !FileManager.default.fileExists(atPath: folder.appendingPathComponent("r/metrics.csv").path) {
        usleep(2000)
      }
      usleep(100_000)
      let start = ContinuousClock.now
      program.send(SIGUSR1)
      #expect(program.end() == 130)
      #expect(start.duration(to: .now) < .seconds(5))
      #expect(program.said.contains("Continue with: fewshot run --resume r"), "\(program.said)")
    }
  }

  @Test("further signals change nothing, however many come; Ctrl-C leaves at once, even a program that hangs")
  func furtherSignals() throws {
    try withData { folder in
      // It waits for ever, because nobody reads what it says.
      let full = Pipe()
      let program = try RunningProgram(
        "\(small) --iterations 100 --output r --exit-on-stop 3", in: folder, saying: full)
      try program.waitsForHandler(of: SIGXCPU)
      // What a batch system sends before the time is over, at its end, and once more for those that are slow.
      for signal in [SIGUSR2, SIGTERM, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2] { program.send(signal) }
      usleep(300_000)
      for signal in [SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2] { program.send(signal) }
      usleep(100_000)
      #expect(program.isRunning)
      program.send(SIGINT)
      #expect(program.end() == 3)
    }
  }

  @Test("a second signal while the state is saved costs neither the state nor the status")
  func graceTime() throws {
    try withData { folder in
      for (i, signal) in [SIGTERM, SIGUSR1, SIGUSR2].enumerated() {
        let program = try RunningProgram(
          "\(small) --iterations 60000 --resume-or-start r --exit-on-stop 75", in: folder, name: "p\(i)")
        try program.waits(for: "train acdc-atoms")
        program.send(signal)
        // Until it has ended: the later ones meet a process that is about to.
        while program.isRunning {
          program.send(SIGTERM)
          program.send(SIGUSR2)
          usleep(1000)
        }
        #expect(program.end() == 75, "\(program.said)")
        #expect(program.said.contains("Continue with: fewshot run --resume r"))
        #expect(program.said.contains("continuing after update") == (i > 0))
      }
    }
  }

  @Test("one command starts a run, goes on with it, and gives its result; other settings are refused")
  func resumeOrStart() throws {
    try withData { folder in
      let line = "\(small) --iterations 600 --checkpoint-minutes 0.0001 --resume-or-start r/"
      let whole = try Program.run("\(small) --iterations 600 --output whole", in: folder)
      #expect(whole.status == 0, "\(whole.error)")
      let first = try RunningProgram(line, in: folder)
      try first.waits(for: "train acdc-atoms")
      first.send(SIGKILL)
      #expect(first.end() == -SIGKILL)
      let other = try Program.run("\(line) --seed 1", in: folder)
      #expect(
        other.status == 64 && other.error.contains("seed was 0 and is 1")
          && other.error.contains("r was left by process"), "\(other.error)")
      let second = try Program.run(line, in: folder)
      #expect(second.status == 0 && second.error.contains("continuing after update"), "\(second.error)")
      for file in ["checkpoints/best.safetensors", "checkpoints/last.safetensors", "eval/episodes.csv"] {
        #expect(
          try Data(contentsOf: folder.appendingPathComponent("r/\(file)"))
            == Data(contentsOf: folder.appendingPathComponent("whole/\(file)")), "\(file)")
      }
      let third = try Program.run(line, in: folder)
      #expect(third.status == 0 && third.error.contains("is finished"), "\(third.error)")
      #expect(third.output == second.output)
      let finished = try Program.run("\(line) --inner-rate 0.2", in: folder)
      #expect(finished.status == 64 && finished.error.contains("inner-rate"), "\(finished.error)")
      for flags in ["--output s", "--resume r", "--resume-anyway"] {
        #expect(try Program.run("\(line) \(flags)", in: folder).status == 64, "\(flags)")
      }
    }
  }

  @Test("a run that another machine has is refused by its name, and taken over only if that is said")
  func otherMachine() throws {
    try withData { folder in
      let line = "\(small) --iterations 2 --resume-or-start r"
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("r"), withIntermediateDirectories: true)
      let owner =
        "{\"host\": \"node7\", \"process\": 41, \"boot\": \"another\", \"beat_seconds\": 0.05, \"token\": \"t\"}"
      try Data(owner.utf8).write(to: folder.appendingPathComponent("r/.lock.owner"))
      let refused = try Program.run(line, in: folder)
      #expect(
        refused.status == 73 && refused.error.contains("r is in use by process 41 on node7")
          && refused.error.contains("--take-over"), "\(refused.error)")
      let taken = try Program.run("\(line) --take-over", in: folder)
      #expect(
        taken.status == 0 && taken.error.contains("r was left by process 41 on node7; taking it over"),
        "\(taken.error)")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/r/.lock.owner"))
    }
  }

  @Test("a run that is taken over meanwhile notices, and writes nothing more")
  func takenOver() throws {
    try withData { folder in
      let program = try RunningProgram(
        "\(small) --iterations 200000 --checkpoint-minutes 0.0001 --output r", in: folder)
      try program.waits(for: "train acdc-atoms")
      // As another machine does.
      let file = folder.appendingPathComponent("r/.lock.owner")
      try Data("{\"host\": \"node7\", \"token\": \"t\"}".utf8).write(
        to: folder.appendingPathComponent("new"))
      #expect(rename(folder.path + "/new", file.path) == 0)
      #expect(program.end() == 74)
      #expect(program.said.contains("was taken over by another process"), "\(program.said)")
      #expect(try String(contentsOf: file, encoding: .utf8).contains("node7"), "it is not its own any more")
    }
  }

  @Test(
    "workers are what the batch system grants, in training and in evaluation, unless a flag says otherwise")
  func threads() throws {
    try withData { folder in
      func threads(_ line: String, _ granted: String?) throws -> (Int?, Int?) {
        var environment: [String: String] = [:]
        environment["SLURM_CPUS_PER_TASK"] = granted
        let outcome = try Program.run(
          "\(small) --iterations 1 --robustness-episodes 0 --json \(line)", in: folder,
          environment: environment)
        let result = try #require(outcome.json() as? [String: Any], "\(outcome.error)")
        let machine = result["machine"] as? [String: Any]
        let path = try #require(result["folder"] as? String)
        let content = try JSONSerialization.jsonObject(
          with: Data(contentsOf: folder.appendingPathComponent("\(path)/config.json")))
        let environs = (content as? [String: Any])?["environment"] as? [String: Any]
        return (machine?["threads"] as? Int, environs?["threads"] as? Int)
      }
      let granted = try threads("--output a", "1")
      #expect(granted == (1, 1))
      let set = try threads("--output b --threads 2", "1")
      #expect(set == (2, 2))
      // More than the machine has is no grant of this machine.
      let (beyond, without) = (try threads("--output c", "100000"), try threads("--output d", nil))
      #expect(beyond == without)
    }
  }

  @Test("a limit on processor time stops a run with time to save")
  func processorTime() throws {
    try withData { folder in
      let line = "\(small) --iterations 200000 --threads 1 --output r"
      let status = try Program.shell("ulimit -t 2; $fewshot \(line) 2> /dev/null", in: folder)
      #expect(status == 130)
    }
  }

  /// Resumes a run, which trains on until it is stopped.
  private func goesOn(_ run: String, in folder: URL) throws {
    let again = try RunningProgram("run --resume \(run)", in: folder, name: "again")
    try again.waits(for: "train acdc-atoms")
    again.send(SIGTERM)
    #expect(again.end() == 130)
  }

  @Test("a run whose folder is moved away ends with 74, and goes on where it is now")
  func movedFolder() throws {
    try withData { folder in
      let line = "\(small) --iterations 200000 --checkpoint-minutes 0.0001 --output r"
      let program = try RunningProgram(line, in: folder)
      try program.waits(for: "train acdc-atoms")
      let (old, new) = (folder.appendingPathComponent("r"), folder.appendingPathComponent("s"))
      try FileManager.default.moveItem(at: old, to: new)
      #expect(program.end() == 74, "\(program.said)")
      #expect(!FileManager.default.fileExists(atPath: old.path))
      try goesOn("s", in: folder)
    }
  }

  @Test("two runs at once that name no folder get one each")
  func defaultFolders() throws {
    try withData { folder in
      let line = "\(small) --iterations 2 --robustness-episodes 0"
      let programs = try (0..<2).map { try RunningProgram(line, in: folder, name: "program\($0)") }
      for program in programs { #expect(program.end() == 0, "\(program.said)") }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/runs").sorted()
      #expect(names.count == 2 && names[1] == names[0] + "-2", "\(names)")
      for name in names {
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/runs/\(name)/report.html"))
      }
    }
  }

  @Test("a killed run goes on")
  func killed() throws {
    try withData { folder in
      let killed = try RunningProgram("\(small) --iterations 4000 --output k", in: folder, name: "killed")
      try killed.waits(for: "train acdc-atoms")
      killed.send(SIGKILL)
      #expect(killed.end() == -SIGKILL)
      try goesOn("k", in: folder)
    }
  }

  @Test("what cannot be resumed or written says so")
  func errors() throws {
    try withData { folder in
      #expect(try Program.run("run --resume missing", in: folder).status == 66)
      #expect(try Program.run("run --resume-anyway --dry-run", in: folder).status == 64)
      #expect(try Program.run("\(small) --iterations 2 --output /proc/fewshot", in: folder).status == 73)
      let limited = try Program.run("\(small) --memory-limit 0.001 --output r", in: folder)
      #expect(limited.status == 64 && limited.error.contains("Use smaller images"))
      let replay = try Program.run("\(small) --replay-episode 5", in: folder)
      #expect(replay.status == 0 && replay.output.contains("gradient norm"), "\(replay.error)")
    }
  }

  @Test("an evaluation stops with 130 and the command that goes on, which does; its folder is not lost")
  func evaluation() throws {
    try withData { folder in
      #expect(try Program.run("\(small) --iterations 2 --episodes 400 --output a", in: folder).status == 0)
      let line = "evaluate a --suite speed --output e"
      let program = try RunningProgram(line, in: folder)
      try program.waits(for: "test acdc-atoms")
      let second = try Program.run(line, in: folder)
      #expect(second.status == 73 && second.error.contains("in use"), "\(second.error)")
      program.send(SIGTERM)
      #expect(program.end() == 130)
      let command = "fewshot evaluate a --suite speed --output e"
      #expect(
        program.said.contains("everything so far is saved. Continue with: \(command)\n"), "\(program.said)")
      let again = try Program.run(line, in: folder)
      #expect(again.status == 0 && again.error.contains("tasks were already measured"), "\(again.error)")
      let finished = try Program.run(line, in: folder)
      #expect(finished.status == 0 && finished.error.contains("is finished"), "\(finished.error)")
      let other = try Program.run("evaluate a --suite robustness --output e", in: folder)
      #expect(
        other.status == 73 && other.error.contains("suite was speed and is robustness"), "\(other.error)")
      let foreign = try Program.run("evaluate a --suite speed --output a", in: folder)
      #expect(foreign.status == 73 && foreign.error.contains("already holds a run"))

      // Without an output the same command finds what it left.
      let unnamed = try RunningProgram(
        "evaluate a --suite speed --conditions short", in: folder, name: "unnamed")
      try unnamed.waits(for: "test acdc-atoms")
      unnamed.send(SIGINT)
      #expect(unnamed.end() == 130)
      let ended = try Program.run("evaluate a --suite speed --conditions short", in: folder)
      #expect(ended.status == 0 && ended.error.contains("tasks were already measured"), "\(ended.error)")
      // A kill between the result and the last page costs no more than the pages.
      let page = folder.appendingPathComponent("runs/evaluation/report.html").path
      try FileManager.default.removeItem(atPath: page)
      let paged = try Program.run("evaluate a --suite speed --conditions short", in: folder)
      #expect(paged.status == 0 && paged.error.contains("is finished"), "\(paged.error)")
      #expect(FileManager.default.fileExists(atPath: page))
      let folders = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("runs").path)
      #expect(folders == ["evaluation"])
      // Another way to write the path, and a run that was moved since.
      let absolute = try Program.run(
        "evaluate \(folder.path)/a --suite speed --conditions short", in: folder)
      #expect(absolute.status == 0 && absolute.error.contains("is finished"), "\(absolute.error)")
      try FileManager.default.moveItem(
        at: folder.appendingPathComponent("a"), to: folder.appendingPathComponent("moved"))
      let moved = try Program.run("run --resume moved", in: folder)
      #expect(moved.status == 0 && moved.output.hasSuffix("Report: moved/report.html\n"), "\(moved.error)")
      #expect(
        FileManager.default.fileExists(
          atPath: folder.appendingPathComponent("runs/evaluation/results.json").path))
    }
  }

  @Test(
    "on a full disk the run ends with 74 and what was written stays; with space it goes on",
    .enabled(if: SmallDisk.canMount, "mounting a small disk is not allowed here"))
  func fullDisk() throws {
    try withData { folder in
      let disk = folder.appendingPathComponent("disk")
      let shell = SmallDisk.shell
      try SmallDisk.mount(disk)
      defer { _ = try? shell("umount '\(disk.path)'") }
      let line = "\(small) --iterations 60000 --checkpoint-minutes 0.0001 --output disk/r"
      let program = try RunningProgram(line, in: folder)
      try program.waits(for: "train acdc-atoms")
      while try FileManager.default.contentsOfDirectory(atPath: disk.path + "/r/checkpoints")
        .count(where: { $0.hasPrefix("state-") }) < 2
      { usleep(2000) }
      // All the rest of the disk.
      _ = try shell("cat /dev/zero > '\(disk.path)/filler'")
      #expect(program.end() == 74)
      #expect(program.said.contains("No space left"), "\(program.said)")
      #expect(program.said.contains("fewshot run --resume disk/r"))
      let metrics = try String(contentsOf: disk.appendingPathComponent("r/metrics.csv"), encoding: .utf8)
      #expect(metrics.hasSuffix("\n"))
      // No room for a lock's number, and none needed.
      #expect(try Program.run("run --resume disk/r", in: folder).status == 74)
      try FileManager.default.removeItem(at: disk.appendingPathComponent("filler"))
      let again = try RunningProgram("run --resume disk/r", in: folder, name: "again")
      try again.waits(for: "continuing after update")
      try again.waits(for: "train acdc-atoms")
      again.send(SIGTERM)
      #expect(again.end() == 130)

      #expect(try shell("mount -o remount,ro '\(disk.path)'") == 0)
      #expect(try Program.run("\(small) --iterations 2 --output disk/other", in: folder).status == 73)
      #expect(try Program.run("run --resume disk/r", in: folder).status == 73)
    }
  }
}

/// A file system of one megabyte.
private enum SmallDisk {
  /// Whether there can be one; tests that want it are reported as skipped where there cannot.
  static let canMount: Bool = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "fewshot-disk-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    guard (try? mount(folder)) != nil else { return false }
    return (try? shell("umount '\(folder.path)'")) == 0
  }()

  static func mount(_ folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard try shell("mount -t tmpfs -o size=1m none '\(folder.path)'") == 0 else {
      throw CocoaError(.featureUnsupported)
    }
  }

  /// Runs a line and gives its status.
  static func shell(_ line: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
