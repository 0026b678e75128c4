import Settings
import Testing
import Training

@Suite("What a run's numbers depend on")
struct RunIdentityTests {
  /// A plan of supervised training, and the same as a version recorded it that had no `batch-parts` and no `crop`.
  private func plans(_ settings: [Setting]) throws -> (now: RunIdentity, then: RunIdentity) {
    var plan = Plan()
    try plan.apply([Setting("learner", "supervised")] + settings)
    let resolved = plan.resolved(adapting: "none")
    var older = resolved
    older.supervision.batchParts = nil
    return (RunIdentity(resolved), RunIdentity(older))
  }

  @Test("a setting that an earlier version did not have counts as not set, and not as changed")
  func older() throws {
    let (now, then) = try plans([])
    #expect(now != then)
    #expect(now.differences(from: then).isEmpty)
  }

  @Test("set to something else, it is a change")
  func changed() throws {
    let (now, then) = try plans([Setting("batch-parts", "2"), Setting("batch-size", "64")])
    #expect(now.differences(from: then) == ["batch-parts was 1 and is 2"])
  }

  @Test("every setting that was recorded and differs is named")
  func named() throws {
    let (now, _) = try plans([])
    let (other, _) = try plans([Setting("seed", "3"), Setting("crop", "0.5"), Setting("filters", "8")])
    #expect(
      now.differences(from: other) == [
        "crop was 0.5 and is whole", "filters was 8 and is 32", "seed was 3 and is 0",
      ])
  }
}
