/// The simplest classifier: the class whose mean support image is nearest in squared distance.
///
/// Its accuracy is what the pixels alone give, without any learning. With one shot it is the
/// nearest support image.
public enum PixelBaseline {
  /// The share of an episode's query images it puts into the right class; ties go to the lower class.
  ///
  /// mean[c] = (1/|S_c|) Σ_{i in S_c} x[i];  class(q) = argmin_c Σ (x[q] − mean[c])²
  ///
  /// - Precondition: every class has a support image.
  public static func accuracy(_ episode: Episode) -> Double {
    let ways = episode.description.classes.count
    let support = rows(episode.support)
    let size = episode.support.channels * episode.support.height * episode.support.width
    var means = [[Float]](repeating: [Float](repeating: 0, count: size), count: ways)
    var counts = [Float](repeating: 0, count: ways)
    for (row, label) in zip(support, episode.support.labels) {
      counts[label] += 1
      for i in 0..<size { means[label][i] += row[i] }
    }
    for c in 0..<ways {
      precondition(counts[c] > 0, "pixel baseline: class \(c) has no support image")
      for i in 0..<size { means[c][i] /= counts[c] }
    }
    let correct = zip(rows(episode.query), episode.query.labels).count { row, label in
      let distances = means.map { squaredDistance(row, $0) }
      return distances.firstIndex(of: distances.min() ?? 0) == label
    }
    return Double(correct) / Double(episode.query.count)
  }

  /// Each image as one row `[C·H·W]`.
  private static func rows(_ images: LabelledImages) -> [[Float]] {
    let plane = images.height * images.width
    return (0..<images.count).map { n in
      var row: [Float] = []
      for c in 0..<images.channels {
        let start = (c * images.count + n) * plane
        row += images.pixels[start..<start + plane]
      }
      return row
    }
  }

  private static func squaredDistance(_ a: [Float], _ b: [Float]) -> Float {
    var sum: Float = 0
    for i in a.indices {
      let difference = a[i] - b[i]
      sum += difference * difference
    }
    return sum
  }
}
