import ConvFamilies
import Foundation
import MetaLearning
import Networks
import SafeTensors
import Settings
import Tensors
import TestSupport
import Testing
import Training

/// One case of Tests/Goldens/supervised: batches, and what PyTorch makes of them in 64 bits.
private struct SupervisedCase: Sendable, CustomStringConvertible {
  let file: SafeTensorsFile
  let description: String

  static let all: [SupervisedCase] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Goldens/supervised")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { name in
      (try? SafeTensorsFile(contentsOf: folder.appendingPathComponent(name))).map {
        SupervisedCase(file: $0, description: name)
      }
    }
  }()

  func text(_ key: String) -> String { file.metadata[key] ?? "" }
  func number(_ key: String) -> Double { Double(text(key)) ?? 0 }

  func tensor(_ name: String) throws -> Tensor {
    Tensor(try file.doubles(name).map { Scalar($0) }, shape: Shape(file[name]?.shape ?? []))
  }
}

@Suite("Supervised training against PyTorch in 64 bits")
struct SupervisedGoldenTests {
  @Test("all cases are there")
  func present() { #expect(SupervisedCase.all.count == 4) }

  @Test("losses, parameters, classifier and running statistics agree", arguments: SupervisedCase.all)
  private func agrees(item: SupervisedCase) throws {
    let tolerance: Scalar = MemoryLayout<Scalar>.size == 8 ? 1e-9 : 2e-4
    let family = try FamilyRegistry.families.family(named: "standard")
    let image = ImageShape(channels: 1, side: 16)
    var network = try Network(ways: nil) { layout throws(ConfigurationError) in
      try Conv4(.pooled, filters: 4, image: image, family: family, in: &layout)
    }
    network.declareRunningStatistics(for: image)
    let layout = network.layout
    let start = layout.initialized(seed: 0)
    let learned = layout.refs.filter { layout[$0].isLearned }
    var point = start.replacing(
      learned, with: try learned.map { try item.tensor("start/" + layout[$0].path) })
    let kind = try #require(Supervision.Classifier(rawValue: item.text("classifier")))
    var classifier = Classifier(kind, classes: 5, features: 4, seed: 0)
    classifier.tensors = try ["weight", "second"].map { try item.tensor("start/classifier." + $0) }

    let rule: WeightOptimizer.Rule =
      switch item.text("optimizer") {
      case "sgd": .sgd(momentum: item.number("momentum"), nesterov: item.text("nesterov") == "True")
      case "adam": .adam(decoupled: false)
      default: .adam(decoupled: true)
      }
    let decay = layout.entries.map { $0.role == .kernels ? item.number("decay") : 0 }
    var optimizer = WeightOptimizer(rule, decay: decay + [item.number("decay"), 0])
    let images = try item.tensor("images")
    let labels = try item.file.int64s("labels").map { Int($0) }
    let losses = try item.tensor("losses").scalars
    let size = images.count / losses.count
    for (i, loss) in losses.enumerated() {
      let batch = Tensor(Array(images.scalars[i * size..<(i + 1) * size]), shape: [8, 16, 16, 1])
      let found = SupervisedGradient(
        network, at: point, classifier, images: batch, labels: Array(labels[i * 8..<(i + 1) * 8]),
        smoothing: item.number("smoothing"))
      #expect(abs(Scalar(found.loss) - loss) < tolerance * loss, "update \(i)")
      let moved = optimizer.step(
        point.values + classifier.tensors, gradients: found.tensors, rate: item.number("rate"))
      let values = layout.entries.indices.map {
        layout.entries[$0].isMetaTrained ? moved[$0] : point.values[$0]
      }
      point = network.movingStatistics(
        towards: found.statistics, by: 0.1, in: Parameters(layout: layout, values: values))
      classifier.tensors = Array(moved.suffix(2))
    }
    for ref in layout.refs {
      let expected = try item.tensor("end/" + layout[ref].path)
      #expect(relativeError(point[ref].scalars, expected.scalars) < 10 * tolerance, "\(layout[ref].path)")
    }
    for (tensor, name) in zip(classifier.tensors, ["weight", "second"]) {
      let expected = try item.tensor("end/classifier." + name)
      #expect(relativeError(tensor.scalars, expected.scalars) < 10 * tolerance, "\(name)")
    }
  }
}
