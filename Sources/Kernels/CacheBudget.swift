internal import CVectorKernels

#if canImport(Glibc)
  internal import Glibc
#endif

/// How much of a core's second-level cache (half a megabyte or more) each kind of piece of work may fill, in bytes.
enum CacheBudget {
  /// Padded images, or what is written for them: a quarter, beside packed weights and the other of the two.
  static let block = 128 * 1024
  /// The atom stage of some rows, read by a product while it is fresh.
  static let atomPanel = 192 * 1024
  /// Winograd's transformed kernels: below this they are kept from one panel of tiles to the next, above it made again,
  /// which takes no longer than to fetch them.
  static let keptKernels = 1024 * 1024
  /// Winograd's transformed tiles, and as much for their products, beside kernels in the second-level cache.
  static let tiles = 220 * 1024
  /// Scalars of transformed kernels that leave room for these in this machine's second-level cache.
  ///
  /// No number depends on it, only time.
  static let nearKernels: Int = scalars(max(0, secondLevel - 2 * tiles))

  /// Bytes of a core's second-level cache; half a megabyte where the system does not say.
  private static var secondLevel: Int {
    #if canImport(Glibc)
      return max(512 * 1024, sysconf(Int32(_SC_LEVEL2_CACHE_SIZE)))
    #else
      return 512 * 1024
    #endif
  }

  /// Scalars in so many bytes.
  static func scalars(_ bytes: Int) -> Int { bytes / MemoryLayout<Scalar>.stride }
}

/// Outputs per slab of packed weights.
let lanes = FS_LANES

/// The instruction set that convolutions and normalisation run on, for example `"x86-64-v3"` for AVX2.
package var instructionSet: String { String(cString: fs_instruction_set()) }

extension fs_grid {
  /// Consecutive positions, each so many scalars wide, of an output of `all` scalars; 0 for what is read again soon.
  static func line(_ positions: Int, from: Int, to: Int, all: Int = 0) -> fs_grid {
    fs_grid(
      images: 1, rows: 1, columns: positions, fromImage: 0, fromRow: 0, fromColumn: from, toImage: 0,
      toRow: 0, toColumn: to, toAll: all)
  }
}
