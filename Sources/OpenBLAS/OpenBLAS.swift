internal import COpenBLAS
internal import Foundation
package import ProcessMemory
internal import Synchronization

/// The OpenBLAS library in this process: matrix products and decompositions on the calling thread.
///
/// Parallelism is over episodes, above. The library is opened at the first use. For each product at the same time it
/// needs a buffer of its own, up to 128 MiB of addresses, and where it gets none it tries again for ever. So all
/// buffers are taken before the first product.
package enum OpenBLAS {
  /// The most that a buffer takes, on any processor.
  package static let bufferBytes = 128 << 20
  /// The addresses of the library itself and of those that it needs.
  private static let libraryBytes = 64 << 20
  /// What has to be left beside the buffers, for the smallest of computations.
  private static let spare = 64 << 20
  /// The most buffers that every build of the library has room for.
  private static let most = 50

  private static let failure: String? = fs_blas_open().map { String(cString: $0) }
  private static let held = Mutex(0)
  /// Where nothing was prepared, the first product prepares for as many callers as there can be.
  private static let ready: Void = {
    guard held.withLock({ $0 == 0 }) else { return }
    do throws(SystemShortage) {
      try prepare(callers: ProcessInfo.processInfo.activeProcessorCount, canBeFewer: false)
    } catch {
      error.end()
    }
  }()

  /// Opens the library and takes a buffer for each caller.
  ///
  /// - Parameters:
  ///   - callers: How many products there may be at the same time; no more are than the machine has cores.
  ///   - canBeFewer: Whether a command was told how many workers it has.
  /// - Throws: `SystemShortage` if the library or the memory is not there.
  package static func prepare(callers: Int, canBeFewer: Bool = true) throws(SystemShortage) {
    try open()
    let wanted = min(max(1, callers), ProcessInfo.processInfo.activeProcessorCount, most)
    try held.withLock { (held) throws(SystemShortage) in
      guard wanted > held else { return }
      let bytes = (wanted - held) * bufferBytes
      guard AddressSpace.canMap(bytes + spare) else {
        throw shortage(callers: wanted, bytes: bytes, canBeFewer: canBeFewer)
      }
      // Where it cannot be told to, it takes them one by one, and there was room for all.
      fs_blas_hold(CInt(wanted))
      held = wanted
    }
  }

  /// Memory that the buffers of so many callers do not get.
  private static func shortage(callers: Int, bytes: Int, canBeFewer: Bool = true) -> SystemShortage {
    .memory(
      callers == 1
        ? "OpenBLAS needs 128 MiB for its buffer; with what is computed that is"
        : "OpenBLAS needs 128 MiB for each of \(callers) workers; with what is computed that is",
      bytes + spare, advice: callers > 1 && canBeFewer ? "Use --threads 1" : nil)
  }

  /// Opens the library.
  private static func open() throws(SystemShortage) {
    // What the system's loader says of a library that finds no addresses does not name the limit.
    if held.withLock({ $0 == 0 }), AddressSpace.left != nil, !AddressSpace.canMap(libraryBytes) {
      throw shortage(callers: 1, bytes: libraryBytes + bufferBytes)
    }
    guard let failure else { return }
    throw SystemShortage(
      "OpenBLAS, the library for matrix products, cannot be used: \(failure).\n"
        + (AddressSpace.words.map { "The limit \($0) may be too low for it. " } ?? "")
        + "If it is not there, install it: apt install libopenblas0.")
  }

  /// Ends the process if the library cannot be opened.
  private static func requireLibrary() {
    do throws(SystemShortage) { try open() } catch { error.end() }
  }

  /// `c[m, n] = a·b` in 32 bits, row-major, each operand optionally transposed, with row strides.
  package static func multiply(
    m: Int, n: Int, k: Int, a: UnsafePointer<Float>, lda: Int, transposeA: Bool, b: UnsafePointer<Float>,
    ldb: Int, transposeB: Bool, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    _ = ready
    fs_blas_sgemm(
      transposeA, transposeB, CInt(m), CInt(n), CInt(k), a, CInt(lda), b, CInt(ldb), c, CInt(ldc))
  }

  /// `c[m, n] = a·b` in 64 bits, row-major, each operand optionally transposed, with row strides.
  package static func multiply(
    m: Int, n: Int, k: Int, a: UnsafePointer<Double>, lda: Int, transposeA: Bool, b: UnsafePointer<Double>,
    ldb: Int, transposeB: Bool, c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    _ = ready
    fs_blas_dgemm(
      transposeA, transposeB, CInt(m), CInt(n), CInt(k), a, CInt(lda), b, CInt(ldb), c, CInt(ldc))
  }

  /// The thin singular value decomposition A = U·diag(s)·Vᵀ of a column-major matrix.
  ///
  /// - Parameters:
  ///   - a: `[m, n]`; it is overwritten.
  ///   - m: Rows.
  ///   - n: Columns.
  /// - Returns: U `[m, r]`, s `[r]` and Vᵀ `[r, n]` with r = min(m, n), column-major.
  /// - Precondition: all numbers are finite, and there is one.
  /// - Source: LAPACK, dgesdd (divide and conquer).
  package static func decompose(_ a: inout [Double], m: Int, n: Int) -> (
    u: [Double], s: [Double], vt: [Double]
  ) {
    _ = ready
    let rank = min(m, n)
    var s = [Double](repeating: 0, count: rank)
    var u = [Double](repeating: 0, count: m * rank)
    var vt = [Double](repeating: 0, count: n * rank)
    var integers = [CInt](repeating: 0, count: 8 * rank)
    func run(_ work: inout [Double], _ size: Int) {
      let info = fs_blas_dgesdd(
        CInt(m), CInt(n), &a, &s, &u, &vt, CInt(rank), &work, CInt(size), &integers)
      precondition(info == 0, "dgesdd gave \(info) for a finite matrix")
    }
    // Asked for a size of -1 it gives the best one.
    var work = [0.0]
    run(&work, -1)
    let size = Int(work[0])
    work = [Double](repeating: 0, count: size)
    run(&work, size)
    return (u, s, vt)
  }

  /// The processor core whose kernels OpenBLAS picked, for example `"SkylakeX"`.
  package static var coreName: String {
    requireLibrary()
    return fs_blas_core().map { String(cString: $0) } ?? "unknown"
  }

  /// How the OpenBLAS library was built.
  package static var configuration: String {
    requireLibrary()
    return fs_blas_configuration().map { String(cString: $0) } ?? "unknown"
  }
}
