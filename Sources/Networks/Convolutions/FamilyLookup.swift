extension [any ConvFamily.Type] {
  /// The family of a name with the given settings.
  ///
  /// - Throws: If there is no such family or a setting cannot be; the error lists what there is.
  public func family(named name: String, options: [String: String] = [:]) throws(ConfigurationError)
    -> any ConvFamily
  {
    guard let type = first(where: { $0.name == name }) else {
      throw ConfigurationError(
        field: "family", value: name, reason: "there is no such convolution family",
        remedy: "Use \(map { $0.name }.joined(separator: ", "))")
    }
    return try type.init(OptionValues(options, for: type))
  }
}
