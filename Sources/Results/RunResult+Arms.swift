package import Evaluation

extension RunResult {
  /// One line of the audit of what adapts.
  package struct AuditRow: Codable, Hashable, Sendable {
    /// The role.
    package let role: String
    /// How many tensors of it adapt.
    package let tensors: Int
    /// How many numbers of it adapt.
    package let numbers: Int
    /// Those over all numbers of the model.
    package let share: Double

    /// A line.
    package init(role: String, tensors: Int, numbers: Int, share: Double) {
      self.role = role
      self.tensors = tensors
      self.numbers = numbers
      self.share = share
    }
  }

  /// One rate tried for one role.
  package struct RateTrial: Codable, Hashable, Sendable {
    /// The role.
    package let role: String
    /// The rate.
    package let rate: Double
    /// Mean query loss after adaptation.
    package let loss: Double

    /// A trial.
    package init(role: String, rate: Double, loss: Double) {
      self.role = role
      self.rate = rate
      self.loss = loss
    }
  }

  /// How many numbers an arm has.
  package struct ParameterCounts: Codable, Sendable {
    /// All.
    package var total: Int
    /// Those the inner loop changes.
    package var adapted: Int
    /// All, by role.
    package var byRole: [String: Int]
    /// What adapts, by role.
    package var audit: [AuditRow]

    /// From its parts.
    package init(total: Int, adapted: Int, byRole: [String: Int], audit: [AuditRow]) {
      self.total = total
      self.adapted = adapted
      self.byRole = byRole
      self.audit = audit
    }
  }

  /// How an arm was trained.
  package struct Training: Codable, Sendable {
    /// Updates.
    package var iterations: Int
    /// Episodes.
    package var tasks: Int
    /// Wall time of the updates.
    package var seconds: Double
    /// Wall time per episode, all workers busy.
    package var msPerTask: Double
    /// Most tensor memory at once.
    package var peakBytes: Int
    /// Where the evaluated point was found.
    package var bestIteration: Int
    /// Its validation accuracy.
    package var validationAccuracy: Double
    /// What the search for initial rates tried.
    package var rateSweep: [RateTrial]
    /// Inner rates of the evaluated point, by path, one per step.
    package var rates: [String: [Double]]

    /// From its parts.
    package init(
      iterations: Int, tasks: Int, seconds: Double, msPerTask: Double, peakBytes: Int, bestIteration: Int,
      validationAccuracy: Double, rateSweep: [RateTrial], rates: [String: [Double]]
    ) {
      self.iterations = iterations
      self.tasks = tasks
      self.seconds = seconds
      self.msPerTask = msPerTask
      self.peakBytes = peakBytes
      self.bestIteration = bestIteration
      self.validationAccuracy = validationAccuracy
      self.rateSweep = rateSweep
      self.rates = rates
    }
  }

  /// One step of a mean adaptation curve.
  package struct CurveStep: Codable, Sendable {
    /// Inner steps taken.
    package var step: Int
    /// Mean query accuracy.
    package var accuracy: Double
    /// Half-width of its 95 % interval.
    package var ci95: Double
    /// Mean query loss.
    package var loss: Double

    /// From its parts.
    package init(step: Int, accuracy: Double, ci95: Double, loss: Double) {
      self.step = step
      self.accuracy = accuracy
      self.ci95 = ci95
      self.loss = loss
    }
  }

