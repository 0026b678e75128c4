internal import Images

/// A data set that episodes are drawn from: the only one, or one of a union.
package struct SampledSet: Hashable, Sendable {
  /// Its position among the folders of the data.
  package let root: Int

  /// Positions of its classes among those of the split.
  let members: [Int]

  /// Those that the classes of an episode can be drawn from, for each choice; one choice unless folders are drawn.
  let pools: [[Int]]

  /// The data sets that have classes in a split, in the order of the folders.
  ///
  /// Where classes come from one folder, a data set of a union that has no folders to choose from is drawn from as a
  /// whole: it is a folder itself.
  ///
  /// - Parameters:
  ///   - store: The images.
  ///   - split: Where the classes come from.
  ///   - shape: Ways, and how classes are drawn.
  ///   - rotations: What rotation does to the classes.
  /// - Returns: At least one where the split has classes.
  /// - Throws: `DatasetError.noClassFolder` if a single data set has no folders to choose from.
  static func all(
    of store: ImageStore, _ split: Split, _ shape: EpisodeShape, _ rotations: RotationPolicy
  ) throws(DatasetError) -> [SampledSet] {
    let (roots, names) = (store.roots, store.classes(in: split).map(\.name))
    let turns = rotations == .class ? 4 : 1
    var sets: [SampledSet] = []
    for root in roots.all.indices {
      let members = names.indices.filter { roots.position(of: names[$0]) == root }
      guard !members.isEmpty else { continue }
      guard shape.sampling == .folder else {
        sets.append(SampledSet(root: root, members: members, pools: [members]))
        continue
      }
      let folders = ClassFolders(
        above: members.map { roots.inside(names[$0]) }, holding: (shape.fewestWays + turns - 1) / turns)
      let pools = folders.members.map { $0.map { members[$0] } }
      guard !pools.isEmpty || roots.isUnion else {
        throw .noClassFolder(split: split, most: folders.most * turns, ways: shape.fewestWays)
      }
      sets.append(SampledSet(root: root, members: members, pools: pools.isEmpty ? [members] : pools))
    }
    return sets
  }
}
