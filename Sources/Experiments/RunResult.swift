public import Evaluation

/// Everything a run found, as it stands in `results.json`.
public struct RunResult: Codable, Sendable {
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
    /// Query accuracy over episodes that share no image with each other; nil if it was not measured.
    ///
    /// Their interval covers the choice of the images too (Lafargue et al. 2024).
    public var disjoint: Disjoint?

    /// Accuracy over episodes drawn without replacement of images.
    public struct Disjoint: Codable, Sendable {
      /// Episodes, as many as the images allow.
      public var episodes: Int
      /// Query accuracy after the trained steps.
      public var accuracy: Estimate
      /// How many times a training's numbers were not finite in an episode, which counts as wholly wrong; nil for never.
      public var nonfinite: Int?
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
    /// Test; with several seeds of each episode's mean over them.
    public var test: Test
    /// The family's options that differ from its defaults.
    public var options: [String: String]
    /// The command that trains this arm again, with its first seed.
    public var command: String
    /// Every training of this arm, one per seed.
    public var seeds: [SeedResult]
    /// Standard deviation of the seeds' mean accuracies; nil with one seed.
    public var betweenSeedDeviation: Double?
    /// How fast it adapts; nil if that was not measured.
    public var speed: SpeedResult?
    /// How it stands disturbance, one line per condition; empty if that was not measured.
    public var robustness: [RobustnessRow]
  }

  /// One training of an arm.
  public struct SeedResult: Codable, Sendable {
    /// The seed.
    public var seed: UInt64
    /// The run's folder.
    public var folder: String
    /// Test accuracy.
    public var accuracy: Estimate
    /// Wall time of its updates.
    public var trainSeconds: Double
    /// Numbers of the test episodes whose inner loop exploded: finite, but a loss above ten times ln(ways); nil for
    /// none.
    public var exploded: [Int]?
  }

  /// A training that should be in the result and is not.
  public struct FailedTraining: Codable, Hashable, Sendable {
    /// Its arm, or what stands for it where it cannot be read.
    public var arm: String
    /// Its seed; nil where it cannot be read.
    public var seed: UInt64?
    /// Its folder.
    public var folder: String
    /// Why it is not there.
    public var reason: String

    /// A failure.
    public init(arm: String, seed: UInt64?, folder: String, reason: String) {
      self.arm = arm
      self.seed = seed
      self.folder = folder
      self.reason = reason
    }
  }

  /// A test episode that was left out for all arms.
  public struct SkippedEpisode: Codable, Hashable, Sendable {
    /// Its number.
    public var episode: Int
    /// Which numbers were not finite.
    public var reason: String
  }

  /// Two arms on identical episodes.
  public struct Comparison: Codable, Hashable, Sendable {
    /// The arm.
    public var a: String
    /// The arm it is compared with, its reference: the same in all comparisons of an arm.
    public var b: String
    /// What is compared: `accuracy`, `accuracy_after_1_step`, `area_under_curve`, `mean_steps_of_gain`, or `accuracy` and
    /// `relative_drop` under a condition.
    public var metric: String
    /// Under which condition; nil for the episodes as they are.
    public var condition: Condition?
    /// Mean of a − b.
    public var difference: Double
    /// 95 % interval of the mean difference.
    public var ci95: [Double]
    /// Two-sided p of the paired t test, corrected over the comparisons of this report (Holm).
    public var p: Double
    /// The same before the correction.
    public var pUncorrected: Double
    /// Two-sided p of the sign-flip permutation test, not corrected.
    public var pSignFlip: Double
    /// Episodes.
    public var episodes: Int
    /// Trainings of each side; with several, the interval covers them too.
    public var seeds: Int
    /// Standard deviation of the difference between episodes.
    public var episodeDeviation: Double
    /// Standard deviation of the difference between seeds; nil with one seed.
    public var seedDeviation: Double?
    /// Episodes that would show a difference of this size at 5 % with a power of 80 %; nil if none would.
    public var episodesNeeded: Int?
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

  /// What made this result.
  public enum Kind: String, Codable, Sendable {
    /// `fewshot run`.
    case run
    /// `fewshot evaluate`.
    case evaluation
    /// `fewshot ablate`.
    case ablation
  }

  /// What made it.
  public var kind: Kind
  /// Classes in a test episode.
  public var ways: Int
  /// Support images per class.
  public var shots: Int
  /// Query images per class.
  public var queries: Int
  /// The arms, the chosen one first.
  public var arms: [ArmResult]
  /// Paired comparisons.
  public var comparisons: [Comparison]
  /// ‖second − first‖/‖first‖ of the chosen arm; absent without inner steps.
  public var secondOrderShare: Double?
  /// Nearest class mean on raw pixels, on the same test episodes.
  public var pixelBaseline: Estimate
  /// By which statistics networks normalised on the query; nil where an earlier version wrote it, of the batch.
  public var normStatistics: NormalisationStatistics?
  /// The images.
  public var data: DataFacts
  /// The command that repeats the run.
  public var command: String
  /// Where the run's files are.
  public var folder: String
  /// A hash of all that an evaluation depends on; nil for a run, whose settings stand in `config.json`.
  public var identity: String?
  /// Program version.
  public var version: String
  /// What it ran on.
  public var machine: Machine
  /// Wall time of the whole run.
  public var seconds: Double
  /// Time of it that went into checks of the run itself; nil where there are none beside the evaluation.
  public var selfCheckSeconds: Double?
  /// Trainings that could not be reported; nil for none.
  public var failed: [FailedTraining]?
  /// Test episodes that were left out for all arms, since numbers were not finite; nil for none.
  public var skippedEpisodes: [SkippedEpisode]?
}
