internal import CVectorKernels

/// Which transforms a Winograd convolution takes.
enum WinogradForm {
  /// Steps of one, either way: F(4×4, 3×3).
  case unit
  /// Steps of two. Even rows and columns of the padded input meet the outer two taps, by F(4, 2), and odd ones the
  /// middle tap, without a transform.
  case strided
  /// From the output of a step of two back to its input.
  case spread

  /// From the input of a convolution to its output.
  static func forward(_ g: ConvGeometry) -> WinogradForm { g.stride == 1 ? .unit : .strided }
  /// From the output of a convolution to its input.
  static func towardsInput(_ g: ConvGeometry) -> WinogradForm { g.stride == 1 ? .unit : .spread }

  /// The form's name in C.
  var code: fs_form {
    switch self {
    case .unit: FS_UNIT
    case .strided: FS_STRIDED
    case .spread: FS_SPREAD
    }
  }

  /// Rows that a tile has in each of the 36 products.
  var rows: [Int] { self == .unit ? Self.single : Self.several }
  /// All of them: multiply-adds of a tile for a pair of channels.
  var products: Int { self == .unit ? 36 : 81 }

  private static let single = [Int](repeating: 1, count: 36)
  private static let several = (0..<36).map { ($0 / 6 == 5 ? 4 : 1) * ($0 % 6 == 5 ? 4 : 1) }
}
