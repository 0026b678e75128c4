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

  /// The text of `config.json`: ``configuration(environment:)`` with a line end.
  package func configurationText(environment: [JSONValue.Member] = []) -> String {
    // Without the folder, so that running it again does not meet the run it came from.
    var plan = self
    plan.output = nil
    return plan.configuration(environment: environment).text + "\n"
  }
}
