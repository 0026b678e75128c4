/// How fast one arm adapts, as results keep it: means of the ``SpeedMeasures`` of its trainings, with intervals.
public struct SpeedResult: Codable, Sendable {
  /// One point of the mean adaptation curve of an arm, with everything that the speed suite measures.
  ///
  /// `CurvePoint` of the module MetaLearning is a point of the curve of one task.
  public struct Step: Codable, Sendable {
    /// Inner steps taken, from 0.
    public var step: Int
    /// Query accuracy as a share in 0...1, with its 95 % interval over tasks.
    public var queryAccuracy: Estimate
    /// Mean query cross-entropy in nats.
    public var queryLoss: Double
    /// Support accuracy as a share in 0...1.
    public var supportAccuracy: Double
    /// Mean support cross-entropy in nats.
    public var supportLoss: Double
    /// Wall-clock time of the steps so far, per task.
    public var milliseconds: Double
    /// Multiply-adds of the convolutions in the steps so far, per task.
    public var macs: Double
    /// ‖ΔW‖/‖W‖ of all dense kernels together, mean over tasks.
    public var kernelMovement: Double
  }

  /// How far one adapted tensor, or the dense kernel of one layer, has moved: ‖Δ‖/‖·‖, mean over tasks.
  public struct Movement: Codable, Sendable {
    /// The tensor's path, or the convolution's.
    public var path: String
    /// Its role; `kernel` for the dense kernel a convolution stands for, `nominal-kernel` for one that normalises within
    /// itself: the kernel it has for white noise, since its real one depends on the batch.
    public var role: String
    /// False for a tensor that starts at zero: then this is ‖Δ‖ itself.
    public var isRelative: Bool
    /// After 0, 1, … steps.
    public var bySteps: [Double]
  }

  /// Accuracy against inner rates and steps: every learned rate times a factor.
  public struct RateGrid: Codable, Sendable {
    /// The factors on all inner rates, ascending.
    public var factors: [Double]
    /// The numbers of inner steps, 0, 1, ….
    public var steps: [Int]
    /// Mean query accuracy, one row per factor, one column per number of steps; a task whose numbers are not finite is
    /// wholly wrong, since what blows up at a rate must not leave the mean at that rate.
    public var accuracy: [[Double]]
    /// Inner steps in training, where the rest is read.
    public var trainedSteps: Int
    /// How many tasks the accuracies are means over.
    public var tasks: Int
    /// The factor with the best accuracy.
    public var bestFactor: Double
    /// Smallest and largest factor around the best between which accuracy stays within 2 points of it; two numbers of
    /// the grid, so the true range is up to one grid step wider on each side.
    public var tolerated: [Double]
    /// The largest tolerated factor over the smallest.
    public var toleratedRange: Double
    /// Whether the range may extend below the grid.
    public var isOpenBelow: Bool
    /// Whether the range may extend above the grid.
    public var isOpenAbove: Bool

    /// Reads the tolerated range off a table.
    ///
    /// - Precondition: there is a factor, and the trained steps are among the steps.
    init(factors: [Double], steps: [Int], accuracy: [[Double]], trainedSteps: Int, tasks: Int) {
      guard let column = steps.firstIndex(of: trainedSteps), !factors.isEmpty else {
        preconditionFailure("rate grid of \(factors.count) factors without step \(trainedSteps)")
      }
      let there = accuracy.map { $0[column] }
      var best = 0
      for i in there.indices where there[i] > there[best] { best = i }
      func isNear(_ i: Int) -> Bool { there[i] >= there[best] - 0.02 }
      var (low, high) = (best, best)
      while low > 0, isNear(low - 1) { low -= 1 }
      while high < factors.count - 1, isNear(high + 1) { high += 1 }
      self.factors = factors
      self.steps = steps
      self.accuracy = accuracy
      self.trainedSteps = trainedSteps
      self.tasks = tasks
      bestFactor = factors[best]
      tolerated = [factors[low], factors[high]]
      toleratedRange = factors[high] / factors[low]
      isOpenBelow = low == 0
      isOpenAbove = high == factors.count - 1
    }
  }

  /// Accuracy where the dense kernels have moved a given distance, whatever the number of steps.
  public struct MatchedMovement: Codable, Sendable {
    /// ‖ΔW‖/‖W‖ of all dense kernels together.
    public var kernelMovement: Double
    /// Query accuracy, interpolated in each task's own curve, over the tasks that move that far; nil where fewer than
    /// half do.
    public var accuracy: Estimate?
    /// Share of the tasks that move that far, with every seed.
    public var reached: Double
  }

  /// How alike a layer's representations are before and after adaptation: linear CKA on query images.
  public struct Similarity: Codable, Sendable {
    /// The name of the layer.
    public var layer: String
    /// Linear CKA in 0...1, with its 95 % interval over tasks; 1 for no change up to rotation and scale.
    public var cka: Estimate
  }

  /// Accuracy with another number of shots or ways than in training.
  public struct Shape: Codable, Sendable {
    /// Classes of an episode.
    public var ways: Int
    /// Support images of each class.
    public var shots: Int
    /// Query images of each class.
    public var queries: Int
    /// How many tasks were tested.
    public var tasks: Int
    /// Query accuracy after the trained steps, a share in 0...1.
    public var accuracy: Estimate
    /// How many times a training's numbers were not finite in a task, which counts as wholly wrong; nil for never.
    public var nonfinite: Int?
  }

  /// The mean curve after 0, 1, … inner steps.
  public var curve: [Step]
  /// Inner steps T of training.
  public var trainedSteps: Int
  /// Mean query accuracy over all steps.
  public var areaUnderCurve: Estimate
  /// First step that has made 95 % of the way from step 0 to the best of the mean curve; nil if it never rises.
  public var stepsTo95Percent: Int?
  /// Its 95 % interval, by resampling episodes: two numbers.
  ///
  /// nil also where the curve does not rise in more than 2.5 % of the draws.
  public var stepsTo95PercentInterval: [Int]?
  /// Milliseconds of adaptation per task up to that step.
  public var millisecondsTo95Percent: Double?
  /// Multiply-adds of adaptation per task up to that step.
  public var macsTo95Percent: Double?
  /// What it costs to get to the accuracies of ``Reach/targets``; nil where an earlier version wrote it.
  public var targets: [Reach]?
  /// Accuracy at the trained number of steps minus that at the last step: the cost of too many steps.
  public var degradation: Estimate
  /// The movements of adapted tensors and, with the role `kernel`, of dense kernels.
  public var movements: [Movement]
  /// Accuracy at the same kernel movements for all arms.
  public var matched: [MatchedMovement]
  /// Accuracy against factors on the inner rates; nil if it was not measured.
  public var rateGrid: RateGrid?
  /// Change of representations by the trained steps, layer by layer; empty without steps.
  public var similarity: [Similarity]
  /// Accuracy with other shots and ways; empty if it was not measured.
  public var shapes: [Shape]
}
