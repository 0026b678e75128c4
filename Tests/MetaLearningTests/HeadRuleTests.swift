import ConvFamilies
import Foundation
import MetaLearning
import Networks
import Randomness
import SafeTensors
import TestSupport
import Tensors
import Testing

/// One case of Tests/Goldens/heads: features, and the answers of every head by PyTorch and scikit-learn in 64 bits.
private struct HeadCase: Sendable, CustomStringConvertible {
  let file: SafeTensorsFile
  let description: String

  static let all: [HeadCase] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Goldens/heads")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { name in
      (try? SafeTensorsFile(contentsOf: folder.appendingPathComponent(name))).map {
        HeadCase(file: $0, description: name)
      }
    }
  }()

  func tensor(_ name: String) throws -> Tensor {
    Tensor(try file.doubles(name).map { Scalar($0) }, shape: Shape(file[name]?.shape ?? []))
  }

  var ways: Int { Int(file.metadata["ways"] ?? "") ?? 0 }
  func labels() throws -> [Int] { try file.int64s("labels").map { Int($0) } }
}

@Suite("Heads that have a rule")
struct HeadRuleTests {
  private let tolerance: Scalar = MemoryLayout<Scalar>.size == 8 ? 1e-9 : 1e-4

  private func close(_ a: Tensor, _ b: Tensor, _ what: String) {
    // A gradient that cancels is rounding on both sides.
    #expect(relativeError(a.scalars, b.scalars, floor: 1e-2) < tolerance, "\(what)")
  }

  @Test("all cases are there, and all heads in them")
  func present() {
    #expect(HeadCase.all.count == 3)
    for item in HeadCase.all {
      for head in HeadRegistry.heads where head.name != LogisticHead.name {
        #expect(item.file["\(head.name)/scores"] != nil, "\(item) \(head.name)")
      }
    }
  }

  @Test("the layer that is left of a support gives the probabilities of the scores", arguments: HeadCase.all)
  private func classifiers(item: HeadCase) throws {
    for type in HeadRegistry.heads {
      let (support, query) = (try item.tensor("support"), try item.tensor("query"))
      var layout = ParameterLayout()
      let head = try type.made(with: [:], features: support.shape[1], in: &layout)
      var parameters = layout.initialized(seed: 0)
      if let mean = layout.ref(at: SimpleShotHead.baseMeanPath) {
        parameters = parameters.replacing(
          [mean], with: [support.slice(rows: 0..<1).reshaped([support.shape[1]])])
      }
      let known = LabelledFeatures(support, labels: try item.labels(), ways: item.ways)
      let wanted = head.scores(of: query, given: known, parameters).probabilities
      let found = head.classifier(given: known, parameters).scores(of: query).probabilities
      for (a, b) in zip(wanted.joined(), found.joined()) {
        #expect(abs(a - b) < Double(tolerance), "\(type.name)")
      }
      #expect(wanted.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 })
    }
  }

  @Test("scores, losses and all their gradients agree with PyTorch", arguments: HeadCase.all)
  private func goldens(item: HeadCase) throws {
    for type in HeadRegistry.heads where type.name != LogisticHead.name {
      let name = type.name
      let (support, query) = (try item.tensor("support").leaf, try item.tensor("query").leaf)
      var layout = ParameterLayout()
      let head = try type.made(with: [:], features: support.shape[1], in: &layout)
      let own = try layout.entries.map {
        try item.tensor("\(name)/\($0.path.dropFirst("head.".count))").leaf
      }
      let parameters = Parameters(layout: layout, values: own)
      let known = LabelledFeatures(support, labels: try item.labels(), ways: item.ways)
      let scores = head.scores(of: query, given: known, parameters)
      close(scores, try item.tensor("\(name)/scores"), "\(name) scores")
      let loss = head.supportLoss(known, parameters)
      close(loss, try item.tensor("\(name)/loss"), "\(name) loss")

      let paths = ["support", "query"] + layout.entries.map { String($0.path.dropFirst("head.".count)) }
      let sources = [support, query] + own
      let byScores = gradients(of: (scores * (try item.tensor("weights"))).sum, wrt: sources)
      let byLoss = gradients(of: loss, wrt: sources)
      for (path, (a, b)) in zip(paths, zip(byScores, byLoss)) {
        close(a, try item.tensor("\(name)/scores.gradient/\(path)"), "\(name) scores by \(path)")
        guard item.file["\(name)/loss.gradient/\(path)"] != nil else { continue }
        close(b, try item.tensor("\(name)/loss.gradient/\(path)"), "\(name) loss by \(path)")
      }
    }
  }

