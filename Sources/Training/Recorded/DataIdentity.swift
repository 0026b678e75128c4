package import Files
package import Images
package import Networks
package import Settings

/// Which images a network was trained on, and how their classes were divided: by hashes, wherever they are.
///
/// Whatever asks a trained network compares it, so that no class of training passes for one of the test.
package struct DataIdentity: Hashable, Sendable {
  /// Hash of all images; nil where a folder does not say.
  package let images: String?
  /// Hash of which class belongs to which split; nil where a folder does not say.
  package let division: String?

  /// That of the images of a run.
  package init(_ store: ImageStore) { (images, division) = (store.dataHash, store.divisionHash) }

  /// What a run noted in its configuration.
  package init(_ file: ConfigurationFile) {
    images = file.environment[RunIdentity.images]
    division = file.environment[RunIdentity.split]
  }

  /// Where it is not known, as of two arms of one run.
  package init() { (images, division) = (nil, nil) }

  /// How some data differ from these, as in "its images are not those"; nil if they do not, as far as is known.
  package func difference(to other: DataIdentity) -> String? {
    if let images, let others = other.images, images != others { return "its images are not those" }
    if let division, let others = other.division, division != others {
      return "its classes are not divided as those"
    }
    return nil
  }

  /// Whether both hashes are known.
  package var isWhole: Bool { images != nil && division != nil }

  /// How some data differ from these: by hashes, and by where they are unless all hashes are known.
  ///
  /// - Parameters:
  ///   - other: The other data.
  ///   - places: The settings that say where these are.
  ///   - others: Those of the other data.
  /// - Returns: For example "its images are not those"; nil if they do not differ.
  package func difference(
    to other: DataIdentity, at places: [String: String], and others: [String: String]
  ) -> String? {
    if let difference = difference(to: other) { return difference }
    return isWhole && other.isWhole || places == others ? nil : "its images may not be those"
  }

  /// Why a network may not be asked about some data; nil if it may.
  ///
  /// - Parameters:
  ///   - data: The data that were found.
  ///   - folder: The folder of the run that trained it.
  ///   - canBePointed: Whether the command has the flags that name other places.
  /// - Returns: An error that says what to do; nil if the data are the run's, as far as is known.
  package func refusal(
    of data: RunData, trainedIn folder: String, canBePointed: Bool = true
  ) -> ConfigurationError? {
    difference(to: DataIdentity(data.store)).map { difference in
      ConfigurationError(
        field: "data", value: data.place,
        reason: "\(difference) that \(folder) was trained on"
          + (data.store.roots.isUnion ? ", or its folders have other names or another order" : "")
          + ", so training classes may be tested",
        remedy: canBePointed
          ? "Put images and division back as they were, name a copy of them with --data and --split, or train again"
          : "Put images and division back as they were, or train again")
    }
  }
}

extension ImageStore {
  /// A hash of which class belongs to which split, and of which image to which class where a list says so.
  ///
  /// SHA-256 over one line `<split><tab><class>` for each class, and below it one line `<tab><image>` for each of its
  /// images that is not below a folder of its name.
  package var divisionHash: String {
    let lines = classes.flatMap { item in
      ["\(item.split?.rawValue ?? "none")\t\(item.name)\n"]
        + item.images.filter { !$0.hasPrefix(item.name + "/") }.map { "\t\($0)\n" }
    }
    return ContentHash.sha256(Array(lines.joined().utf8))
  }
}

extension RunData {
  /// Reads the images that a network was trained on, and draws the evaluation episodes of its run.
  ///
  /// - Parameters:
  ///   - plan: The run's plan.
  ///   - folder: The run's folder, for messages.
  ///   - identity: What the images must be; nil where the caller compares it.
  ///   - progress: Receives reports on the work.
  /// - Throws: ``TrainedDataError`` if they are not there or cannot be used, ``ConfigurationError`` if they are others.
  package init(
    _ plan: Plan, trainedIn folder: String, being identity: DataIdentity? = nil,
    progress: any ProgressReporter
  ) throws {
    do {
      try self.init(plan, progress: progress)
    } catch let error as DatasetError where TrainedDataError.explains(error) {
      throw TrainedDataError(folder: folder, error: error)
    }
    if let refusal = identity?.refusal(of: self, trainedIn: folder) { throw refusal }
  }
}
