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

  /// What decides which episodes an arm is tested on: arms are compared only where all of it agrees.
  package var episodeSettings: [String: String] { settings { $0 == .episodes } }

  /// What a training depends on, except what adapts, which an arm's name says.
  package var trainingSettings: [String: String] {
    var settings = settings { $0 == .episodes || $0 == .training }
    settings["adapt"] = nil
    return settings
  }

  /// What an arm can share with its reference: the settings of training except the family, what adapts, and the seed.
  package var sharedSettings: [String: String] {
    trainingSettings.filter { !["family", "option", "seed"].contains($0.key) }
  }

  /// A setting's value in a message, where it may have none.
  package static func words(_ key: String, _ value: String?) -> String {
    value ?? (key == "data" ? "the built-in glyphs" : "not set")
  }
}
