package import Formats

extension Plan {
  /// Every field that is set, by its key, in order: what `config.json` holds.
  package var resolvedConfiguration: [JSONValue.Member] {
    Self.fields.compactMap { field in
      field.write(self).map { JSONValue.Member(field.key, $0) }
    }
  }

  /// The text of `config.json`, which `--config` reads again.
  ///
  /// - Parameter environment: What else to keep: program version, data hash, host and the like. Reading the
  ///   file again passes it over.
  /// - Returns: A JSON document with a line end.
  package func configurationText(environment: [JSONValue.Member] = []) -> String {
    // Without the folder, so that running it again does not meet the run it came from.
    var members = resolvedConfiguration.filter { $0.key != "output" }
    if !environment.isEmpty {
      members.append(JSONValue.Member(ConfigurationFile.environmentKey, .object(environment)))
    }
    return JSONValue.object(members).text + "\n"
  }
}
