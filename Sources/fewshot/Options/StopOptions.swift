import ArgumentParser

/// How a command that saves its work ends when a signal stops it, and from whom it may take a folder.
struct StopOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Exit status after a signal has stopped the command and everything is saved.", valueName: "status"))
  var exitOnStop = Failure.Status.interrupted.rawValue
  @Flag(
    help: """
      Take the folder from a process on a machine that cannot be asked, if it gives no sign of life while this one \
      watches.
      """)
  var takeOver = false

  func validate() throws {
    guard (0...255).contains(exitOnStop) else {
      throw ValidationError("--exit-on-stop is \(exitOnStop), but it must be from 0 to 255.")
    }
  }
}

/// A command that a signal stops with everything saved.
protocol StoppableCommand {
  var stop: StopOptions { get }
}
