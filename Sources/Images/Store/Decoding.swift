import Dispatch
internal import Files
import Synchronization

/// Reads, hashes, decodes and prepares many files with a fixed number of threads.
struct Decoding {
  /// The folders the files are relative to; an empty one where their paths say all.
  let roots: DataRoots

  /// Paths in the data set.
  let files: [String]

  /// How many of the first files are decoded; the others are only hashed.
  let decoded: Int

  /// What is done to each image.
  let preparation: ImagePreparation

  /// The largest picture accepted.
  let limit: ImageLimit

  /// All results, in the order of the files, whichever thread made them.
  struct Result {
    var hashes: [String]
    var keys: [UInt64]
    var pixels: [UInt8]
    var traits: [PictureTraits]
    var errors: [BadImage] = []
  }

  /// The results of one thread for a few neighbouring files, before it takes the lock.
  private struct Block {
    var hashes: [String] = []
    var keys: [UInt64] = []
    var pixels: [UInt8] = []
    var traits: [PictureTraits] = []
    var errors: [BadImage] = []
  }

  private static let blockSize = 16

  /// The most a picture's file may take; the largest picture accepted is smaller as it stands in memory.
  private static let fileLimit = 1 << 28

  /// A picture of more pixels waits for its turn, so that memory holds one such picture, not one per thread.
  private static let largePicture = 4_000_000

  /// Does the work with `threads` threads, as far as the machine has cores.
  ///
  /// - Parameters:
  ///   - threads: How many.
  ///   - isStopped: Asked now and then; once it is true, the rest is left undone.
  /// - Returns: The results, whole unless it was stopped.
  func run(threads: Int, isStopped: @Sendable () -> Bool = { false }) -> Result {
    let result = Mutex(
      Result(
        hashes: Array(repeating: "", count: files.count), keys: Array(repeating: 0, count: decoded),
        pixels: Array(repeating: 0, count: decoded * preparation.byteCount),
        traits: Array(repeating: [], count: decoded)))
    let next = Atomic(0)
    let turn = Mutex(())
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let start = next.wrappingAdd(Self.blockSize, ordering: .relaxed).oldValue
        guard start < files.count, !isStopped() else { return }
        let range = start..<min(start + Self.blockSize, files.count)
        let block = process(range, turn)
        result.withLock { store(block, start, &$0) }
      }
    }
    return result.withLock { $0 }
  }

  private func process(_ range: Range<Int>, _ turn: borrowing Mutex<Void>) -> Block {
    var block = Block()
    for i in range {
      do {
        let bytes = try pictureBytes(roots.place(of: files[i]), limit: Self.fileLimit)
        block.hashes.append(ContentHash.sha256(bytes))
        guard i < decoded else { continue }
        let isLarge = DecodedPicture.declaredPixels(bytes) > Self.largePicture
        let image =
          isLarge ? try turn.withLock { _ throws(ImageError) in try prepared(bytes) } : try prepared(bytes)
        block.keys.append(image.key)
        block.pixels += image.pixels
        block.traits.append(image.traits)
      } catch {
        if block.hashes.count == i - range.lowerBound { block.hashes.append("unreadable") }
        guard i < decoded else { continue }
        block.errors.append(BadImage(path: files[i], error: error))
        block.keys.append(0)
        block.traits.append([])
        block.pixels += Array(repeating: 0, count: preparation.byteCount)
      }
    }
    return block
  }

  private func prepared(
    _ bytes: [UInt8]
  ) throws(ImageError) -> (key: UInt64, pixels: [UInt8], traits: PictureTraits) {
    let image = try DecodedPicture(decoding: bytes, limit: limit)
    let pixels = preparation.bytes(of: image)
    return (
      image.contentKey, pixels, PictureTraits(of: image, prepared: pixels, channels: preparation.channels)
    )
  }

  private func store(_ block: Block, _ start: Int, _ result: inout Result) {
    result.hashes.replaceSubrange(start..<start + block.hashes.count, with: block.hashes)
    result.errors += block.errors
    guard !block.keys.isEmpty else { return }
    result.keys.replaceSubrange(start..<start + block.keys.count, with: block.keys)
    result.traits.replaceSubrange(start..<start + block.traits.count, with: block.traits)
    let first = start * preparation.byteCount
    result.pixels.replaceSubrange(first..<first + block.pixels.count, with: block.pixels)
  }
}
