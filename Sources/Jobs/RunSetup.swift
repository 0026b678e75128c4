internal import Episodes
internal import Formats
internal import Foundation
internal import Images
internal import Kernels
internal import Results
internal import Settings
internal import Studies
internal import Training

/// The files of a run that are known before training: configuration, episodes, and a sheet of one of them.
struct RunSetup {
  /// What was set.
  let given: Plan
  /// What that resolves to.
  let plan: Plan
  let data: RunData
  /// SHA-256 of the checkpoint the run starts from; nil for none.
  let initialHash: String?

  /// Writes all of them.
  func write(to folder: RunFolder) throws {
    for (name, content) in files(in: folder) { try folder.write(content(), to: name) }
  }

  /// Writes those that are not there.
  func writeMissing(to folder: RunFolder) throws {
    for (name, content) in files(in: folder) where !folder.holds(name) {
      try folder.write(content(), to: name)
    }
  }

  private func files(in folder: RunFolder) -> [(name: String, content: () throws -> Data)] {
    [
      ("config.json", { Data(configuration(in: folder).utf8) }),
      ("episodes/validation.jsonl", { Data(data.validation.text.utf8) }),
      ("episodes/test.jsonl", { Data(data.test.text.utf8) }),
      (EpisodeSheet.file, { try EpisodeSheet(data).png() }),
    ]
  }

  private func configuration(in folder: RunFolder) -> String {
    var environment: [JSONValue.Member] = [
      .init("version", .text(Version.current)), .init(RunIdentity.images, .text(data.store.dataHash)),
      .init(RunIdentity.split, .text(data.store.divisionHash)),
    ]
    if let initialHash { environment.append(.init(RunIdentity.initial, .text(initialHash))) }
    environment += [
      .init("precision", .text(RunIdentity.precision)),
      .init("host", .text(ProcessInfo.processInfo.hostName)), .init("threads", .integer(plan.workers)),
      .init("blas_core", .text(Gemm.coreName)), .init("blas", .text(Gemm.configuration)),
    ]
    if let restarts = BatchJob.restarts { environment.append(.init("restarts", .integer(restarts))) }
    return given.configurationText(resolved: plan, in: folder.path, environment: environment)
  }
}
