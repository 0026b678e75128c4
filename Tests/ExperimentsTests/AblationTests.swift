import ConvFamilies
import Experiments
import Foundation
import Networks
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
      *seed4) exec sleep 600;;
    esac
    mkdir -p "$out"; cp "$config" "$out/config.json"; echo "{}" > "$out/results.json"

    """.write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  private func ablation(_ seeds: String, in folder: String, base: String = "{ways: 3}") throws -> Ablation {
    let cells = try Grid("base: \(base)\ngrid: {seed: [\(seeds)]}", from: "grid")
      .cells(families: FamilyRegistry.families)
    return try Ablation(
      cells, in: folder + "/out", executable: stub(in: folder), jobs: 2, threads: 1,
      progress: SilentProgress())
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

      let second = try await ablation("0, 1, 2, 3", in: folder).train()
      #expect(second.map(\.status) == first.map(\.status))
      #expect(calls(in: folder) == 6, "only what failed is tried again")
    }
  }

  @Test("a folder trained with other settings is refused")
  func otherSettings() async throws {
    try await withFolder { folder in
      _ = try await ablation("0", in: folder).train()
      let error = #expect(throws: ConfigurationError.self) {
        try ablation("0", in: folder, base: "{ways: 4}")
      }
      #expect(error?.field == "ways" && error?.value == "4")
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
      work.cancel()
      await #expect(throws: CancellationError.self) { try await work.value }
      // Far less than the process would take; far more than a busy machine needs.
      #expect(clock.now - start < .seconds(400))
    }
  }
}
