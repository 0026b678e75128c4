internal import Corruptions

extension RobustnessSuite {
  /// A few conditions, for the report that every run ends with.
  ///
  /// Five corruptions at severity 3, on the query and on both sides; 40 % of the labels swapped; statistics of the
  /// support only.
  ///
  /// - Parameters:
  ///   - seed: The seed of everything random in the perturbations.
  ///   - own: The statistics that candidates normalise by anyway.
  ///   - place: Where images are corrupted.
  /// - Returns: The suite.
  public static func short(
    seed: UInt64, own: NormalisationStatistics = .batch, corruptingAt place: CorruptionPlace = .network
  ) -> RobustnessSuite {
    let chosen: Set<String> = ["gaussian-noise", "motion-blur", "contrast", "occlusion", "rotation"]
    let images = CorruptionRegistry.corruptions.filter { chosen.contains($0.name) }.flatMap { corruption in
      [Side.query, .both].map { Perturbation.corruption(corruption, severity: 3, $0) }
    }
    return RobustnessSuite(
      images + [.labels(.symmetric, share: 0.4), .normalisation(own == .support ? .batch : .support)],
      seed: seed, corruptingAt: place)
  }

  /// Everything: all corruptions at all severities and on every side, label noise, shifts, statistics and attacks.
  ///
  /// The other statistics are crossed with severity 3 of every corruption on the query. The attacks take most of the time:
  /// ten steps through the inner loop for every ε of the projected one.
  ///
  /// - Parameters:
  ///   - seed: The seed of everything random in the perturbations.
  ///   - own: The statistics that candidates normalise by anyway.
  ///   - place: Where images are corrupted.
  ///   - withAttacks: Whether attacks are included.
  /// - Returns: The suite.
  public static func full(
    seed: UInt64, own: NormalisationStatistics = .batch, corruptingAt place: CorruptionPlace = .network,
    withAttacks: Bool = true
  ) -> RobustnessSuite {
    let corruptions = CorruptionRegistry.corruptions
    var all: [Perturbation] = corruptions.flatMap { corruption in
      (1...5).flatMap { severity in
        Side.allCases.map { Perturbation.corruption(corruption, severity: severity, $0) }
      }
    }
    all += LabelNoise.allCases.flatMap { noise in
      [0.2, 0.4, 0.6].map { Perturbation.labels(noise, share: $0) }
    }
    all += CorruptionRegistry.shifts.flatMap { shift in Side.allCases.map { Perturbation.shift(shift, $0) } }
    for statistics in NormalisationStatistics.allCases where statistics != own {
      all.append(.normalisation(statistics))
      all += corruptions.map { .corruption($0, severity: 3, .query, statistics: statistics) }
    }
    if withAttacks {
      for side in [Side.support, .query] {
        all += [2.0, 4, 8, 16].map { .attack(.fgsm, epsilon: $0 / 255, side) }
        all += [4.0, 8].map { .attack(.pgd, epsilon: $0 / 255, side) }
      }
    }
    return RobustnessSuite(all, seed: seed, corruptingAt: place)
  }
}
