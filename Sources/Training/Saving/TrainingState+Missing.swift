package import Results

extension TrainingState {
  /// Writes the checkpoints of a training that has ended, where they were removed while it went on.
  ///
  /// - Parameter store: Where the arm keeps its states.
  /// - Throws: ``RunFolderError``.
  package func writeMissing(to store: StateStore) throws(RunFolderError) {
    // Without any validation there are none.
    guard let best, validated > 0 else { return }
    let folder = store.folder
    if !folder.holds(store.bestCheckpoint) {
      try folder.write(
        Checkpoint.encode(best.point, of: bestArm, after: best.iteration, accuracy: best.accuracy),
        to: store.bestCheckpoint)
    }
    if !folder.holds(store.lastCheckpoint) {
      let accuracy = best.iteration == validated ? ["validation_accuracy": "\(best.accuracy)"] : [:]
      try folder.write(
        Checkpoint.encode(
          point, of: arm, metadata: ["iteration": "\(validated)"].merging(accuracy) { $1 }),
        to: store.lastCheckpoint)
    }
  }
}
