/// Where the images of a trained run are now, and the file that divides them, where a command says so.
package struct DataPlace: Hashable, Sendable {
  /// Their folders, in the order of the run's; nil for where they were.
  package var data: DataFolders?
  /// `auto` or the split file; nil for the one there was.
  package var split: String?

  /// Where they were.
  package init(data: DataFolders? = nil, split: String? = nil) {
    (self.data, self.split) = (data, split)
  }

  /// A plan with its images there.
  package func applied(to plan: Plan) -> Plan {
    var plan = plan
    plan.data = data ?? plan.data
    plan.split = split ?? plan.split
    return plan
  }
}
