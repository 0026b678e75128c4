import ArgumentParser
import Files
import Formats
import Foundation
import Jobs
import MessagePassing
import ProcessMemory
import ProcessGroups
import Results

/// The program: parses the command line, runs the command, turns errors into exit statuses.
@main
struct FewShot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fewshot",
    abstract: "Few-shot meta-learning with structured convolutions.",
    discussion: """
      Example: fewshot run --family acdc --option atoms=6 --adapt atoms --iterations 200

      Exit status: 0 done; 64 wrong usage or configuration; 65 bad data; 66 input not found; 70 a failed \
      self-check; 71 too little memory; 73 cannot create output; 74 read or write failed; 130 interrupted (--exit-on-stop).
      """,
    version: Program.version,
    subcommands: [
      RunCommand.self, PretrainCommand.self, ReportCommand.self, CurvesCommand.self, InspectCommand.self,
      FamiliesCommand.self,
      BackbonesCommand.self, EpisodesCommand.self,
      DataCommand.self,
      PredictCommand.self, EmbedCommand.self, ImportCommand.self, ExportCommand.self,
      CheckCommand.self, BenchCommand.self, ConvertCommand.self, QuantizeCommand.self, EvaluateCommand.self,
      AblateCommand.self,
    ])

  static func main() async {
    StandardStream.prepare()
    let command: any ParsableCommand
    let together: Together
    do {
      try requireOpenFiles()
      try AddressSpace.refuseTooLittle()
      try ThreadLimit.refuseTooFew()
      try refuseUnknownCommand()
      command = try parseAsRoot()
      together = try Together(for: command)
    } catch {
      let error = UnknownFlag.failure(for: error, in: Array(CommandLine.arguments.dropFirst())) ?? error
      if Launch().isFirst || error is GroupError { say(error) }
      end(with: error)
    }
    guard let ending = await together.run(command) else { return }
    if ending.isOpen { say(ending.error) }
    end(with: ending.error, statusOfStop: ending.statusOfStop)
  }

  /// With too few, the system's libraries fail in ways that end the process without a word.
  private static func requireOpenFiles() throws {
    let limit = OpenFiles.raise()
    guard limit < OpenFiles.needed else { return }
    throw Failure(
      .readOrWrite,
      "this process may have only \(limit) files open at once, and needs \(OpenFiles.needed). Raise the limit in the "
        + "shell that starts it: ulimit -n 1024.")
  }

  /// The parser treats a mistyped command as a stray argument and does not suggest the nearest one.
  private static func refuseUnknownCommand() throws {
    var group: any ParsableCommand.Type = FewShot.self
    var path = "fewshot"
    for word in CommandLine.arguments.dropFirst() {
      let commands = group.configuration.subcommands
      guard !commands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
      guard let command = commands.first(where: { $0.configuration.commandName == word }) else {
        let names = commands.compactMap { $0.configuration.commandName }
        let nearest = NearestName.of(word, among: names).map { "The nearest is \($0)" }
        throw Failure(
          .usage,
          "there is no command \"\(path) \(word)\". \(nearest ?? "They are \(names.joined(separator: ", "))"); see "
            + "\(path) --help.")
      }
      group = command
      path += " \(word)"
    }
  }

  /// Does a command's work.
  static func run(_ command: any ParsableCommand) async throws {
    var command = command
    if var asynchronous = command as? any AsyncParsableCommand {
      try await asynchronous.run()
    } else {
      try command.run()
    }
  }

  /// Prints why the program ends; help, which ends it well, on standard output.
  static func say(_ error: any Error) {
    // The parser knows its own errors, help among them; to all others it gives the status 1.
    let text =
      exitCode(for: error) == .failure ? "fewshot: \(Failure(error).message)" : fullMessage(for: error)
    let stream = exitCode(for: error) == .success ? StandardStream.output : StandardStream.error
    if !text.isEmpty { try? stream.write(Data("\(text)\n".utf8)) }
  }

  /// Ends the process.
  private static func end(with error: any Error, statusOfStop: Int32? = nil) -> Never {
    let code = exitCode(for: error)
    if code != .failure { Foundation.exit(code.rawValue) }
    let failure = Failure(error)
    let isStop = failure.status == .interrupted
    Foundation.exit(isStop ? statusOfStop ?? failure.status.rawValue : failure.status.rawValue)
  }
}
