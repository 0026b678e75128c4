import ArgumentParser
import Foundation
import Kernels
import MessagePassing
import Networks
import ProcessGroups
import Results
import Training

/// A command whose work several processes can do together.
protocol SharedCommand: ParsableCommand {}

extension RunCommand: SharedCommand {}
extension PretrainCommand: SharedCommand {}
extension EvaluateCommand: SharedCommand {}

/// A command done by all processes that were started together, or by this one alone.
struct Together {
  let group: any ProcessGroup

  /// Joins the others, if there are any.
  ///
  /// - Parameter command: What they do.
  /// - Throws: `GroupError` if they cannot be joined.
  init(for command: any ParsableCommand) throws(GroupError) {
    // Without MPI, what cannot be shared out is done by each process for itself, such as a cell by each task of a step.
    guard MPIGroup.isBuilt || command is any SharedCommand else {
      group = SingleProcess()
      return
    }
    group = try Launch().join { error in
      let failure = Failure(error)
      return (failure.status.rawValue, failure.message)
    }
  }

  /// Does the command's work, and waits until all processes have ended theirs.
  ///
  /// - Returns: Why this process ends; nil for well.
  func run(_ command: any ParsableCommand) async -> Ending? {
    let status = (command as? any StoppableCommand)?.stop.exitOnStop
    guard group.size > 1 else {
      return await caught { try await FewShot.run(command) }.map {
        Ending(error: $0, isOpen: true, statusOfStop: status)
      }
    }
    let error = await CurrentGroup.$value.withValue(group) {
      await caught {
        try await agree(on: command)
        try await FewShot.run(command)
      }
    }
    return await conclude(error).map { Ending(error: $0, isOpen: false, statusOfStop: status) }
  }

  /// Why a process ends, and whether that has still to be said.
  struct Ending {
    let error: any Error
    let isOpen: Bool
    /// The exit status of a command that was stopped, where it can be chosen.
    let statusOfStop: Int32?
  }

  private static func name(of command: any ParsableCommand) -> String {
    type(of: command).configuration.commandName ?? "\(type(of: command))"
  }

  private func caught(_ work: () async throws -> Void) async -> (any Error)? {
    do {
      try await work()
      return nil
    } catch {
      return error
    }
  }

  private func agree(on command: any ParsableCommand) async throws {
    guard command is any SharedCommand else {
      let name = Self.name(of: command)
      throw Failure(
        .usage,
        "fewshot \(name) is work for one process, and \(group.size) were started. Start it without mpirun or srun"
          + (command is AblateCommand ? "; its cells can be jobs of an array: see --emit slurm." : "."))
    }
    guard (command as? RunCommand)?.replayEpisode == nil else {
      throw Failure(
        .usage, "--replay-episode is work for one process, and \(group.size) were started. Start it alone.")
    }
    try await group.agree(on: [
      "version": Version.current, "precision": RunIdentity.precision, "command": Self.name(of: command),
    ]) { _ in Failure.Status.usage.rawValue }
  }

  /// The last step of all.
  private func conclude(_ error: (any Error)?) async -> (any Error)? {
    var own = error
    var (isWhole, isQuiet) = (true, false)
    do {
      let endings = try await group.conclude(error)
      if let error {
        // What all processes found alike the first one says; a stop too.
        let isAlike = endings[0].map { $0.message == Failure(error).message } ?? false
        isQuiet =
          !group.isFirst && (isAlike && !(error is GroupError) || Failure(error).status == .interrupted)
      } else if let rank = endings.firstIndex(where: { $0 != nil }), let other = endings[rank] {
        own = GroupError.failed(process: "process \(rank)", status: other.status, message: other.message)
      }
    } catch let lost {
      isWhole = false
      own = error ?? lost
    }
    if let own, !isQuiet { FewShot.say(own) }
    (group as? MPIGroup)?.leave(isWhole: isWhole)
    return own
  }
}
