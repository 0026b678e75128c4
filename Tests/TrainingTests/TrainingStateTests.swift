import ConvFamilies
import Settings
import Testing
import Training

@Suite("A state of training")
struct TrainingStateTests {
  @Test("an arm that waits for another is not trained, so its clock stands still")
  func clock() async throws {
    var plan = Plan()
    (plan.filters, plan.imageSize) = (4, 16)
    let arm = try Arm(plan, family: "acdc", options: [:], adapt: "atoms", families: FamilyRegistry.families)
    let state = TrainingState(arm, plan)
    try await Task.sleep(for: .milliseconds(20))
    #expect(state.log.elapsedSeconds == 0)
  }
}
