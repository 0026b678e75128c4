import Dispatch
import Images
import Results
import Settings
import Synchronization
import TestRuns
import Testing

/// A run that somebody else may cancel.
private final class RunningTask: Sendable {
  let task = Mutex<Task<RunResult, any Error>?>(nil)

  func cancel() { task.withLock { $0?.cancel() } }
}

@Suite("Stopping within a batch")
struct StoppedBatchTests {
  @Test("a batch that a stop cuts off is done again, to the same bytes")
  func withinBatch() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/whole")
      (plan.innerRate, plan.metaBatch, plan.iterations, plan.threads) = (.fixed(0.1), 60, 4, 1)
      _ = try await plan.run()
      plan.output = folder + "/stopped"
      var stops = 0
      // Each stop comes while the second or the third batch is under way, or a little later.
      for tries in 0..<3 {
        let current = plan
        let running = RunningTask()
        let watcher = StepWatcher { stage, done in
          guard stage.hasPrefix("train"), done == tries + 1 else { return }
          DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(5)) { running.cancel() }
        }
        let isBegun = RunFolder.holdsRun(folder + "/stopped")
        let (go, start) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
          for await _ in go { break }
          return try await isBegun ? current.resume(watcher) : current.run(watcher)
        }
        running.task.withLock { $0 = task }
        start.yield()
        if (try? await task.value) == nil { stops += 1 }
      }
      #expect(stops > 0)
      _ = try await plan.resume()
      #expect(try RunFiles(folder + "/stopped").differences(from: RunFiles(folder + "/whole")) == [])
    }
  }
}
