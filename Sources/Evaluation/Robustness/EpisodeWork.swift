internal import Episodes
internal import Images
internal import MetaLearning
internal import Networks

/// All contestants under all conditions on one episode, with nothing done twice: changed images are made once for
/// all contestants and places, and a contestant adapts once to every support.
struct EpisodeWork: Sendable {
  private let contestants: [Contestant]
  private let disturbances: [Disturbance]
  /// `[contestant][disturbance]`: who is asked about the query.
  private let asked: [[Contestant]]
  private let setting: RobustnessSuite.Setting
  private let seed: UInt64
  /// Positions of the disturbances with the same change, in the order of their first.
  private let groups: [[Int]]

  init(
    _ contestants: [Contestant], _ disturbances: [Disturbance], _ setting: RobustnessSuite.Setting,
    seed: UInt64
  ) {
    self.contestants = contestants
    self.disturbances = disturbances
    asked = contestants.map { contestant in
      disturbances.map { $0.statistics.map(contestant.normalising) ?? contestant }
    }
    self.setting = setting
    self.seed = seed
    var groups: [[Int]] = []
    var places: [String: Int] = [:]
    for (i, disturbance) in disturbances.enumerated() {
      let key = disturbance.change.key
      if let place = places[key] {
        groups[place].append(i)
      } else {
        places[key] = groups.count
        groups.append([i])
      }
    }
    self.groups = groups
  }

  /// One score per disturbance of each of some contestants, given by their positions.
  func scores(of description: EpisodeDescription, for chosen: [Int]) throws(DatasetError) -> [[TaskScore]] {
    var episode = try EpisodeVariants(description, of: setting.images, seed: seed)
    let blank = TaskScore(loss: .nan, accuracy: 0)
    var scores = chosen.map { _ in disturbances.map { _ in blank } }
    let clean = chosen.map { k in
      contestants[k].learner.fit(contestants[k].point, to: episode.clean.support)
    }
    for group in groups {
      for (row, k) in chosen.enumerated() {
        let contestant = contestants[k]
        var adapted: Parameters?
        for i in group {
          let disturbance = disturbances[i]
          let task = try task(disturbance, &episode, contestant, clean[row])
          let parameters: Parameters
          if disturbance.changesSupport {
            // The members of a group change the support in the same way.
            parameters = adapted ?? contestant.learner.fit(contestant.point, to: task.support)
            // An attack on the support has no other member that does: its group is one ε, at one place each.
            adapted = parameters
          } else {
            parameters = clean[row]
          }
          scores[row][i] = asked[k][i].learner.assess(parameters, on: task)
        }
      }
      episode.forgetBatches()
    }
    return scores
  }

  /// The task as a disturbance leaves it.
  private func task(
    _ disturbance: Disturbance, _ episode: inout EpisodeVariants, _ contestant: Contestant,
    _ clean: Parameters
  ) throws(DatasetError) -> MetaTask {
    var (support, query) = (episode.clean.support, episode.clean.query)
    switch disturbance.change {
    case .none: break
    case .image(let corruption, let severity):
      if disturbance.changesSupport {
        support = try episode.corrupted(.support, by: corruption, severity: severity)
      }
      if disturbance.changesQuery {
        query = try episode.corrupted(.query, by: corruption, severity: severity)
      }
    case .labels(let noise, let share):
      support = try episode.relabelled(by: noise, share: share, outliers: setting.outlierSource)
    case .attack(let attack, let epsilon):
      var stream = episode.stream("\(attack.rawValue)/\(disturbance.changesSupport ? "support" : "query")")
      if disturbance.changesSupport {
        support = attack.support(contestant, episode.clean, epsilon: epsilon, &stream)
      } else {
        query = attack.query(contestant, clean, episode.clean, epsilon: epsilon, &stream)
      }
    }
    return MetaTask(support: support, query: query)
  }
}
