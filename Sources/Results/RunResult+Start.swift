internal import Foundation

extension RunResult {
  /// What an arm took over of the trained network it began at.
  package struct Start: Codable, Sendable {
    /// How near one convolution came to its kernel.
    package struct Layer: Codable, Sendable {
      /// The path of the convolution.
      package var path: String
      /// ‖W′ − W‖ / ‖W‖ of kernel W and its fit W′.
      package var error: Double

      /// From its parts.
      package init(path: String, error: Double) {
        self.path = path
        self.error = error
      }
    }

    /// The run's folder or the checkpoint, as the plan names it.
    package var initial: String
    /// ‖W′ − W‖ / ‖W‖ over all kernels together; 0 where they were copied.
    package var error: Double
    /// One entry for each convolution that was fitted; empty where all were copied.
    package var layers: [Layer]
    /// Mean accuracy of the nearest class mean on validation episodes, by the features of the network it came from.
    package var accuracyBefore: Double
    /// The same by those of the arm, before it is trained any further.
    package var accuracyAfter: Double
    /// How many episodes these are means of.
    package var episodes: Int

    /// From its parts.
    package init(
      initial: String, error: Double, layers: [Layer], accuracyBefore: Double, accuracyAfter: Double,
      episodes: Int
    ) {
      self.initial = initial
      self.error = error
      self.layers = layers
      self.accuracyBefore = accuracyBefore
      self.accuracyAfter = accuracyAfter
      self.episodes = episodes
    }

    /// From what ``text`` wrote.
    ///
    /// - Throws: If it is something else.
    package init(_ text: String) throws {
      self = try JSONDecoder().decode(Start.self, from: Data(text.utf8))
    }

    /// The same on one line, every number exact.
    package var text: String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      // Finite numbers and text always encode.
      return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
  }
}
