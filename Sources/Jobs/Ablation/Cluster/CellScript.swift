internal import Formats
internal import Results

/// A file that has the cells of a grid trained by another program, each by a command of its own, and collected.
package struct CellScript: Sendable {
  /// The program that such a file is for.
  package enum Scheduler: String, CaseIterable, Sendable {
    /// A script for `sbatch`.
    case slurm
    /// A makefile.
    case make
    /// A Snakefile.
    case snakemake
  }

  /// This program.
  let program: String
  /// Where the commands run: from the root.
  let directory: String
  /// The words that name grid and folder: `ablate grid.yaml --output runs/grid`, and how seeds are added.
  let words: [String]
  /// The grid's file, for people.
  let grid: String
  /// The ablation's folder.
  let folder: String
  /// The names of the cells, by their numbers.
  let cells: [String]
  /// Cells at once.
  let jobs: Int
  /// Workers of each.
  let threads: Int
  /// What each needs.
  let need: CellNeed

  /// A script from its parts.
  ///
  /// - Parameters:
  ///   - program: This program.
  ///   - directory: Where the commands run, from the root.
  ///   - words: The words that name grid and folder, behind the program.
  ///   - grid: The grid's file.
  ///   - folder: The ablation's folder.
  ///   - cells: The names of the cells, by their numbers.
  ///   - jobs: Cells at once.
  ///   - threads: Workers of each.
  ///   - need: What each needs.
  package init(
    program: String, directory: String, words: [String], grid: String, folder: String, cells: [String],
    jobs: Int, threads: Int, need: CellNeed
  ) {
    self.program = program
    self.directory = directory
    self.words = words
    self.grid = grid
    self.folder = folder
    self.cells = cells
    self.jobs = jobs
    self.threads = threads
    self.need = need
  }

  /// Where the logs of Slurm's jobs are, below the ablation's folder.
  package static let logs = "logs"

  /// The text of the file.
  package func text(for scheduler: Scheduler) -> String {
    switch scheduler {
    case .slurm: slurm
    case .make: makefile
    case .snakemake: snakefile
    }
  }

  /// The command with its program, as a shell reads it.
  var command: String { ([program] + words).map(shellQuoted).joined(separator: " ") }

  /// What it is and who wrote it, as lines of a comment.
  func heading(_ use: String) -> String {
    """
    # Trains the \(cells.count) cells of \(printable(grid)) and collects what they found:
    #
    #   \(use)
    #
    # Written by fewshot \(Version.current). Each cell is a command that may be repeated: finished, it does nothing; begun, it goes on.
    """
  }
}
