internal import Foundation
internal import Kernels

/// Notices when OpenBLAS runs on kernels older than the processor.
///
/// Matrix products (heads, and kernels built from factors) are then at half speed. Convolutions have kernels of their
/// own.
package enum BLASAdvice {
  /// What to tell the user, if anything.
  static var warning: String? {
    let flags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    return warning(
      core: Gemm.coreName, hasAVX512: flags.contains(" avx512f"),
      forced: ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"])
  }

  /// The decision, apart from where the facts come from.
  ///
  /// - Parameters:
  ///   - core: The core OpenBLAS uses.
  ///   - hasAVX512: Whether the processor has AVX-512.
  ///   - forced: The value of `OPENBLAS_CORETYPE`, if it is set.
  /// - Returns: A sentence, or nil if all is well.
  package static func warning(core: String, hasAVX512: Bool, forced: String?) -> String? {
    let wide = ["SkylakeX", "Cooperlake", "SapphireRapids", "Zen4", "Zen5"]
    guard hasAVX512, !wide.contains(core) else { return nil }
    let cause =
      forced.map { "OPENBLAS_CORETYPE=\($0) forces them; unset it" }
      ?? "a newer OpenBLAS may know the processor"
    return
      "OpenBLAS uses its \(core) kernels, although the processor has AVX-512, so they run at about half speed (\(cause))"
  }
}
