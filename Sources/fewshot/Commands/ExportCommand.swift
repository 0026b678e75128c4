import ArgumentParser
import ConvFamilies
import Exchange
import Formats
import Foundation
import Prediction
import Studies
import Training

/// The command `export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a trained network, or a task it has learned, for PyTorch or ONNX.",
    discussion: """
      safetensors-torch writes the tensors under names that torch.nn.Module.load_state_dict takes, with --task only what \
      the task changes, to be loaded over them. Kernels of atoms stay a product, so that a task changes few numbers; \
      --dense multiplies them out.

      onnx writes a model of opset 17: images [N, C, H, W] of 0...1 to features, and with --task to scores and \
      probabilities. --shared puts the numbers that all tasks share into one file beside the models, so that the model of \
      a task is a few kilobytes.

      Example: fewshot export runs/first --format onnx --output first.onnx
      """)

  /// What is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case torch = "safetensors-torch"
    case onnx
  }

  @Argument(help: ArgumentHelp("The folder of a finished run.", valueName: "run"), completion: .directory)
  var source: String
  @Option(help: "What is written.") var format: Format
  @Option(
    help: ArgumentHelp("A task that fewshot predict --save wrote.", valueName: "file"), completion: .file())
  var task: String?
  @Option(help: ArgumentHelp("The arm of the run; if unset, the one it was made for.", valueName: "name"))
  var arm: String?
  @Flag(help: "Multiply kernels of atoms out.") var dense = false
  @Option(
    help: ArgumentHelp("With onnx: a file for what all tasks share, beside --output.", valueName: "file"),
    completion: .file())
  var shared: String?
  @Option(
    name: .customLong("output"), help: ArgumentHelp("The file to write.", valueName: "file"),
    completion: .file())
  var file: String
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if format == .torch, shared != nil {
      throw ValidationError(
        "With safetensors-torch the file without --task is what all tasks share: leave --shared out.")
    }
    if format == .onnx, dense {
      throw ValidationError("A model of onnx is dense unless --shared keeps products: leave --dense out.")
    }
    if task != nil, arm != nil {
      throw ValidationError("A saved task says which arm it belongs to: leave --arm out.")
    }
    if let shared, folder(of: shared) != folder(of: file) {
      throw ValidationError(
        "A model finds shared numbers beside itself: name --shared in the folder of --output.")
    }
  }

  private func folder(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().standardized.path
  }

  func run() throws {
    let runs = try TrainedRun.all(in: existing(source), families: FamilyRegistry.families)
    let read = try task.map { try TaskFile.read(existing($0), among: runs) }
    let run = try read?.1 ?? TrainedRun.arm(named: arm, among: runs)
    let learned = read?.0.task
    let data: Data
    var sharedBytes: Int?
    switch format {
    case .torch:
      let export = try TorchExport(run, isDense: dense)
      data = try learned.map(export.changes) ?? export.network()
    case .onnx:
      let export = try OnnxExport(
        run, sharedFile: shared.map { URL(fileURLWithPath: $0).lastPathComponent })
      data = try export.model(learned)
      if let shared {
        let numbers = export.sharedNumbers
        try writeOnce(numbers, to: shared)
        sharedBytes = numbers.count
      }
    }
    try replace(file, with: data, flag: "output")
    try output.console.finish(
      .members([
        "file": .text(file), "bytes": .integer(data.count), "format": .text(format.rawValue),
        "arm": .text(run.arm.name), "task": .optional(task), "shared": .optional(shared),
        "shared_bytes": .optional(sharedBytes),
      ]),
      "\(file): \(TextTable.grouped(data.count)) bytes"
        + (shared.map { ", and \($0): \(TextTable.grouped(sharedBytes ?? 0)) bytes for all tasks" } ?? ""))
  }

  /// Writes shared numbers, or finds that they stand there: models of other tasks read them.
  private func writeOnce(_ data: Data, to path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      return try replace(path, with: data, flag: "shared")
    }
    guard FileManager.default.contents(atPath: path) == data else {
      throw Failure(
        .cannotCreate,
        "\(path): it holds other numbers, which other models may read. Name another file with --shared.")
    }
  }
}
