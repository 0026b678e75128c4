internal import Episodes
internal import Images
internal import MetaLearning
internal import Networks

/// All candidates under all conditions on one episode, with nothing computed twice: changed images are made once for
/// all candidates and sides, and a candidate adapts once to every support.
struct EpisodeWork: Sendable {
  private let candidates: [Candidate]
  private let perturbations: [Perturbation]
  /// `[candidate][perturbation]`: the candidate that predicts the query, with its statistics.
  private let asked: [[Candidate]]
  private let setting: RobustnessSuite.Setting
  private let place: CorruptionPlace
  private let seed: UInt64
  /// Positions of the perturbations with the same change, in the order of the first of each.
  private let groups: [[Int]]

  init(
    _ candidates: [Candidate], _ perturbations: [Perturbation], _ setting: RobustnessSuite.Setting,
    corruptingAt place: CorruptionPlace, seed: UInt64
  ) {
    self.candidates = candidates
    self.perturbations = perturbations
    asked = candidates.map { candidate in
      perturbations.map { $0.statistics.map(candidate.normalising) ?? candidate }
    }
    self.setting = setting
    self.place = place
    self.seed = seed
    var groups: [[Int]] = []
    var positions: [String: Int] = [:]
    for (i, perturbation) in perturbations.enumerated() {
      let key = perturbation.change.key
      if let position = positions[key] {
        groups[position].append(i)
      } else {
        positions[key] = groups.count
        groups.append([i])
      }
    }
    self.groups = groups
  }

  /// One score per perturbation of each of some candidates, given by their positions.
  func scores(
    of description: EpisodeDescription, for chosen: [Int]
  ) throws(DatasetError) -> [[PerturbedScore]] {
    var episode = try EpisodeVariants(description, of: setting.images, corruptedAt: place, seed: seed)
    let blank = PerturbedScore(score: TaskScore(loss: .nan, accuracy: 0), squaredChange: nil)
    var scores = chosen.map { _ in perturbations.map { _ in blank } }
    let clean = chosen.map { k in
      candidates[k].learner.fit(candidates[k].point, to: episode.clean.support)
    }
    for group in groups {
      for (row, k) in chosen.enumerated() {
        let candidate = candidates[k]
        var adapted: Parameters?
        for i in group {
          let perturbation = perturbations[i]
          let (task, change) = try task(perturbation, &episode, candidate, clean[row])
          let parameters: Parameters
          if perturbation.changesSupport {
            // The members of a group change the support in the same way.
            parameters = adapted ?? candidate.learner.fit(candidate.point, to: task.support)
            // An attack on the support has no other member that does: its group is one ε, once on each side.
            adapted = parameters
          } else {
            parameters = clean[row]
          }
          scores[row][i] = PerturbedScore(
            score: asked[k][i].learner.assess(parameters, on: task), squaredChange: change?.mean)
        }
      }
      episode.forgetBatches()
    }
    return scores
  }

  /// The task as a perturbation leaves it, and how far it moved the images that it changed; nil if it changes none.
  private func task(
    _ perturbation: Perturbation, _ episode: inout EpisodeVariants, _ candidate: Candidate,
    _ clean: Parameters
  ) throws(DatasetError) -> (MetaTask, SquaredChange?) {
    var (support, query) = (episode.clean.support, episode.clean.query)
    var change: SquaredChange?
    switch perturbation.change {
    case .none: break
    case .image(let corruption, let severity):
      var both = SquaredChange()
      if perturbation.changesSupport {
        let changed = try episode.corrupted(.support, by: corruption, severity: severity)
        support = changed.batch
        both += changed.change
      }
      if perturbation.changesQuery {
        let changed = try episode.corrupted(.query, by: corruption, severity: severity)
        query = changed.batch
        both += changed.change
      }
      change = both
    case .labels(let noise, let share):
      support = try episode.relabelled(by: noise, share: share, outliers: setting.outlierSource)
    case .attack(let attack, let epsilon):
      let side: Side = perturbation.changesSupport ? .support : .query
      var stream = episode.stream("\(attack.rawValue)/\(side.rawValue)")
      if perturbation.changesSupport {
        support = attack.support(candidate, episode.clean, epsilon: epsilon, &stream)
        change = SquaredChange(from: episode.clean.support, to: support)
      } else {
        query = attack.query(candidate, clean, episode.clean, epsilon: epsilon, &stream)
        change = SquaredChange(from: episode.clean.query, to: query)
      }
    }
    return (MetaTask(support: support, query: query), change)
  }
}

/// What one candidate has in one episode under one condition, as it is kept.
struct PerturbedScore: Codable, Sendable {
  let score: TaskScore
  /// Mean square of what the condition changed in the values of its images; nil where it changes no image.
  let squaredChange: Double?
}