  /// How an arm did on the test episodes.
  package struct Test: Codable, Sendable {
    /// Episodes.
    package var episodes: Int
    /// Query accuracy after the trained steps.
    package var accuracy: Estimate
    /// Means after 0, 1, … steps.
    package var curve: [CurveStep]
    /// Mean accuracy over the steps of the curve.
    package var areaUnderCurve: Double
    /// First step that has made 95 % of the way from step 0 to the best; absent if the curve never rises.
    package var stepsTo95Percent: Int?
    /// Wall time per episode, adaptation and one pass over the query, all workers busy.
    package var msPerTask: Double
    /// Query accuracy over episodes that share no image with each other; nil if it was not measured.
    ///
    /// Their interval covers the choice of the images too (Lafargue et al. 2024).
    package var disjoint: Disjoint?

    /// From its parts.
    package init(
      episodes: Int, accuracy: Estimate, curve: [CurveStep], areaUnderCurve: Double,
      stepsTo95Percent: Int? = nil, msPerTask: Double, disjoint: Disjoint? = nil
    ) {
      self.episodes = episodes
      self.accuracy = accuracy
      self.curve = curve
      self.areaUnderCurve = areaUnderCurve
      self.stepsTo95Percent = stepsTo95Percent
      self.msPerTask = msPerTask
      self.disjoint = disjoint
    }

    /// Accuracy over episodes drawn without replacement of images.
    package struct Disjoint: Codable, Sendable {
      /// Episodes, as many as the images allow.
      package var episodes: Int
      /// Query accuracy after the trained steps.
      package var accuracy: Estimate
      /// How many times a training's numbers were not finite in an episode, which counts as wholly wrong; nil for never.
      package var nonfinite: Int?

      /// From its parts.
      package init(episodes: Int, accuracy: Estimate, nonfinite: Int? = nil) {
        self.episodes = episodes
        self.accuracy = accuracy
        self.nonfinite = nonfinite
      }
    }
  }

  /// One side of the comparison.
  package struct ArmResult: Codable, Sendable {
    /// Short name.
    package var name: String
    /// Convolution family.
    package var family: String
    /// Learner.
    package var learner: String
    /// Selector.
    package var adapt: String
    /// Derivative order.
    package var order: String
    /// ‖second − first‖/‖first‖ of the meta-gradient on one episode; absent without inner steps.
    package var secondOrderShare: Double?
    /// Counts.
    package var parameters: ParameterCounts
    /// Training.
    package var train: Training
    /// Test; with several seeds of each episode's mean over them.
    package var test: Test
    /// The family's options that differ from its defaults.
    package var options: [String: String]
    /// The command that trains this arm again, with its first seed.
    package var command: String
    /// Every training of this arm, one per seed.
    package var seeds: [SeedResult]
    /// Standard deviation of the seeds' mean accuracies; nil with one seed.
    package var betweenSeedDeviation: Double?
    /// How fast it adapts; nil if that was not measured.
    package var speed: SpeedResult?
    /// How it stands perturbation, one line per condition; empty if that was not measured.
    package var robustness: [RobustnessRow]

    /// From its parts.
    package init(
      name: String, family: String, learner: String, adapt: String, order: String,
      secondOrderShare: Double? = nil, parameters: ParameterCounts, train: Training, test: Test,
      options: [String: String], command: String, seeds: [SeedResult], betweenSeedDeviation: Double? = nil,
      speed: SpeedResult? = nil, robustness: [RobustnessRow]
    ) {
      self.name = name
      self.family = family
      self.learner = learner
      self.adapt = adapt
      self.order = order
      self.secondOrderShare = secondOrderShare
      self.parameters = parameters
      self.train = train
      self.test = test
      self.options = options
      self.command = command
      self.seeds = seeds
      self.betweenSeedDeviation = betweenSeedDeviation
      self.speed = speed
      self.robustness = robustness
    }
  }

  /// One training of an arm.
  package struct SeedResult: Codable, Sendable {
    /// The seed.
    package var seed: UInt64
    /// The run's folder.
    package var folder: String
    /// Test accuracy.
    package var accuracy: Estimate
    /// Wall time of its updates.
    package var trainSeconds: Double
    /// Numbers of the test episodes whose inner loop exploded: finite, but a loss above ten times ln(ways); nil for
    /// none.
    package var exploded: [Int]?

    /// From its parts.
    package init(
      seed: UInt64, folder: String, accuracy: Estimate, trainSeconds: Double, exploded: [Int]? = nil
    ) {
      self.seed = seed
      self.folder = folder
      self.accuracy = accuracy
      self.trainSeconds = trainSeconds
      self.exploded = exploded
    }
  }
}
