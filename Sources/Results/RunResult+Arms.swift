package import Evaluation

extension RunResult {
  /// One line of the audit of what adapts: the tensors of one role.
  package struct AuditRow: Codable, Hashable, Sendable {
    /// The name of the role, such as `kernels`.
    package let role: String
    /// How many tensors of it adapt.
    package let tensors: Int
    /// How many numbers of it adapt.
    package let numbers: Int
    /// Those over all numbers of the model.
    package let share: Double

    /// A line from its parts.
    package init(role: String, tensors: Int, numbers: Int, share: Double) {
      self.role = role
      self.tensors = tensors
      self.numbers = numbers
      self.share = share
    }
  }

  /// One trial of the search for inner rates.
  package struct RateTrial: Codable, Hashable, Sendable {
    /// Updates made before it; nil where an earlier version wrote it, which searched before the first.
    package let update: Int?
    /// The name of the role whose rate was tried; `start` for the rates as they were.
    package let role: String
    /// The inner rate that was tried; nil once every tensor and step has its own.
    package let rate: Double?
    /// What the role's rates were multiplied by, relative to those before this round; nil likewise.
    package let factor: Double?
    /// Mean query cross-entropy after adaptation, over validation episodes; in nats.
    package let loss: Double
    /// Whether it was the best so far and the search went on from it; nil likewise.
    package let kept: Bool?

    /// A trial from its parts.
    package init(update: Int?, role: String, rate: Double?, factor: Double?, loss: Double, kept: Bool?) {
      self.update = update
      self.role = role
      self.rate = rate
      self.factor = factor
      self.loss = loss
      self.kept = kept
    }
  }

  /// How many numbers an arm has.
  package struct ParameterCounts: Codable, Sendable {
    /// All numbers of the network.
    package var total: Int
    /// Those the inner loop changes.
    package var adapted: Int
    /// All numbers, by the name of their role.
    package var byRole: [String: Int]
    /// The tensors that adapt, by role.
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
    /// Updates of the meta-parameters.
    package var iterations: Int
    /// Training episodes, over all updates.
    package var tasks: Int
    /// Wall time of the updates in seconds, without the search for rates, validation and saving.
    package var seconds: Double
    /// Wall time per training episode in milliseconds, with all workers busy.
    package var msPerTask: Double
    /// The most tensor memory at once, in bytes.
    package var peakBytes: Int
    /// The number of updates after which the evaluated point was found.
    package var bestIteration: Int
    /// The validation accuracy of the evaluated point, a share in 0...1.
    package var validationAccuracy: Double
    /// What the search for initial rates tried.
    package var rateSweep: [RateTrial]
    /// Inner rates of the evaluated point, by path, one per step.
    package var rates: [String: [Double]]
    /// What it took over of a trained network; nil for a drawn start.
    package var start: Start?

    /// From its parts.
    package init(
      iterations: Int, tasks: Int, seconds: Double, msPerTask: Double, peakBytes: Int, bestIteration: Int,
      validationAccuracy: Double, rateSweep: [RateTrial], rates: [String: [Double]], start: Start? = nil
    ) {
      self.start = start
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

  /// One point of the mean adaptation curve of an arm that every result has, also without the speed suite.
  ///
  /// `SpeedResult.Step` has more: the support, times, multiply-adds and movements.
  package struct CurveStep: Codable, Sendable {
    /// Inner steps taken.
    package var step: Int
    /// Mean query accuracy, a share in 0...1.
    package var accuracy: Double
    /// Half-width of its 95 % interval.
    package var ci95: Double
    /// Mean query cross-entropy in nats.
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
    /// The number of test episodes.
    package var episodes: Int
    /// Query accuracy after the trained steps.
    package var accuracy: Estimate
    /// Means after 0, 1, … steps.
    package var curve: [CurveStep]
    /// Mean accuracy over the steps of the curve.
    package var areaUnderCurve: Double
    /// First step that has made 95 % of the way from step 0 to the best; absent if the curve never rises.
    package var stepsTo95Percent: Int?
    /// Wall time per episode in milliseconds, for adaptation and one pass over the query, with all workers busy.
    package var msPerTask: Double
    /// Query accuracy over episodes that share no image with each other; nil if it was not measured.
    ///
    /// Their interval covers the choice of the images too (Lafargue et al. 2024).
    package var disjoint: Disjoint?
    /// Mean query accuracy of the worst tenth of the episodes; nil where an earlier version wrote it.
    package var worstDecile: Estimate?
    /// The same episodes by the data set that their classes come from; nil where the data are no union.
    package var dataSets: [DataSetResult]?

    /// From its parts.
    package init(
      episodes: Int, accuracy: Estimate, curve: [CurveStep], areaUnderCurve: Double,
      stepsTo95Percent: Int? = nil, msPerTask: Double, disjoint: Disjoint? = nil,
      worstDecile: Estimate? = nil
    ) {
      self.episodes = episodes
      self.accuracy = accuracy
      self.curve = curve
      self.areaUnderCurve = areaUnderCurve
      self.stepsTo95Percent = stepsTo95Percent
      self.msPerTask = msPerTask
      self.disjoint = disjoint
      self.worstDecile = worstDecile
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

  /// One arm in a result: what it is, how it was trained, and what was measured, over all its seeds.
  package struct ArmResult: Codable, Sendable {
    /// Its short name in tables, such as `acdc-atoms`.
    package var name: String
    /// The name of the convolution family.
    package var family: String
    /// The learner, as the flag `learner` names it.
    package var learner: String
    /// The selector of what adapts.
    package var adapt: String
    /// The order of the meta-gradient, `first` or `second`.
    package var order: String
    /// ‖second − first‖/‖first‖ of the meta-gradient on one episode; absent without inner steps.
    package var secondOrderShare: Double?
    /// How many numbers the network has and how many of them adapt.
    package var parameters: ParameterCounts
    /// How the first seed was trained.
    package var train: Training
    /// The results on the test episodes; with several seeds, of each episode's mean over them.
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
    /// How far its probabilities can be believed; nil where an earlier version wrote it, as the next two.
    package var calibration: CalibrationChange?
    /// How it does on each class.
    package var classes: [ClassAccuracy]?
    /// Which class it takes for which.
    package var confusion: Confusion?
    /// How it does on further test data, a row for each data set and number of shots; nil without any.
    package var dataSets: [DataSetResult]?
    /// What it reaches with a part of what it adapts; nil if that was not measured.
    package var attribution: [Attribution]?
    /// How robust it is, one line per condition; empty if that was not measured.
    package var robustness: [RobustnessRow]

    /// From its parts.
    package init(
      name: String, family: String, learner: String, adapt: String, order: String,
      secondOrderShare: Double? = nil, parameters: ParameterCounts, train: Training, test: Test,
      options: [String: String], command: String, seeds: [SeedResult], betweenSeedDeviation: Double? = nil,
      speed: SpeedResult? = nil, attribution: [Attribution]? = nil, robustness: [RobustnessRow]
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
      self.attribution = attribution
      self.robustness = robustness
    }
  }

  /// One training of an arm.
  package struct SeedResult: Codable, Sendable {
    /// The seed of its training.
    package var seed: UInt64
    /// The run's folder.
    package var folder: String
    /// Query accuracy on the test episodes, a share in 0...1 with its 95 % interval.
    package var accuracy: Estimate
    /// Wall time of its updates in seconds.
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
