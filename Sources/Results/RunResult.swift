package import Evaluation
internal import Formats
internal import ProcessGroups

/// Everything a run found, as it stands in `results.json`.
package struct RunResult: Codable, Sendable {
  /// A training that should be in the result and is not.
  package struct FailedTraining: Codable, Hashable, Sendable {
    /// Its arm, or what stands for it where it cannot be read.
    package var arm: String
    /// Its seed; nil where it cannot be read.
    package var seed: UInt64?
    /// The folder of its run.
    package var folder: String
    /// Why it is not there.
    package var reason: String

    /// A failure from its parts.
    package init(arm: String, seed: UInt64?, folder: String, reason: String) {
      self.arm = arm
      self.seed = seed
      self.folder = folder
      self.reason = reason
    }
  }

  /// A test episode that was left out for all arms.
  package struct SkippedEpisode: Codable, Hashable, Sendable {
    /// The number of the episode.
    package var episode: Int
    /// Which numbers were not finite.
    package var reason: String

    /// From its parts.
    package init(episode: Int, reason: String) {
      self.episode = episode
      self.reason = reason
    }
  }

  /// What a run ran on; nothing else in a result depends on it, but for times and memory.
  package struct Machine: Codable, Sendable {
    /// The processor core whose kernels OpenBLAS uses.
    package var blasCore: String
    /// The number of workers.
    package var threads: Int
    /// How many processes did the work together; nil for one alone, as are the next three.
    package var processes: Int?
    /// Bytes that the first of them gave and got.
    package var exchangedBytes: Int?
    /// Seconds in which it waited for others or for bytes.
    package var exchangeSeconds: Double?
    /// Of these, the seconds until the last of the others was ready.
    package var waitingSeconds: Double?

    /// From its parts.
    package init(blasCore: String, threads: Int) {
      self.blasCore = blasCore
      self.threads = threads
      let group = CurrentGroup.value
      guard group.size > 1 else { return }
      processes = group.size
      let traffic = group.traffic
      (exchangedBytes, exchangeSeconds, waitingSeconds) = (traffic.bytes, traffic.seconds, traffic.waiting)
    }
  }

  /// The images that a result is about.
  package struct DataFacts: Codable, Sendable {
    /// Their folder, or those of a union in words; `built-in glyphs` without one.
    package var path: String
    /// The SHA-256 over all files; see `ContentHash.dataset`.
    package var hash: String
    /// The number of classes.
    package var classes: Int
    /// The number of images.
    package var images: Int
    /// The number of unreadable images that were left out.
    package var skipped: Int
    /// How the classes were divided; nil where an earlier version wrote it, as below.
    package var division: String?
    /// Size and channels of the images as networks see them, and whether they are inverted.
    package var preparation: String?
    /// How many class names stand in several splits.
    package var sharedClasses: Int?
    /// How many pictures of validation and test stand in an earlier split too, by content.
    package var sharedPictures: Int?
    /// What is odd about the images, a sentence each.
    package var warnings: [String]?
    /// The data sets of a union, in their order; nil for one.
    package var sets: [DataSetFacts]?

    /// The folders of images.
    package var folders: [String] { sets?.map(\.path) ?? [path] }

    /// From the parts that every version has.
    package init(path: String, hash: String, classes: Int, images: Int, skipped: Int) {
      self.path = path
      self.hash = hash
      self.classes = classes
      self.images = images
      self.skipped = skipped
    }
  }

  /// The command that made a result.
  package enum Kind: String, Codable, Sendable {
    /// A training with `fewshot run`.
    case run
    /// An evaluation with `fewshot evaluate`.
    case evaluation
    /// An ablation with `fewshot ablate`.
    case ablation
  }

  /// The shape of this document, see ``DocumentSchema``; nil where an earlier version wrote it, which has the shape 1.
  package var schema: Int? = DocumentSchema.current
  /// The command that made it.
  package var kind: Kind
  /// Classes in a test episode; where they vary, the most.
  package var ways: Int
  /// Support images per class in a test episode; nil where they vary by the rules of Meta-Dataset, else the most.
  package var shots: Int?
  /// Query images per class in a test episode; where they vary, the most.
  package var queries: Int
  /// How large test episodes are; nil where all are alike.
  package var sizes: EpisodeSizes?
  /// The arms, the chosen one first.
  package var arms: [ArmResult]
  /// Paired comparisons of arms with their references, corrected together.
  package var comparisons: [Comparison]
  /// ‖second − first‖/‖first‖ of the chosen arm; absent without inner steps.
  package var secondOrderShare: Double?
  /// Nearest class mean on raw pixels, on the same test episodes.
  package var pixelBaseline: Estimate
  /// By which statistics networks normalised on the query; nil where an earlier version wrote it, of the batch.
  package var normStatistics: NormalisationStatistics?
  /// Where images were corrupted; nil if robustness was not measured, or by an earlier version, at the original.
  package var corruptAt: CorruptionPlace?
  /// The images it was tested on.
  package var data: DataFacts
  /// The command that repeats the run.
  package var command: String
  /// Where the run's files are.
  package var folder: String
  /// A hash of all that an evaluation depends on; nil for a run, whose settings stand in `config.json`.
  package var identity: String?
  /// The version of the program that wrote it.
  package var version: String
  /// The machine it ran on.
  package var machine: Machine
  /// Wall time of the whole run in seconds.
  package var seconds: Double
  /// Time of it that went into checks of the run itself; nil where there are none beside the evaluation.
  package var selfCheckSeconds: Double?
  /// Whether an ablation that adds seeds needs more of them; nil for any other.
  package var seedLook: SeedLook?
  /// Trainings that could not be reported; nil for none.
  package var failed: [FailedTraining]?
  /// Test episodes that were left out for all arms, since numbers were not finite; nil for none.
  package var skippedEpisodes: [SkippedEpisode]?

  /// From its parts.
  package init(
    kind: Kind, ways: Int, shots: Int?, queries: Int, arms: [ArmResult], comparisons: [Comparison],
    secondOrderShare: Double? = nil, pixelBaseline: Estimate, normStatistics: NormalisationStatistics? = nil,
    corruptAt: CorruptionPlace? = nil, data: DataFacts, command: String, folder: String,
    identity: String? = nil, version: String,
    machine: Machine, seconds: Double, selfCheckSeconds: Double? = nil, failed: [FailedTraining]? = nil,
    skippedEpisodes: [SkippedEpisode]? = nil
  ) {
    self.kind = kind
    self.ways = ways
    self.shots = shots
    self.queries = queries
    self.arms = arms
    self.comparisons = comparisons
    self.secondOrderShare = secondOrderShare
    self.pixelBaseline = pixelBaseline
    self.normStatistics = normStatistics
    self.corruptAt = corruptAt
    self.data = data
    self.command = command
    self.folder = folder
    self.identity = identity
    self.version = version
    self.machine = machine
    self.seconds = seconds
    self.selfCheckSeconds = selfCheckSeconds
    self.failed = failed
    self.skippedEpisodes = skippedEpisodes
  }
}
