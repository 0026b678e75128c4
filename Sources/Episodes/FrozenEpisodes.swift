public import Images

/// The episode lists kept with the sources, over the built-in glyphs of the default seed.
///
/// They let two programs, or two versions of this one, be judged on the same tasks. Each file is a pure
/// function of its row here, so it can be made again, byte for byte, on any machine.
public enum FrozenEpisodes {
  /// The content of one file.
  public struct Row: Hashable, Sendable {
    /// The split of the glyphs.
    public let split: Split

    /// The ways, shots and queries of every episode.
    public let shape: EpisodeShape

    /// The number of episodes.
    public let count: Int

    /// The seed of the sampler.
    public let seed: UInt64

    /// The file's name, `glyphs-<split>-<ways>w<shots>s-seed<seed>.jsonl`.
    public var fileName: String {
      "glyphs-\(split.rawValue)-\(shape.ways)w\(shape.shots)s-seed\(seed).jsonl"
    }
  }

  /// All files: fewer queries and episodes where the files would grow too large for a repository.
  public static let rows = [
    Row(split: .validation, shape: EpisodeShape(ways: 5, shots: 1, queries: 5), count: 200, seed: 7),
    Row(split: .validation, shape: EpisodeShape(ways: 5, shots: 5, queries: 5), count: 200, seed: 7),
    Row(split: .validation, shape: EpisodeShape(ways: 20, shots: 1, queries: 5), count: 60, seed: 7),
    Row(split: .test, shape: EpisodeShape(ways: 5, shots: 1, queries: 15), count: 600, seed: 7),
    Row(split: .test, shape: EpisodeShape(ways: 5, shots: 5, queries: 15), count: 600, seed: 7),
    Row(split: .test, shape: EpisodeShape(ways: 20, shots: 1, queries: 5), count: 90, seed: 7),
  ]

  /// Draws the list of a row.
  ///
  /// - Parameters:
  ///   - row: One of `rows`.
  ///   - store: The glyph set of the default seed, prepared in any way.
  /// - Returns: The list, without a preparation in its header.
  /// - Throws: `DatasetError` if the store is not of that set's size.
  public static func list(_ row: Row, of store: ImageStore) throws(DatasetError) -> EpisodeList {
    let sampler = try EpisodeSampler(store, split: row.split, shape: row.shape, seed: row.seed)
    var list = try EpisodeList(row.count, from: sampler, of: store)
    list.header.preparation = nil
    return list
  }

  /// Makes all files again.
  ///
  /// - Parameters:
  ///   - folder: The folder they are written to.
  ///   - store: The glyph set of the default seed, prepared in any way.
  /// - Throws: `DatasetError` if a file cannot be written.
  public static func write(to folder: String, of store: ImageStore) throws(DatasetError) {
    for row in rows { try list(row, of: store).write(to: "\(folder)/\(row.fileName)") }
  }
}
