/// One data set of a union that a run is trained, chosen and tested on.
package struct DataSetFacts: Codable, Hashable, Sendable {
  /// Its name, which stands in front of the names of its classes.
  package var name: String
  /// Its folder.
  package var path: String
  /// The SHA-256 over its files, as if it were alone; see `ContentHash.dataset`.
  package var hash: String
  /// How its classes were divided.
  package var division: String
  /// The number of its classes in train, validation and test.
  package var classes: [Int]
  /// The number of its images there.
  package var images: [Int]

  /// From its parts.
  package init(
    name: String, path: String, hash: String, division: String, classes: [Int], images: [Int]
  ) {
    (self.name, self.path, self.hash, self.division) = (name, path, hash, division)
    (self.classes, self.images) = (classes, images)
  }
}
