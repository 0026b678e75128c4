import Dispatch
internal import Files
internal import Formats
internal import Foundation
import Synchronization

/// Turns arrays of images into a tree of class folders, `<split>/<class>/<number>.png`.
///
/// The PNG files are stored, not packed, so that they, and the hash of the data set, are the same on every machine.
/// The tree is built beside its folder and appears there whole, or not at all.
public struct ArrayImport: Sendable {
  /// One file of arrays, and the split that its images are for; nil for none.
  public struct Part: Sendable {
    let split: Split?
    let arrays: LabelledArrays

    /// From its parts.
    public init(split: Split?, arrays: LabelledArrays) { (self.split, self.arrays) = (split, arrays) }
  }

  private let parts: [Part]

  /// From some files.
  ///
  /// - Throws: `DatasetError.labelList` if some files have a split and others none.
  public init(_ parts: [Part]) throws(DatasetError) {
    self.parts = parts
    guard let first = parts.first,
      let other = parts.first(where: { ($0.split == nil) != (first.split == nil) })
    else { return }
    throw .labelList(
      path: other.arrays.path, line: 0,
      reason:
        "some files of arrays have a split and others none. Give every file one, such as train=FILE, or none."
    )
  }

  /// Makes the tree.
  ///
  /// - Parameters:
  ///   - output: The folder to make; it must not exist, or be empty.
  ///   - threads: How many threads encode.
  ///   - isStopped: Asked now and then; once it is true, nothing is made.
  /// - Returns: What was made.
  /// - Throws: `DatasetError.notWritable`, or `CancellationError` if it was stopped, with nothing left behind.
  public func write(
    to output: String, threads: Int = 2, isStopped: @Sendable () -> Bool = { false }
  ) throws -> ImageImport.Summary {
    var splits: [String: Set<Split?>] = [:]
    var classes: [Split?: Set<String>] = [:]
    var images: [Split?: Int] = [:]
    try wholeFolder(output) { draft in
      for (number, part) in parts.enumerated() {
        // Several files of one split may have the same classes.
        let prefix = parts.count { $0.split == part.split } > 1 ? "\(number + 1)-" : ""
        let hashes = try write(part, prefix, in: draft, threads: max(1, threads), isStopped: isStopped)
        for hash in hashes { splits[hash, default: []].insert(part.split) }
        classes[part.split, default: []].formUnion(part.arrays.labels)
        images[part.split, default: 0] += part.arrays.count
      }
    }
    return ImageImport.Summary(
      parts: ([nil] + Split.allCases.map(Optional.some)).compactMap { split in
        images[split].map { ImageImport.Part(split: split, classes: classes[split]?.count ?? 0, images: $0) }
      },
      skipped: [], leftOut: 0, shared: splits.values.count { $0.count > 1 }, copied: 0, notes: [])
  }

  /// Writes the images of one file.
  ///
  /// - Returns: A hash of the pixels of each.
  private func write(
    _ part: Part, _ prefix: String, in folder: String, threads: Int, isStopped: @Sendable () -> Bool
  ) throws -> [String] {
    let arrays = part.arrays
    let digits = String(arrays.count).count
    let result = Mutex((hashes: Array(repeating: "", count: arrays.count), error: DatasetError?.none))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard i < arrays.count, !isStopped(), result.withLock({ $0.error == nil }) else { return }
        let place = (part.split.map { "\($0.folderName)/" } ?? "") + arrays.labels[i]
        let number = String(i + 1)
        let name = prefix + String(repeating: "0", count: digits - number.count) + number
        let path = "\(folder)/\(place)/\(name).png"
        let pixels = arrays.pixels(i)
        do throws(DatasetError) {
          let bytes: [UInt8]
          do throws(ImageError) {
            bytes = try PNGCodec.encode(
              pixels, width: arrays.width, height: arrays.height, channels: arrays.channels, compression: 0)
          } catch {
            throw .notWritable(path: path, reason: "\(error)")
          }
          try writeDataFile(bytes, to: path)
          let hash = ContentHash.sha256(pixels)
          result.withLock { $0.hashes[i] = hash }
        } catch {
          result.withLock { $0.error = $0.error ?? error }
        }
      }
    }
    if isStopped() { throw CancellationError() }
    let (hashes, error) = result.withLock { $0 }
    if let error { throw error }
    return hashes
  }
}
