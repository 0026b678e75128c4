import ConvFamilies
import SafeTensors
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

  @Test("a state of an earlier version, whose rows lack what was exchanged, goes on with rows of all columns")
  func earlier() throws {
    var plan = Plan()
    (plan.filters, plan.imageSize) = (4, 16)
    let arm = try Arm(plan, family: "acdc", options: [:], adapt: "atoms", families: FamilyRegistry.families)
    var file = TrainingState(arm, plan).file()
    let names = MetricsRow.header.split(separator: "\n")[0].split(separator: ",")
    let old = names.filter { !["exchanged_bytes", "exchange_seconds", "waiting_seconds"].contains($0) }
    #expect(old.count == names.count - 3)
    let rows = (1...2).map { row in old.map { "\($0)\(row)" }.joined(separator: ",") }
    let text = Array(rows.map { $0 + "\n" }.joined().utf8)
    file["metrics"] = SafeTensorsFile.Entry(elementType: .uint8, shape: [text.count], bytes: text)
    file["traffic"] = nil
    let found = try TrainingState(file, for: arm, plan)
    #expect(found.log.text == rows.map { $0 + ",0,0,0\n" }.joined())
    // Written once more, nothing is added.
    #expect(try TrainingState(found.file(), for: arm, plan).log.text == found.log.text)
  }
}
