import ArgumentParser
import Jobs

/// What is done with the cells of a grid instead of training all of them here.
struct CellOptions: ParsableArguments {
  @Flag(help: "List the cells with their numbers, as CSV or with --json, and stop.") var list = false
  @Option(
    help: ArgumentHelp(
      "Train the cell of this number alone: begun, it goes on; finished, nothing is done.",
      valueName: "number"))
  var cell: Int?
  @Flag(help: "Evaluate the cells that are finished, say which are missing, and train none.")
  var collect = false
  @Option(
    help: ArgumentHelp(
      "Print a script with which a batch system or a make program trains the cells, and stop.",
      valueName: "scheduler"))
  var emit: CellScript.Scheduler?

  /// The flags that were given.
  var given: [String] {
    [
      list ? "list" : nil, cell.map { _ in "cell" }, collect ? "collect" : nil, emit.map { _ in "emit" },
    ].compactMap(\.self)
  }

  func validate() throws {
    guard given.count <= 1 else {
      throw ValidationError(
        "\(given.map { "--\($0)" }.joined(separator: " and ")) are different things. Give one of them.")
    }
  }
}

extension CellScript.Scheduler: ExpressibleByArgument {}
