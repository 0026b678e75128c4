internal import Formats
internal import Foundation

extension CellScript {
  /// The exit status that says "stopped and saved, call me again" (`EX_TEMPFAIL`).
  private static let again = 75

  /// The most elements of an array: Slurm takes 1001 unless its administrator says otherwise.
  private static let widest = 1000

  /// A script for `sbatch`: an array of jobs, and a job that collects after it.
  var slurm: String {
    let width = min(cells.count, Self.widest)
    let name = URL(fileURLWithPath: folder).lastPathComponent
    return """
      #!/usr/bin/env bash
      \(heading("sbatch THIS-FILE"))
      #
      # Memory and time come from a pilot of one task of each kind of cell. Time too short only costs a turn in the queue:
      # two minutes before it is over a cell saves, and its job is queued again. What your cluster asks for beside, such as
      # a partition, goes below as a line "#SBATCH --partition=NAME"; the job that collects takes it from there.
      #SBATCH --job-name=\(shellQuoted(name))
      #SBATCH --array=0-\(width - 1)%\(min(jobs, width))
      \(options(memory: need.mebibytes, log: "%A_%a").map { "#SBATCH \($0)=\(shellQuoted($1))" }.joined(separator: "\n"))
      #SBATCH --requeue

      again=\(Self.again)

      # One step of a job: Slurm's signals reach steps, not this shell. A job that was put back into the queue may take its
      # folder from its former self, which Slurm has ended, on whatever machine that was.
      ablate() {
        srun --ntasks=1 --cpus-per-task="$SLURM_CPUS_PER_TASK" \\
          \(command) \\
          --exit-on-stop "$again" ${SLURM_RESTART_COUNT:+--take-over} "$@"
      }

      if [ "$SLURM_ARRAY_TASK_ID" = "$SLURM_ARRAY_TASK_MIN" ] && [ -z "${SLURM_RESTART_COUNT:-}" ]; then
        sbatch --job-name=\(shellQuoted(name + "-collect")) --dependency=afterany:"$SLURM_ARRAY_JOB_ID" \\
          ${SLURM_JOB_PARTITION:+--partition="$SLURM_JOB_PARTITION"} ${SLURM_JOB_ACCOUNT:+--account="$SLURM_JOB_ACCOUNT"} \\
          \(options(memory: 2 * need.mebibytes, log: "collect-%j").map { shellQuoted("\($0)=\($1)") }.joined(separator: " ")) \\
          --requeue <<'COLLECT'
      #!/usr/bin/env bash
      srun --ntasks=1 --cpus-per-task="$SLURM_CPUS_PER_TASK" \\
        \(command) \\
        --exit-on-stop \(Self.again) ${SLURM_RESTART_COUNT:+--take-over} --collect
      status=$?
      if [ "$status" = \(Self.again) ]; then scontrol requeue "$SLURM_JOB_ID"; fi
      exit "$status"
      COLLECT
      fi

      status=0
      for ((cell = SLURM_ARRAY_TASK_ID; cell < \(cells.count); cell += \(width))); do
        ablate --cell "$cell" || status=$?
        if [ "$status" = "$again" ]; then
          # By its place in the array: by its number the first element would take all others along.
          scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
          break
        fi
      done
      exit "$status"
      """
  }

  /// What both kinds of jobs ask for.
  ///
  /// - Parameters:
  ///   - memory: How much, in MiB.
  ///   - log: The name of the log.
  /// - Returns: Flags with their values.
  private func options(memory: Int, log: String) -> [(flag: String, value: String)] {
    [
      ("--nodes", "1"), ("--ntasks", "1"), ("--cpus-per-task", "\(threads)"),
      ("--mem", "\(memory)M"), ("--time", "\(need.minutes)"), ("--chdir", directory),
      ("--output", "\(folder)/\(Self.logs)/".replacing("%", with: "%%") + "\(log).log"),
      ("--open-mode", "append"), ("--signal", "USR2@120"),
    ]
  }
}
