package import Formats

extension Plan {
  /// Every field that is set, by its key, in order: what `config.json` holds.
  package var resolvedConfiguration: [JSONValue.Member] {
    Self.fields.compactMap { field in
      field.write(self).map { JSONValue.Member(field.key, $0) }
    }
  }

  /// All settings as a document that `--config` reads again.
  ///
  /// - Parameter environment: What else to keep: program version, data hash, host and the like. The schema stands
  ///   with it, since every other name is that of a flag. Reading the document again passes all of it over.
  /// - Returns: An object.
  package func configuration(environment: [JSONValue.Member] = []) -> JSONValue {
    .object(
      resolvedConfiguration + [
        .init(ConfigurationFile.environmentKey, .object([DocumentSchema.member] + environment))
      ])
  }

  /// The text of `config.json`: every resolved setting, which of them were not set, and where the images are.
  ///
  /// - Parameters:
  ///   - resolved: This plan with all that follows from other settings; nil for what is set alone.
  ///   - folder: Where the file will be; nil notes no places.
  ///   - environment: What else to keep.
  /// - Returns: ``configuration(environment:)`` with a line end.
  package func configurationText(
    resolved: Plan? = nil, in folder: String? = nil, environment: [JSONValue.Member] = []
  ) -> String {
    // Without the folder, so that running it again does not meet the run it came from.
    var plan = resolved ?? self
    plan.output = nil
    let followed = plan.resolvedConfiguration.compactMap { $0.without(resolvedConfiguration) }
    let places = folder.map { folder in
      plan.namedPaths.map { JSONValue.Member($0, SavedPlace(of: $0, beside: folder).document) }
    }
    let notes = [
      (ConfigurationFile.followedKey, followed), (ConfigurationFile.placesKey, places ?? []),
    ].filter { !$0.1.isEmpty }
    return plan.configuration(environment: environment + notes.map { .init($0.0, .object($0.1)) }).text + "\n"
  }
}

extension JSONValue.Member {
  /// What of a setting does not stand among others: all or nothing, and of pairs those whose names do not.
  fileprivate func without(_ others: [JSONValue.Member]) -> JSONValue.Member? {
    guard let other = others.first(where: { $0.key == key }) else { return self }
    guard case .object(let pairs) = value, case .object(let theirs) = other.value else { return nil }
    let rest = pairs.filter { pair in !theirs.contains { $0.key == pair.key } }
    return rest.isEmpty ? nil : JSONValue.Member(key, .object(rest))
  }
}

extension Plan {
  /// The settings that name a folder or a file.
  static let paths: Set = ["data", "split", "initial"]

  /// The folders and the file that it names.
  fileprivate var namedPaths: [String] {
    (data?.all ?? []) + [split == "auto" ? nil : split, initial].compactMap { $0 }
  }
}
