import Foundation
import Testing

/// Limits on addresses (`ulimit -v`) and stacks, under which libraries crash or wait for ever.
@Suite struct ShortMemoryTests {
  private let tiny =
    "run --data g --image-size 16 --filters 4 --ways 3 --queries 2 --train-queries 2 --validation-queries 2 "
    + "--meta-batch 2 --episodes 4 --validation-episodes 2 --evaluation-steps 2 --inner-rate 0.1 --baseline none "
    + "--iterations 1 --robustness-episodes 0"

  /// Runs a line under a limit; gives the status and what was said.
  private func outcome(_ line: String, _ limit: String, in folder: URL) throws -> (
    status: Int32, said: String
  ) {
    let status = try Program.shell(
      "ulimit \(limit); rm -rf r; exec timeout -s KILL 60 $fewshot \(line) > /dev/null 2> said", in: folder)
    return (status, try String(contentsOf: folder.appendingPathComponent("said"), encoding: .utf8))
  }

  /// Sanitizers map more addresses than any limit here.
  private static let isPlain: Bool =
    (try? Program.withFolder {
      try Program.shell("ulimit -v 2000000; $fewshot --version > /dev/null", in: $0)
    }) == 0

  private func withData(_ body: (URL) throws -> Void) throws {
    try Program.withFolder { folder in
      _ = try Program.run("data glyphs --output g --train 4 --validation 3 --test 3 --images 4", in: folder)
      try body(folder)
    }
  }

  @Test(
    "under any ulimit -v every command does its work or says which limit is enough",
    .enabled(if: isPlain, "this build maps more than any limit"),
    arguments: [100_000, 140_000, 200_000, 260_000, 300_000, 400_000, 500_000, 600_000, 800_000])
  func addresses(_ limit: Int) throws {
    try withData { folder in
      for line in ["--version", "--help", "data check --data g", "\(tiny) --threads 2 --output r"] {
        let (status, said) = try outcome(line, "-v \(limit)", in: folder)
        // 127: the system's loader cannot map the program's libraries, and says so.
        #expect(
          status == 0 || status == 71 && said.contains("ulimit -v \(limit)")
            || status == 127 && said.contains("shared libraries"), "\(line): \(status): \(said)")
      }
    }
  }

  @Test(
    "a run without room for OpenBLAS is refused, and the limit that it names is enough",
    .enabled(if: isPlain, "this build maps more than any limit"), arguments: [1, 2])
  func advice(_ threads: Int) throws {
    try withData { folder in
      let line = "\(tiny) --threads \(threads) --output r"
      let (status, said) = try outcome(line, "-v 400000", in: folder)
      #expect(status == 71 && said.contains("OpenBLAS needs 128 MiB"), "\(status): \(said)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("r").path))
      let match = try #require(said.firstMatch(of: /higher: ulimit -v ([0-9]+)/), "\(said)")
      let (again, words) = try outcome(line, "-v \(match.1)", in: folder)
      #expect(again == 0, "\(match.1): \(words)")
    }
  }

  @Test(
    "every command that computes is refused without room for OpenBLAS, and the limit that it names is enough",
    .enabled(if: isPlain, "this build maps more than any limit"))
  func otherCommands() throws {
    try withData { folder in
      let run = try Program.run("\(tiny) --attribution-episodes 0 --output a", in: folder)
      #expect(run.status == 0, "\(run.error)")
      for line in [
        "evaluate a --suite speed --probe-episodes 2 --attribution none --output e", "quantize a",
        "check --family standard --adapt all", "bench --repeats 1",
      ] {
        let (status, said) = try outcome("\(line) --threads 1", "-v 400000", in: folder)
        #expect(status == 71 && said.contains("OpenBLAS needs"), "\(line): \(status): \(said)")
        guard let match = said.firstMatch(of: /higher: ulimit -v ([0-9]+)/) else {
          Issue.record("\(line): no limit in \(said)")
          continue
        }
        let (again, words) = try outcome("\(line) --threads 1", "-v \(match.1)", in: folder)
        #expect(again == 0, "\(line) with \(match.1): \(words)")
      }
    }
  }

  @Test("no thread of OpenBLAS is started that is not used")
  func threads() throws {
    try withData { folder in
      func count(_ environment: String) throws -> Int {
        let line = "\(tiny.replacing("--iterations 1 ", with: "--iterations 100000 ")) --threads 1 --output r"
        let status = try Program.shell(
          "rm -rf r said; \(environment) $fewshot \(line) 2> said & p=$!; until grep -qs 'train acdc' said; do sleep 0.05; done; "
            + "ls /proc/$p/task | wc -l > count; kill -KILL $p; wait $p 2> /dev/null; true", in: folder)
        #expect(status == 0)
        let text = try String(contentsOf: folder.appendingPathComponent("count"), encoding: .utf8)
        return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
      }
      let (asked, plain) = (try count("OPENBLAS_NUM_THREADS=8"), try count(""))
      // It would start seven; those that wait for signals and timers come and go by one.
      #expect(abs(asked - plain) < 4, "\(asked) and \(plain)")
    }
  }

  @Test(
    "a tensor that finds no memory ends the run with words, not a crash",
    .enabled(if: isPlain, "this build maps more than any limit"))
  func tensor() throws {
    try withData { folder in
      let (status, said) = try outcome(
        tiny.replacingOccurrences(of: "size 16 --filters 4", with: "size 128 --filters 512")
          + " --threads 1 --memory-limit 64 --output r", "-v 620000", in: folder)
      #expect(status == 71 && said.contains("MiB of tensors in use"), "\(status): \(said)")
    }
  }

  @Test("a stack that is too small is refused")
  func stack() throws {
    try Program.withFolder { folder in
      let (status, said) = try outcome("--help", "-s 64", in: folder)
      #expect(
        status == 71 && said.contains("ulimit -s 64") && said.contains("ulimit -s 512"), "\(status): \(said)")
    }
  }

  @Test("the workers are those that the process may use, or that Slurm grants")
  func workers() throws {
    try withData { folder in
      let line = "\(tiny) --output r"
      let bound = try Program.shell(
        "taskset -c $(taskset -pc $$ | sed 's/.*[ ,-]//') $fewshot \(line) 2> said", in: folder)
      #expect(bound == 0)
      #expect(
        try String(contentsOf: folder.appendingPathComponent("said"), encoding: .utf8).contains(
          "(workers: 1)"))
      try FileManager.default.removeItem(at: folder.appendingPathComponent("r"))
      let granted = try Program.run(line, in: folder, environment: ["SLURM_CPUS_PER_TASK": "1"])
      #expect(granted.status == 0 && granted.error.contains("(workers: 1)"), "\(granted.error)")
    }
  }
}
