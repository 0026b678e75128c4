internal import Foundation
internal import Kernels
internal import MetaLearning
internal import Networks
internal import SafeTensors
internal import Settings
internal import Tensors

extension SupervisedState {
  private static let classifierPrefix = "classifier:"
  private static let averagePrefix = "average:"
  private static let stepsKey = "optimizer_steps"

  /// Puts the state into a file; numbers keep all their bits.
  ///
  /// - Parameters:
  ///   - file: Where it is put.
  ///   - names: What the network's tensors are called.
  func write(into file: inout SafeTensorsFile, _ names: [String]) {
    let all = names + classifier.names.map { Self.classifierPrefix + $0 }
    for (name, tensor) in zip(all.suffix(2), classifier.tensors) { file[name] = tensor.entry }
    file.metadata[Self.stepsKey] = "\(optimizer.moments.updates)"
    for (name, moments) in zip(all, optimizer.moments.first) {
      file["first:" + name] = Tensor(moments, shape: [moments.count]).entry
    }
    for (name, moments) in zip(all, optimizer.moments.second) {
      file["second:" + name] = Tensor(moments, shape: [moments.count]).entry
    }
    if let average {
      for (name, tensor) in zip(names, average.values) { file[Self.averagePrefix + name] = tensor.entry }
    }
  }

  /// The state that ``write(into:_:)`` wrote.
  ///
  /// - Parameters:
  ///   - file: What it wrote.
  ///   - arm: The arm at its present ranks.
  ///   - plan: The run's plan.
  ///   - names: What the network's tensors are called.
  /// - Throws: `SafeTensorsError` or `SelfCheckError` if something is missing or belongs to another arm.
  init(_ file: SafeTensorsFile, for arm: Arm, _ plan: Plan, _ names: [String]) throws {
    func misfit(_ name: String) -> SelfCheckError { TrainingState.misfit(name, arm) }
    func tensor(_ name: String, _ shape: Shape? = nil) throws -> Tensor {
      guard let entry = file[name], shape.map({ $0.extents == entry.shape }) ?? true else {
        throw misfit(name)
      }
      return Tensor(try file.doubles(name).map { Scalar($0) }, shape: Shape(entry.shape))
    }
    let recipe = plan.recipe
    let kind = recipe.classifier
    var classifier = Classifier(kind, tensors: [])
    classifier.tensors = try classifier.names.map { try tensor(Self.classifierPrefix + $0) }
    guard classifier.tensors[0].shape.rank == 2,
      classifier.tensors[0].shape[1] == arm.network.backbone.features,
      classifier.tensors[1].count == (kind == .linear ? classifier.tensors[0].shape[0] : 1)
    else { throw misfit(Self.classifierPrefix + "weight") }

    let layout = arm.network.layout
    let all = names + classifier.names.map { Self.classifierPrefix + $0 }
    let counts = layout.entries.map(\.shape.count) + classifier.tensors.map(\.count)
    func moments(_ prefix: String) throws -> [[Scalar]] {
      try zip(all, counts).map { name, count in
        let found = try tensor(prefix + name, [count])
        return found.scalars
      }
    }
    var optimizer = Self.optimizer(arm, recipe)
    guard let steps = file.metadata[Self.stepsKey].flatMap({ Int($0) }), steps > 0 else {
      throw misfit(Self.stepsKey)
    }
    optimizer.moments.updates = steps
    optimizer.moments.first = try moments("first:")
    if case .adam = optimizer.rule { optimizer.moments.second = try moments("second:") }
    var average: Parameters?
    if recipe.averaging > 0 {
      average = Parameters(
        layout: layout,
        values: try layout.entries.map { try tensor(Self.averagePrefix + $0.path, $0.shape) })
    }
    self.init(classifier: classifier, optimizer: optimizer, average: average)
  }
}
