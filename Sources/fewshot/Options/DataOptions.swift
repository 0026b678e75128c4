import ArgumentParser
import Settings

/// Where images come from and how they are prepared.
struct DataOptions: SettingsGroup {
  @Option(help: .field("data"), completion: .field("data")) var data: [String] = []
  @Option(help: .field("split"), completion: .field("split")) var split: String?
  @Option(help: .field("split-seed"), completion: .field("split-seed")) var splitSeed: String?
  @Option(help: .field("image-size"), completion: .field("image-size")) var imageSize: String?
  @Option(help: .field("channels"), completion: .field("channels")) var channels: String?
  @Flag(inversion: .prefixedNo, help: .toggle("invert")) var invert: Bool?
  @Option(help: .field("crop"), completion: .field("crop")) var crop: String?
  @Option(help: .field("resize"), completion: .field("resize")) var resize: String?
  @Option(help: .field("rotations"), completion: .field("rotations")) var rotations: String?
  @Flag(inversion: .prefixedNo, help: .toggle("skip-unreadable")) var skipUnreadable: Bool?
  @Flag(inversion: .prefixedNo, help: .toggle("follow-links")) var followLinks: Bool?

  func validate() throws { try Self.refuseEmpty(data) }

  /// Refuses a `--data` without a path.
  static func refuseEmpty(_ data: [String]) throws {
    if data.contains("") { throw ValidationError("--data is empty. Give a folder, or leave it out.") }
  }

  var settings: [Setting] {
    Self.given([
      "data": DataFolders(data)?.text, "split": split, "split-seed": splitSeed,
      "image-size": imageSize, "channels": channels,
      "invert": invert.map { "\($0)" }, "crop": crop, "resize": resize, "rotations": rotations,
      "skip-unreadable": skipUnreadable.map { "\($0)" }, "follow-links": followLinks.map { "\($0)" },
    ])
  }
}
