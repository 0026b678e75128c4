package import Results

extension TrainingState {
  /// Writes the checkpoints of a training that has ended, those of one without updates, and where they were removed while it
  /// went on.
  ///
  /// - Parameter store: Where the arm keeps its states.
  /// - Throws: ``RunFolderError``.
  package func writeMissing(to store: StateStore) throws(RunFolderError) {
    let folder = store.folder
    if !folder.holds(store.bestCheckpoint) {
      // Without updates nothing was validated, and the start itself is tested.
      try folder.write(
        best.map { Checkpoint.encode($0.point, of: bestArm, after: $0.iteration, accuracy: $0.accuracy) }
          ?? Checkpoint.encode(point, of: arm, metadata: ["iteration": "0"]), to: store.bestCheckpoint)
    }
    if !folder.holds(store.lastCheckpoint) {
      let accuracy = best.flatMap {
        $0.iteration == validated ? ["validation_accuracy": "\($0.accuracy)"] : nil
      }
      try folder.write(
        Checkpoint.encode(
          point, of: arm, metadata: ["iteration": "\(validated)"].merging(accuracy ?? [:]) { $1 }),
        to: store.lastCheckpoint)
    }
  }
}
