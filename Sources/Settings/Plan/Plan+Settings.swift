internal import Formats

extension Plan {
  /// Settings that are covered by a hash of the images and their division.
  package static let toldByHash: Set = ["data", "split", "split-seed"]

  /// The resolved settings on which something depends.
  ///
  /// - Parameter isWanted: Whether settings of a scope are wanted.
  /// - Returns: Text by key.
  package func settings(where isWanted: (SettingScope) -> Bool) -> [String: String] {
    let members = resolvedConfiguration.filter { member in
      Self.field(member.key).map { isWanted($0.scope) } ?? false
    }
    return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.plainText) })
  }

  /// What decides, beside the images and their division, which episodes an arm is tested on: arms are compared only
  /// where all of it agrees.
  package var episodeSettings: [String: String] {
    settings { $0 == .episodes }.filter { !Self.toldByHash.contains($0.key) }
  }

  /// Where the images are, and how their classes are divided, as text by key: hashes say whether they are the same.
  package var dataSettings: [String: String] {
    settings { $0 == .episodes }.filter { Self.toldByHash.contains($0.key) }
  }

  /// What a training depends on beside the images and their division, except what adapts, which an arm's name says.
  package var trainingSettings: [String: String] {
    settings { $0 == .episodes || $0 == .training }.filter {
      !Self.toldByHash.contains($0.key) && $0.key != "adapt"
    }
  }

  /// What an arm can share with its reference: the settings of training except the family, what adapts, and the seed.
  package var sharedSettings: [String: String] {
    trainingSettings.filter { !["family", "option", "seed"].contains($0.key) }
  }

  /// What each setting of this plan would be if nobody had set it, resolved, as text by key; what adapts is none of them.
  package var unsetValues: [String: String] {
    Dictionary(
      uniqueKeysWithValues: Self.fields.compactMap { field in
        guard field.key != "adapt" else { return nil }
        var plan = self
        field.clear(&plan)
        return field.write(plan.resolved(adapting: adapt ?? "")).map { (field.key, $0.plainText) }
      })
  }

  /// Which part of an image is kept, as a user writes it.
  package var cropText: String { Self.field("crop")?.write(self)?.plainText ?? "" }

  /// The folders of its images in a message.
  package var dataWords: String { data?.words ?? "built-in glyphs" }

  /// A setting's value in a message, where it may have none.
  package static func words(_ key: String, _ value: String?) -> String {
    if key == "data", let value { return DataFolders(text: value)?.words ?? value }
    return value ?? (key == "data" ? "the built-in glyphs" : "not set")
  }
}
