#if DoublePrecision
  /// The one scalar type of the package: 64 bits under the `DoublePrecision` trait.
  public typealias Scalar = Double
#else
  /// The one scalar type of the package: 32 bits, unless the `DoublePrecision` trait is on.
  public typealias Scalar = Float
#endif

/// Where a kernel reads from: contiguous, row-major.
package typealias Source = UnsafePointer<Scalar>

/// Where a kernel writes to: contiguous, row-major, not overlapping any source.
package typealias Target = UnsafeMutablePointer<Scalar>
