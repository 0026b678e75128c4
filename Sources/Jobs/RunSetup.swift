internal import Episodes
internal import Formats
internal import Foundation
internal import Images
internal import Kernels
internal import Results
internal import Settings
internal import Training

/// The files of a run that are known before training: configuration and episodes.
struct RunSetup {
  /// What was set.
  let given: Plan
  /// What that resolves to.
  let plan: Plan
  let data: RunData

  /// Writes all of them.
  func write(to folder: RunFolder) throws(RunFolderError) {
    for (name, text) in files(in: folder) { try folder.write(text(), to: name) }
  }

  /// Writes those that are not there.
  func writeMissing(to folder: RunFolder) throws(RunFolderError) {
    for (name, text) in files(in: folder) where !folder.holds(name) { try folder.write(text(), to: name) }
  }

  private func files(in folder: RunFolder) -> [(name: String, text: () -> String)] {
    [
      ("config.json", { configuration(in: folder) }),
      ("episodes/validation.jsonl", { data.validation.text }), ("episodes/test.jsonl", { data.test.text }),
    ]
  }

  private func configuration(in folder: RunFolder) -> String {
    given.configurationText(
      resolved: plan, in: folder.path,
      environment: [
        .init("version", .text(Version.current)), .init(RunIdentity.images, .text(data.store.dataHash)),
        .init(RunIdentity.split, .text(data.store.divisionHash)),
        .init("precision", .text(RunIdentity.precision)),
        .init("host", .text(ProcessInfo.processInfo.hostName)), .init("threads", .integer(plan.workers)),
        .init("blas_core", .text(Gemm.coreName)), .init("blas", .text(Gemm.configuration)),
      ])
  }
}
