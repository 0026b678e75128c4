internal import Formats
internal import Images

/// The first line as it is in the file.
struct HeaderLine {
  let format: String
  let version: Int
  let dataHash: String
  let split: String
  let ways: Int
  let shots: Int
  let queries: Int
  let fewestWays: Int?
  let sizes: String?
  let sampling: String?
  let seed: UInt64
  let rotations: String?
  let imageSize: Int?
  let channels: Int?
  let crop: Double?
  let resize: String?
  let invert: Bool?

  init(_ fields: JSONFields) throws(EpisodeListError) {
    do {
      format = try fields.required("format", \.string)
      version = try fields.required("version", \.whole)
      dataHash = try fields.required("data_hash", \.string)
      split = try fields.required("split", \.string)
      ways = try fields.required("ways", \.whole)
      shots = try fields.required("shots", \.whole)
      queries = try fields.required("queries", \.whole)
      fewestWays = try fields.optional("fewest_ways", \.whole)
      sizes = try fields.optional("sizes", \.string)
      sampling = try fields.optional("sampling", \.string)
      seed = try fields.required("seed", \.unsigned)
      rotations = try fields.optional("rotations", \.string)
      imageSize = try fields.optional("image_size", \.whole)
      channels = try fields.optional("channels", \.whole)
      crop = try fields.optional("crop", \.double)
      resize = try fields.optional("resize", \.string)
      invert = try fields.optional("invert", \.truth)
    } catch {
      throw faulty(1, error.description)
    }
  }

  func checked() throws(EpisodeListError) -> EpisodeList.Header {
    guard format == "fewshot-episodes", (1...2).contains(version) else {
      throw EpisodeListError(
        line: 1,
        reason: "this is \(printable(format)) version \(version), not fewshot-episodes version 1 or 2",
        remedy: "Use a list made by this program.")
    }
    guard let split = Split(named: split) else { throw faulty(1, "split \(printable(split)) is unknown") }
    for (name, value) in [("ways", ways), ("shots", shots), ("queries", queries)] {
      guard (1...100_000).contains(value) else { throw faulty(1, "\(name) is \(value), not 1...100000") }
    }
    guard ways * (shots + queries) <= 1_000_000 else {
      throw faulty(1, "an episode of \(ways) × (\(shots) + \(queries)) images is larger than 1000000 images")
    }
    guard dataHash.utf8.count <= 128 else { throw faulty(1, "data_hash is longer than any hash") }
    guard let policy = RotationPolicy(rawValue: rotations ?? "none") else {
      throw faulty(1, "rotations \(printable(rotations ?? "")) is not none, class or episode")
    }
    return EpisodeList.Header(
      dataHash: dataHash, split: split, shape: try shape(), seed: seed, rotations: policy,
      preparation: try preparation())
  }

  /// The sizes of the episodes; those of version 1 are all alike.
  private func shape() throws(EpisodeListError) -> EpisodeShape {
    guard version > 1 else { return EpisodeShape(ways: ways, shots: shots, queries: queries) }
    let fewest = fewestWays ?? ways
    guard (1...ways).contains(fewest) else { throw faulty(1, "fewest_ways is \(fewest), not 1...\(ways)") }
    guard let sizes = ClassSizes(rawValue: sizes ?? "equal") else {
      throw faulty(1, "sizes \(printable(self.sizes ?? "")) is not equal, available or variable")
    }
    guard let sampling = ClassSampling(rawValue: sampling ?? "uniform") else {
      throw faulty(1, "sampling \(printable(self.sampling ?? "")) is not uniform or folder")
    }
    return EpisodeShape(
      ways: ways, shots: shots, queries: queries, fewestWays: fewest, sizes: sizes, sampling: sampling)
  }

  private func preparation() throws(EpisodeListError) -> ImagePreparation? {
    guard let imageSize, let channels, let resize, let invert else { return nil }
    guard (1...4096).contains(imageSize), channels == 1 || channels == 3,
      let method = Resize(rawValue: resize)
    else { throw faulty(1, "image_size, channels or resize has no valid value") }
    guard let crop = crop.map(Crop.init(share:)) ?? .whole else {
      throw faulty(1, "crop is no share above 0 and at most 1")
    }
    return ImagePreparation(
      imageSize: imageSize, channels: channels, crop: crop, resize: method,
      invert: invert)
  }
}
