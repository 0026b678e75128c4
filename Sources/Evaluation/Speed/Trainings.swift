internal import MetaLearning
internal import Statistics

/// Several trainings of one arm on the same tasks, every measure averaged over them task by task.
struct Trainings {
  private let all: [SpeedMeasures]
  private var count: Int { all[0].traces.count }

  /// - Precondition: there is at least one training and one task, and all trainings are of one network.
  init(_ all: [SpeedMeasures]) {
    precondition(
      !all.isEmpty && !all[0].traces.isEmpty
        && all.allSatisfy { $0.traces.count == all[0].traces.count && $0.trainedSteps == all[0].trainedSteps },
      "trainings on \(all.map(\.traces.count)) tasks")
    self.all = all
  }

  /// A row of numbers for each task, mean over the trainings.
  func tasks(_ row: (AdaptationTrace) -> [Double]) -> [[Double]] {
    (0..<count).map { i in columnMeans(all.map { row($0.traces[i]) }) }
  }

  /// The same, mean over the tasks too.
  func means(_ row: (AdaptationTrace) -> [Double]) -> [Double] { columnMeans(tasks(row)) }

  /// The mean curve, given the query accuracies of every task.
  func curve(_ accuracies: [[Double]]) -> [SpeedResult.Step] {
    let queryLoss = means { $0.curve.map(\.queryLoss) }
    let supportAccuracy = means { $0.curve.map(\.supportAccuracy) }
    let supportLoss = means { $0.curve.map(\.supportLoss) }
    let milliseconds = means { $0.curve.map(\.milliseconds) }
    let macs = means { trace in trace.curve.map { Double($0.step * trace.macsPerStep) } }
    let movement = means(\.kernelMovement)
    return queryLoss.indices.map { t in
      SpeedResult.Step(
        step: t, queryAccuracy: Estimate(accuracies.map { $0[t] }), queryLoss: queryLoss[t],
        supportAccuracy: supportAccuracy[t], supportLoss: supportLoss[t], milliseconds: milliseconds[t],
        macs: macs[t], kernelMovement: movement[t])
    }
  }

  /// Adapted tensors, then kernels; each the mean over the trainings that have it, since a random choice of numbers may
  /// leave a tensor out with some seeds.
  var movements: [SpeedResult.Movement] {
    func rows(
      _ subjects: KeyPath<SpeedMeasures, [MovementMeter.Subject]>,
      _ values: KeyPath<AdaptationTrace, [[Double]]>
    ) -> [SpeedResult.Movement] {
      var seen: Set<String> = []
      let named = all.flatMap { $0[keyPath: subjects] }.filter { seen.insert($0.path).inserted }
      return named.map { subject in
        let bySteps = all.compactMap { measures in
          measures[keyPath: subjects].firstIndex { $0.path == subject.path }.map { position in
            columnMeans(measures.traces.map { $0[keyPath: values][position] })
          }
        }
        return SpeedResult.Movement(
          path: subject.path, role: subject.role, isRelative: subject.isRelative,
          bySteps: columnMeans(bySteps))
      }
    }
    return rows(\.tensors, \.tensors) + rows(\.kernels, \.kernels)
  }

  /// Accuracy at one kernel movement, over the tasks that get there with every training.
  func matched(_ movement: Double) -> SpeedResult.MatchedMovement {
    let rows = all.map { $0.accuracies(atKernelMovement: movement) }
    let reached = (0..<count).compactMap { i -> Double? in
      let values = rows.compactMap { $0[i] }
      return values.count == rows.count ? values.reduce(0, +) / Double(values.count) : nil
    }
    let share = Double(reached.count) / Double(count)
    return SpeedResult.MatchedMovement(
      kernelMovement: movement, accuracy: share >= 0.5 ? Estimate(reached) : nil, reached: share)
  }

  /// Layer by layer.
  var similarity: [SpeedResult.Similarity] {
    let perTask = tasks(\.similarity)
    return all[0].layers.enumerated().map { i, layer in
      SpeedResult.Similarity(layer: layer, cka: Estimate(perTask.map { $0[i] }))
    }
  }
}

/// The value at a share of the sorted ones, the lower of two neighbours; nil without values.
func quantile(_ values: [Double], _ share: Double) -> Double? {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return nil }
  return sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count - 1)).rounded(.down))))]
}
