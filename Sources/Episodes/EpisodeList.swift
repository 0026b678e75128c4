internal import Files
public import Images

/// A fixed list of episodes, as kept in a `.jsonl` file: a header line, then one episode a line.
public struct EpisodeList: Hashable, Sendable {
  /// The content of the first line.
  public struct Header: Hashable, Sendable {
    /// The hash of the data set the paths belong to; see `ContentHash.dataset`.
    public var dataHash: String

    /// The split the classes come from.
    public var split: Split

    /// The size of every episode, or how each drew its own.
    public var shape: EpisodeShape

    /// The seed the episodes were drawn with.
    public var seed: UInt64

    /// How rotation made classes.
    public var rotations: RotationPolicy

    /// How the images were prepared, for information; the episodes do not depend on it.
    public var preparation: ImagePreparation?

    /// A header from its parts.
    public init(
      dataHash: String, split: Split, shape: EpisodeShape, seed: UInt64, rotations: RotationPolicy = .none,
      preparation: ImagePreparation? = nil
    ) {
      self.dataHash = dataHash
      self.split = split
      self.shape = shape
      self.seed = seed
      self.rotations = rotations
      self.preparation = preparation
    }
  }

  /// The data, shape and seed of all episodes: the first line.
  public var header: Header

  /// The episodes, in the order of the lines.
  public var episodes: [EpisodeDescription]

  /// A list from its parts, unchecked; see `verify`.
  public init(header: Header, episodes: [EpisodeDescription]) {
    self.header = header
    self.episodes = episodes
  }

  /// Draws the first `count` episodes of a sampler.
  ///
  /// - Parameters:
  ///   - count: How many episodes.
  ///   - sampler: The sampler that draws them.
  ///   - store: The store the sampler was made with.
  /// - Throws: `DatasetError` if an episode cannot be drawn.
  public init(_ count: Int, from sampler: EpisodeSampler, of store: ImageStore) throws(DatasetError) {
    header = Header(
      dataHash: store.dataHash, split: sampler.split, shape: sampler.shape, seed: sampler.seed,
      rotations: sampler.rotations, preparation: store.preparation)
    episodes = []
    for index in 0..<count { episodes.append(try sampler.episode(index)) }
  }

  /// Reads and checks a list: everything that can be known without the images.
  ///
  /// - Parameter path: A `.jsonl` file; it need not be trustworthy.
  /// - Throws: `EpisodeListError` with the number of the line that is wrong.
  public init(contentsOf path: String) throws(EpisodeListError) {
    do {
      try self.init(parsing: contents(ofFile: path))
    } catch let error as EpisodeListError {
      throw error.named(path)
    } catch {
      throw EpisodeListError(file: path, line: 0, reason: "\(error)", remedy: "Check the path.")
    }
  }

  /// Writes the list.
  ///
  /// - Parameter path: The file; folders above it are made.
  /// - Throws: `DatasetError.notWritable`.
  public func write(to path: String) throws(DatasetError) {
    try writeDataFile(Array(text.utf8), to: path)
  }

  /// The file as text, the same for the same list on every machine.
  public var text: String {
    var fields = [
      "\"format\":\"fewshot-episodes\"", "\"version\":\(header.shape.isPlain ? 1 : 2)",
      "\"data_hash\":\(json(header.dataHash))",
      "\"split\":\(json(header.split.rawValue))", "\"ways\":\(header.shape.ways)",
      "\"shots\":\(header.shape.shots)", "\"queries\":\(header.shape.queries)", "\"seed\":\(header.seed)",
      "\"rotations\":\(json(header.rotations.rawValue))",
    ]
    if !header.shape.isPlain {
      fields += [
        "\"fewest_ways\":\(header.shape.fewestWays)", "\"sizes\":\(json(header.shape.sizes.rawValue))",
        "\"sampling\":\(json(header.shape.sampling.rawValue))",
      ]
    }
    if let preparation = header.preparation {
      fields += [
        "\"image_size\":\(preparation.imageSize)", "\"channels\":\(preparation.channels)",
        "\"resize\":\(json(preparation.resize.rawValue))", "\"invert\":\(preparation.invert)",
      ]
      if case .middle(let share) = preparation.crop { fields.append("\"crop\":\(share)") }
    }
    var result = "{\(fields.joined(separator: ","))}\n"
    for episode in episodes {
      let rotations = episode.rotations.map(String.init).joined(separator: ",")
      result +=
        "{\"index\":\(episode.index),\"classes\":\(json(episode.classes)),\"rotations\":[\(rotations)],"
      result += "\"support\":[\(episode.support.map(json).joined(separator: ","))],"
      result += "\"query\":[\(episode.query.map(json).joined(separator: ","))]}\n"
    }
    return result
  }
}

/// What is wrong with an episode list, where, and what to do.
public struct EpisodeListError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, if it came from one.
  public var file: String?

  /// The line, counted from 1; 0 if it is not in one line.
  public let line: Int

  /// What is wrong, as a sentence without its end.
  public let reason: String

  /// What to do about it, as a sentence.
  public let remedy: String

  /// File, line, reason and remedy.
  public var description: String {
    let location = line > 0 ? "\(file ?? "episode list"), line \(line)" : file ?? "episode list"
    return "\(location): \(reason). \(remedy)"
  }

  func named(_ path: String) -> EpisodeListError {
    var error = self
    error.file = path
    return error
  }
}

/// A JSON array of strings.
private func json(_ texts: [String]) -> String { "[\(texts.map(json).joined(separator: ","))]" }

/// A JSON string; control characters are escaped, everything else stands as UTF-8.
private func json(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{0}"..<" ":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
