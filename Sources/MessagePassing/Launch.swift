internal import Foundation
package import ProcessGroups

/// How this process was started, as its environment tells.
package struct Launch: Hashable, Sendable {
  /// How many processes were started together; 1 for one alone.
  package let expected: Int
  /// What started them, for messages.
  package let launcher: String

  /// Reads an environment.
  ///
  /// Slurm also tells a script of its own how many tasks its job has; only the processes of a step have been started that
  /// often.
  package init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    func number(_ key: String) -> Int? { environment[key].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }
    let isStep =
      number("SLURM_STEP_NUM_TASKS") != nil
      || Self.plainSteps.contains(environment["SLURM_STEP_ID"].flatMap { Int($0) } ?? -1)
    let slurm = isStep ? number("SLURM_STEP_NUM_TASKS") ?? number("SLURM_NTASKS") ?? 1 : 1
    isFirst = (number("OMPI_COMM_WORLD_RANK") ?? (isStep ? number("SLURM_PROCID") : nil)) == nil
    // mpirun within a job starts its processes by a step with one task on each machine.
    if let open = number("OMPI_COMM_WORLD_SIZE") {
      (expected, launcher) = (open, "mpirun")
    } else if slurm > 1 {
      (expected, launcher) = (slurm, "srun")
    } else {
      (expected, launcher) = (number("PMI_SIZE") ?? 1, "the launcher")
    }
    knowsOthers = launcher != "srun" || environment["PMIX_NAMESPACE"] != nil
  }

  /// Whether the launcher has told the processes of each other, as far as that is known: srun does by PMIx alone.
  ///
  /// The library would end the process where it was not told, with a message and an exit status of its own.
  private let knowsOthers: Bool

  /// Numbers of steps; larger ones are Slurm's own, such as that of a batch script.
  private static let plainSteps = 0..<0xffff_fff0

  /// Whether this process is the one that speaks before they have met.
  package let isFirst: Bool

  /// Sees to it that the processes know of each other.
  ///
  /// - Parameter size: How many processes this one knows.
  /// - Throws: `GroupError/singletons(expected:launcher:)`.
  package func require(_ size: Int) throws(GroupError) {
    guard size == expected else { throw .singletons(expected: expected, launcher: launcher) }
  }

  /// The group that this process belongs to: a single process where it was started alone.
  ///
  /// - Parameter describe: How errors are told to the others.
  /// - Returns: The group.
  /// - Throws: `GroupError` if there are others and they cannot be joined.
  package func join(
    describe: @escaping @Sendable (any Error) -> (status: Int32, message: String)
  ) throws(GroupError) -> any ProcessGroup {
    guard expected > 1 else { return SingleProcess() }
    guard MPIGroup.isBuilt else { throw .notBuilt(expected: expected, launcher: launcher) }
    guard knowsOthers else { throw .singletons(expected: expected, launcher: launcher) }
    let group = try MPIGroup(describe: describe)
    try require(group.size)
    return group
  }
}
