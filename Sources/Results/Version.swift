/// The version of this program, as it stands in every result.
package enum Version {
  /// Major, minor, patch.
  package static let current = "0.1.0"
}
