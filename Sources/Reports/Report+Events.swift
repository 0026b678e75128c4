internal import Documents
internal import EventFiles
internal import Figures
internal import Foundation
internal import Results

extension Report {
  /// The pictures that TensorBoard shows of a run.
  private static let shown = ["curves", "training", "attribution", "accuracy"]

  /// Writes the main pictures as events, where the folder has event files.
  ///
  /// - Parameters:
  ///   - files: The folder.
  ///   - figures: The pictures of the page.
  /// - Throws: ``RunFolderError`` if they cannot be written, `FigureError` if one cannot be drawn.
  func writeEvents(_ files: RunFolder, _ figures: [Figure]) throws {
    guard files.holds(EventFile.folder) else { return }
    // The time of the result, so that rendering again gives the same bytes.
    let time = try FileManager.default.attributesOfItem(atPath: "\(folder)/results.json")[.modificationDate]
    let seconds = (time as? Date)?.timeIntervalSince1970 ?? 0
    let values = try Self.shown.compactMap { name in figures.first { $0.name == name } }
      .map { figure in
        let (scene, scale) = (figure.picture.scene, 2.0)
        let png = try figure.picture.png(scale: scale)
        return Event.Value(
          figure.name,
          .image(png: png, width: Int(scale * scene.width), height: Int(scale * scene.height)))
      }
    let step = result.arms.map(\.train.iterations).max() ?? 0
    let events = [Event(time: seconds, step: 0, .version), Event(time: seconds, step: step, .values(values))]
    try files.write(Data(events.flatMap(\.record)), to: EventFile.name("report", "figures"))
  }
}
