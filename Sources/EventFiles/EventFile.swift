/// Where the events of a run stand.
package enum EventFile {
  /// Their folder below that of the run.
  package static let folder = "tensorboard"

  /// The file of one curve of TensorBoard, below the folder of the run.
  ///
  /// - Parameters:
  ///   - arm: The name of the arm; a `/` in it would be a folder.
  ///   - part: What of it, such as `validation`.
  /// - Returns: A path that TensorBoard takes for an event file.
  package static func name(_ arm: String, _ part: String) -> String {
    place(arm, part) + "/events.out.tfevents.fewshot"
  }

  /// The folder of that file.
  package static func place(_ arm: String, _ part: String) -> String {
    "\(folder)/\(arm.replacing("/", with: "-"))/\(part)"
  }
}
