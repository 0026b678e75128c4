internal import Results
package import Settings

extension Plan {
  /// A plan made of settings on top of others.
  ///
  /// Where it comes to start from a run, what the network was trained on and
  /// what body it has hold as in that run unless a setting says otherwise.
  ///
  /// - Parameters:
  ///   - start: What holds where no setting says otherwise.
  ///   - apply: Puts the settings on top of a plan.
  /// - Returns: The plan.
  /// - Throws: What `apply` throws, and what reading the run's configuration throws.
  package static func made(from start: Plan = Plan(), _ apply: (inout Plan) throws -> Void) throws -> Plan {
    var plan = start
    try apply(&plan)
    // What goes on has these settings already.
    guard let path = plan.initialPath, start.initial == nil, RunFolder.holdsRun(path) else { return plan }
    var inherited = start.inheriting(from: try RecordedRun(path).plan, images: plan.data == start.data)
    try apply(&inherited)
    return inherited
  }

  /// The plan with the images of a run, how they are prepared, and the body of its network.
  private func inheriting(from source: Plan, images: Bool) -> Plan {
    var plan = self
    // A split belongs to its images.
    if images {
      (plan.data, plan.split, plan.splitSeed) = (source.data, source.split, source.splitSeed)
      (plan.skipUnreadable, plan.followLinks) = (source.skipUnreadable, source.followLinks)
      plan.rotations = source.rotations
    }
    (plan.imageSize, plan.channels) = (source.imageSize, source.channels)
    (plan.invert, plan.crop, plan.resize) = (source.invert, source.crop, source.resize)
    (plan.backbone, plan.filters) = (source.backbone, source.filters)
    return plan
  }
}