  @Test("a logistic head agrees with scikit-learn to 1e-6", arguments: HeadCase.all, ["1", "20"])
  private func logistic(item: HeadCase, c: String) throws {
    let support = try item.tensor("support").leaf
    var layout = ParameterLayout()
    let head = try LogisticHead.made(with: ["c": c], features: support.shape[1], in: &layout)
    let none = Parameters(layout: layout, values: [])
    let known = LabelledFeatures(support, labels: try item.labels(), ways: item.ways)
    let scores = head.scores(of: try item.tensor("query"), given: known, none).scalars
    let theirs = try item.tensor("logistic-\(c)/scores").scalars
    let precise: Scalar = MemoryLayout<Scalar>.size == 8 ? 1e-6 : 2e-5
    for (a, b) in zip(scores, theirs) { #expect(abs(a - b) < precise * max(1, abs(b))) }
    // The envelope theorem: the gradient is that of the whole minimum, of which scikit-learn's weights are constants.
    let loss = head.supportLoss(known, none)
    #expect(abs(loss.item - (try item.tensor("logistic-\(c)/loss").item)) < precise)
    let gradient = gradients(of: loss, wrt: [support])[0]
    let expected = try item.tensor("logistic-\(c)/loss.gradient/support")
    #expect(relativeError(gradient.scalars, expected.scalars) < 10 * precise)
  }

  @Test("the gradient of a logistic head's minimum is what differences of whole fits give")
  func envelope() throws {
    guard MemoryLayout<Scalar>.size == 8 else { return }
    var stream = RandomStream(seed: 3, purpose: "envelope")
    let x = Tensor.normal([9, 6], &stream)
    var layout = ParameterLayout()
    let head = try LogisticHead.made(with: [:], features: 6, in: &layout)
    let none = Parameters(layout: layout, values: [])
    let labels = (0..<9).map { $0 % 3 }
    func loss(_ x: Tensor) -> Tensor {
      head.supportLoss(LabelledFeatures(x, labels: labels, ways: 3), none)
    }
    let leaf = x.leaf
    let gradient = gradients(of: loss(leaf), wrt: [leaf])[0]
    for _ in 0..<5 {
      let direction = Tensor.normal([9, 6], &stream)
      let step: Scalar = 1e-4
      let difference = (loss(x + step * direction).item - loss(x + -step * direction).item) / (2 * step)
      #expect(abs(difference - gradient.dot(direction).item) < 1e-7)
    }
  }

  @Test("a ridge head minimises its sum of squares")
  func ridge() throws {
    var stream = RandomStream(seed: 4, purpose: "ridge")
    let x = Tensor.normal([8, 5], &stream)
    let labels = [0, 0, 1, 1, 1, 2, 2, 0]
    var layout = ParameterLayout()
    let head = try RidgeHead.made(
      with: ["lambda": "0.7", "scale": "1", "learned": "off"], features: 5, in: &layout)
    let none = Parameters(layout: layout, values: [])
    let known = LabelledFeatures(x, labels: labels, ways: 3)
    // Scores of the unit vectors are the weights W themselves.
    let unit = Tensor((0..<25).map { $0 % 6 == 0 ? 1 : 0 }, shape: [5, 5])
    let weights = head.scores(of: unit, given: known, none).leaf
    let target = Tensor(labels.flatMap { l in (0..<3).map { $0 == l ? Scalar(1) : 0 } }, shape: [8, 3])
    let miss = matmul(x, weights) - target
    let sum = miss.dot(miss) + 0.7 * weights.dot(weights)
    // Nothing changes it to first order.
    let slope = gradients(of: sum, wrt: [weights])[0]
    #expect(globalNorm([slope]) < 1e2 * Double(roundingTolerance))
  }

  @Test(
    "the exact meta-gradient goes through inner steps of the body and the head's rule",
    arguments: HeadRegistry.heads.filter { $0.isDifferentiable }.map { $0.name }, [1, 2])
  func throughSteps(name: String, shots: Int) throws {
    let tiny = try TinyLearner(shots: shots)
    let type = try #require(HeadRegistry.head(named: name))
    let family = try FamilyRegistry.families.family(named: "acdc")
    var network = try Network(ways: nil) { layout throws(ConfigurationError) in
      try Conv4(.pooled, filters: 4, image: ImageShape(channels: 1, side: 16), family: family, in: &layout)
    }
    let head = try network.declaring { layout, features throws(ConfigurationError) -> any FeatureHead in
      try type.made(with: [:], features: features, in: &layout)
    }
    let adapted = try AdaptSelector("atoms").adapted(in: network.layout, withHead: false, seed: 0)
    let learner = MetaLearner(
      layout: network.layout, objective: FeatureObjective(network, head: head),
      innerLoop: InnerLoop(steps: 2, adapted: adapted, order: .second))
    let point = MetaParameters(
      initial: network.layout.initialized(seed: 12),
      rates: adapted.map { _ in Tensor(repeating: 0.05, shape: [2]) })
    let found = learner.metaGradient(at: point, on: tiny.task)
    var other = learner
    other.memory = .checkpointed
    let again = other.metaGradient(at: point, on: tiny.task)
    for (a, b) in zip(found.tensors, again.tensors) { #expect(a.scalars == b.scalars) }
    #expect(found.tensors.allSatisfy { globalNorm([$0]) > 0 })
    guard MemoryLayout<Scalar>.size == 8 else { return }
    // Along the gradient, in steps of which some cross no kink.
    let length = globalNorm(found.tensors)
    func loss(_ t: Double) -> Double {
      let moved = zip(point.tensors, found.tensors).map { $0 + Scalar(t / length) * $1 }
      let count = point.initial.values.count
      let initial = Parameters(layout: network.layout, values: Array(moved.prefix(count)))
      return learner.score(
        from: MetaParameters(initial: initial, rates: Array(moved.dropFirst(count))), on: tiny.task
      ).loss
    }
    let errors = [1e-3, 1e-4, 1e-5, 1e-6].map { size in
      let step = size / length
      return abs((loss(step) - loss(-step)) / (2 * step) - length) / length
    }
    #expect((errors.min() ?? 1) < 1e-5, "\(name): \(errors)")
  }

  @Test("settings are checked by name and range")
  func settings() {
    func fault(_ type: any FeatureHead.Type, _ given: [String: String]) -> ConfigurationError? {
      var layout = ParameterLayout()
      do throws(ConfigurationError) {
        _ = try type.made(with: given, features: 4, in: &layout)
        return nil
      } catch { return error }
    }
    #expect(fault(RidgeHead.self, ["lambda": "0"])?.field == "head-option lambda")
    #expect(fault(RidgeHead.self, ["lambda": "-1"])?.reason == "head ridge needs a number above 0")
    #expect(fault(RidgeHead.self, ["penalty": "1"])?.remedy == "Use lambda, scale, learned")
    #expect(fault(CosineHead.self, ["temperature": "nan"]) != nil)
    #expect(fault(CosineHead.self, ["learned": "maybe"])?.remedy == "Use on, off")
    #expect(fault(LogisticHead.self, ["c": "0"]) != nil)
    #expect(fault(CentroidHead.self, ["c": "1"])?.remedy == "It has no options")
    for head in HeadRegistry.heads { #expect(fault(head, [:]) == nil) }
  }
}
