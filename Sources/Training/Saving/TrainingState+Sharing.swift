internal import Foundation
internal import ProcessGroups
package import Settings

extension TrainingState {
  /// The state that the first process of the group found, on all of them.
  ///
  /// - Parameters:
  ///   - own: What this process found; only that of the first one counts.
  ///   - arm: The arm as it was declared.
  ///   - plan: The run's plan.
  /// - Returns: nil if the first process found none.
  /// - Throws: `GroupError` if a process fails or is gone, and as ``init(_:for:_:)``.
  package static func fromFirst(
    _ own: TrainingState?, for arm: Arm, _ plan: Plan
  ) async throws -> TrainingState? {
    let group = CurrentGroup.value
    guard group.size > 1 else { return own }
    let bytes = try await group.fromFirst("state of \(arm.name)") { () -> Data in
      own.map { Data(SealedFile.encode($0.file())) } ?? Data()
    }
    if group.isFirst || bytes.isEmpty { return own }
    return try TrainingState(SealedFile.decode([UInt8](bytes)), for: arm, plan)
  }
}

extension RunIdentity {
  /// Sees to it that all processes of the group work on the same run.
  ///
  /// - Throws: `GroupError` on all of them if they do not.
  package func agree() async throws { try await Self.agree(on: facts) }

  /// Sees to it that all processes of the group know the same facts, with the exit status for images where those differ.
  package static func agree(on facts: [String: String]) async throws {
    try await CurrentGroup.value.agree(on: facts) {
      [images, split, initial].contains($0) || $0.hasPrefix("training ") ? 65 : 64
    }
  }
}
