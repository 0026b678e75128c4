/// How fast one arm adapts, as it stands in results.
public struct SpeedResult: Codable, Sendable {
  /// One point of the mean adaptation curve.
  public struct Step: Codable, Sendable {
    /// Inner steps taken.
    public var step: Int
    /// Query accuracy.
    public var queryAccuracy: Estimate
    /// Mean query cross-entropy.
    public var queryLoss: Double
    /// Support accuracy.
    public var supportAccuracy: Double
    /// Mean support cross-entropy.
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
    /// The tensor's path, or the layer's.
    public var path: String
    /// Its role; `kernel` for the dense kernel a layer stands for.
    public var role: String
    /// After 0, 1, … steps.
    public var bySteps: [Double]
  }

  /// Accuracy against inner rates and steps: every learned rate times a factor.
  public struct RateGrid: Codable, Sendable {
    /// Factors on the rates.
    public var factors: [Double]
    /// Inner steps.
    public var steps: [Int]
    /// Mean query accuracy, one row per factor, one column per number of steps.
    public var accuracy: [[Double]]
    /// Factors between which, at the trained number of steps, accuracy stays within 2 points of the best; two
    /// numbers.
    public var tolerated: [Double]
    /// Their ratio.
    public var toleratedRange: Double
  }

  /// Accuracy where the dense kernels have moved a given way, whatever the number of steps.
  public struct MatchedMovement: Codable, Sendable {
    /// ‖ΔW‖/‖W‖ of all dense kernels together.
    public var kernelMovement: Double
    /// Query accuracy, interpolated in each task's own curve; nil where too few tasks move that far.
    public var accuracy: Estimate?
    /// Share of the tasks that move that far.
    public var reached: Double
  }

  /// How alike a layer's representations are before and after adaptation: linear CKA on query images.
  public struct Similarity: Codable, Sendable {
    /// The layer.
    public var layer: String
    /// 1 for no change up to rotation and scale.
    public var cka: Estimate
  }

  /// Accuracy with another number of shots or ways than in training.
  public struct Shape: Codable, Sendable {
    /// Classes.
    public var ways: Int
    /// Support images per class.
    public var shots: Int
    /// Query accuracy after the trained steps.
    public var accuracy: Estimate
  }

  /// The curve, steps 0, 1, ….
  public var curve: [Step]
  /// Inner steps in training.
  public var trainedSteps: Int
  /// Mean query accuracy over all steps.
  public var areaUnderCurve: Estimate
  /// First step that has made 95 % of the way from step 0 to the best of the mean curve; nil if it never rises.
  public var stepsTo95Percent: Int?
  /// 95 % interval of it, by resampling episodes; two numbers.
  public var stepsTo95PercentInterval: [Int]?
  /// Wall-clock time up to that step.
  public var millisecondsTo95Percent: Double?
  /// Multiply-adds up to that step.
  public var macsTo95Percent: Double?
  /// Accuracy at the trained number of steps less that at the last step: what too many steps cost.
  public var degradation: Estimate
  /// Adapted tensors and, with the role `kernel`, layers.
  public var movements: [Movement]
  /// At the same kernel movements for all arms.
  public var matched: [MatchedMovement]
  /// Sensitivity to rates.
  public var rateGrid: RateGrid?
  /// Change of representations, layer by layer.
  public var similarity: [Similarity]
  /// Other shots and ways.
  public var shapes: [Shape]
}
