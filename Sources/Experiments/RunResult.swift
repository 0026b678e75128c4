public import Foundation

/// Everything a run found, as it stands in `results.json`.
public struct RunResult: Codable, Sendable {
  /// A mean with the half-width of its 95 % interval, 1.96·s/√E.
  public struct Estimate: Codable, Sendable {
    /// The mean.
    public var mean: Double
    /// The half-width.
    public var ci95: Double
  }

  /// How many numbers an arm has.
  public struct ParameterCounts: Codable, Sendable {
    /// All.
    public var total: Int
    /// Those the inner loop changes.
    public var adapted: Int
    /// All, by role.
    public var byRole: [String: Int]
    /// What adapts, by role.
    public var audit: [Arm.AuditRow]
  }

  /// How an arm was trained.
  public struct Training: Codable, Sendable {
    /// Updates.
    public var iterations: Int
    /// Episodes.
    public var tasks: Int
    /// Wall time of the updates.
    public var seconds: Double
    /// Wall time per episode, all workers busy.
    public var msPerTask: Double
    /// Most tensor memory at once.
    public var peakBytes: Int
    /// Where the evaluated point was found.
    public var bestIteration: Int
    /// Its validation accuracy.
    public var validationAccuracy: Double
    /// What the search for initial rates tried.
    public var rateSweep: [RateSweep.Trial]
    /// Inner rates of the evaluated point, by path, one per step.
    public var rates: [String: [Double]]
  }

  /// One step of a mean adaptation curve.
  public struct CurveStep: Codable, Sendable {
    /// Inner steps taken.
    public var step: Int
    /// Mean query accuracy.
    public var accuracy: Double
    /// Half-width of its 95 % interval.
    public var ci95: Double
    /// Mean query loss.
    public var loss: Double
  }

  /// How an arm did on the test episodes.
  public struct Test: Codable, Sendable {
    /// Episodes.
    public var episodes: Int
    /// Query accuracy after the trained steps.
    public var accuracy: Estimate
    /// Means after 0, 1, … steps.
    public var curve: [CurveStep]
    /// Mean accuracy over the steps of the curve.
    public var areaUnderCurve: Double
    /// First step that has made 95 % of the way from step 0 to the best; absent if the curve never rises.
    public var stepsTo95Percent: Int?
    /// Wall time per episode, adaptation and one pass over the query, all workers busy.
    public var msPerTask: Double

    enum CodingKeys: String, CodingKey {
      case episodes, accuracy, curve, areaUnderCurve, msPerTask
      // The encoder's snake case would keep the digits with the word before them.
      case stepsTo95Percent = "steps_to_95_percent"
    }
  }

  /// One side of the comparison.
  public struct ArmResult: Codable, Sendable {
    /// Short name.
    public var name: String
    /// Convolution family.
    public var family: String
    /// Learner.
    public var learner: String
    /// Selector.
    public var adapt: String
    /// Derivative order.
    public var order: String
    /// ‖second − first‖/‖first‖ of the meta-gradient on one episode; absent without inner steps.
    public var secondOrderShare: Double?
    /// Counts.
    public var parameters: ParameterCounts
    /// Training.
    public var train: Training
    /// Test.
    public var test: Test
  }

  /// Two arms on identical episodes.
  public struct Comparison: Codable, Sendable {
    /// The first arm.
    public var a: String
    /// The second arm.
    public var b: String
    /// What is compared.
    public var metric: String
    /// Mean of a − b.
    public var difference: Double
    /// 95 % interval of the mean difference.
    public var ci95: [Double]
    /// Two-sided p of the paired t test, corrected over the comparisons of this report (Holm).
    public var p: Double
    /// Episodes.
    public var episodes: Int
  }

  /// What a run ran on; nothing else in a result depends on it, but for times and memory.
  public struct Machine: Codable, Sendable {
    /// The processor core whose kernels OpenBLAS uses.
    public var blasCore: String
    /// Workers.
    public var threads: Int
  }

  /// The images.
  public struct DataFacts: Codable, Sendable {
    /// Folder; `built-in glyphs` without one.
    public var path: String
    /// Hash over all files.
    public var hash: String
    /// Classes.
    public var classes: Int
    /// Images.
    public var images: Int
    /// Unreadable images left out.
    public var skipped: Int
  }

  /// The arms, the chosen one first.
  public var arms: [ArmResult]
  /// Paired comparisons.
  public var comparisons: [Comparison]
  /// ‖second − first‖/‖first‖ of the chosen arm; absent without inner steps.
  public var secondOrderShare: Double?
  /// Nearest class mean on raw pixels, on the same test episodes.
  public var pixelBaseline: Estimate
  /// The images.
  public var data: DataFacts
  /// The command that repeats the run.
  public var command: String
  /// Where the run's files are.
  public var folder: String
  /// Program version.
  public var version: String
  /// What it ran on.
  public var machine: Machine
  /// Wall time of the whole run.
  public var seconds: Double

  /// The result as JSON with keys in alphabetical order.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // A curve may blow up past the trained steps; that must not cost the result.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try encoder.encode(self)
  }
}
