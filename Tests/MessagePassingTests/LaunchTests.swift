import MessagePassing
import ProcessGroups
import Testing

@Suite("How processes are started")
struct LaunchTests {
  @Test(
    "environments of launchers",
    arguments: [
      ([:], 1, true), (["OMPI_COMM_WORLD_SIZE": "3", "OMPI_COMM_WORLD_RANK": "0"], 3, true),
      (["OMPI_COMM_WORLD_SIZE": "3", "OMPI_COMM_WORLD_RANK": "2"], 3, false),
      (["OMPI_COMM_WORLD_SIZE": "1"], 1, true),
      // A batch script that starts one process.
      (["SLURM_NTASKS": "4", "SLURM_JOB_ID": "7"], 1, true),
      // A step of srun; the job may have more tasks than the step.
      (["SLURM_NTASKS": "4", "SLURM_STEP_ID": "0", "SLURM_PROCID": "1"], 4, false),
      (
        ["SLURM_NTASKS": "8", "SLURM_STEP_NUM_TASKS": "2", "SLURM_STEP_ID": "1", "SLURM_PROCID": "0"], 2, true
      ),
      // mpirun on the machines of a job.
      (["SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": "1", "OMPI_COMM_WORLD_SIZE": "8"], 8, false),
      (["OMPI_COMM_WORLD_SIZE": "many"], 1, true), (["PMI_SIZE": "2"], 2, true),
    ] as [([String: String], Int, Bool)])
  func environments(_ environment: [String: String], _ expected: Int, _ isFirst: Bool) {
    let launch = Launch(environment)
    #expect(launch.expected == expected)
    #expect(launch.isFirst == isFirst)
  }

  @Test("processes that do not know of each other are refused, with how to start them")
  func singletons() throws {
    let launch = Launch(["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "0"])
    #expect { try launch.require(1) } throws: { error in
      (error as? GroupError)?.status == 64 && "\(error)".contains("srun --mpi=pmix")
    }
    try launch.require(4)
  }

  @Test(
    "tasks of srun that it has not told of each other are refused before the library begins, with or without PMI"
  )
  func withoutPMIx() {
    let wanted: GroupError =
      MPIGroup.isBuilt
      ? .singletons(expected: 2, launcher: "srun") : .notBuilt(expected: 2, launcher: "srun")
    for others in [[:], ["PMI_SIZE": "2", "PMI_RANK": "1"]] as [[String: String]] {
      let step = ["SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": "1"].merging(others) { first, _ in first }
      #expect {
        try Launch(step).join { (1, "\($0)") }
      } throws: { error in
        error as? GroupError == wanted
      }
    }
  }

  @Test("a program without MPI refuses to be one of several, and one alone needs none")
  func notBuilt() throws {
    #expect(try Launch([:]).join { (1, "\($0)") } is SingleProcess)
    guard !MPIGroup.isBuilt else { return }
    #expect {
      try Launch(["OMPI_COMM_WORLD_SIZE": "2"]).join { (1, "\($0)") }
    } throws: { error in
      error as? GroupError == .notBuilt(expected: 2, launcher: "mpirun")
        && "\(error)".contains("--traits MPI")
    }
  }
}
