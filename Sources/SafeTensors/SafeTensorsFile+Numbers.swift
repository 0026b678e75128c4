extension SafeTensorsFile.Entry {
  /// A tensor of single-precision numbers.
  ///
  /// - Precondition: the product of `shape` is `floats.count`.
  public init(floats: [Float], shape: [Int]) {
    self.init(elementType: .float32, shape: shape, bytes: littleEndian(floats.map(\.bitPattern)))
  }

  /// A tensor of double-precision numbers.
  ///
  /// - Precondition: the product of `shape` is `doubles.count`.
  public init(doubles: [Double], shape: [Int]) {
    self.init(elementType: .float64, shape: shape, bytes: littleEndian(doubles.map(\.bitPattern)))
  }

  /// A tensor of 64-bit integers.
  ///
  /// - Precondition: the product of `shape` is `int64s.count`.
  public init(int64s: [Int64], shape: [Int]) {
    self.init(elementType: .int64, shape: shape, bytes: littleEndian(int64s))
  }

  /// The elements of an F32 tensor, or those of an F64 tensor rounded to single precision.
  var floats: [Float]? {
    switch elementType {
    case .float32: integers(UInt32.self).map(Float.init(bitPattern:))
    case .float64: integers(UInt64.self).map { Float(Double(bitPattern: $0)) }
    default: nil
    }
  }

  /// The elements of an F64 or F32 tensor.
  var doubles: [Double]? {
    switch elementType {
    case .float32: integers(UInt32.self).map { Double(Float(bitPattern: $0)) }
    case .float64: integers(UInt64.self).map(Double.init(bitPattern:))
    default: nil
    }
  }

  /// The elements of any signed or unsigned integer tensor that fits 64 signed bits.
  var int64s: [Int64]? {
    switch elementType {
    case .uint8: bytes.map(Int64.init)
    case .int8: bytes.map { Int64(Int8(bitPattern: $0)) }
    case .uint16: integers(UInt16.self).map(Int64.init)
    case .int16: integers(Int16.self).map(Int64.init)
    case .uint32: integers(UInt32.self).map(Int64.init)
    case .int32: integers(Int32.self).map(Int64.init)
    case .int64: integers(Int64.self)
    default: nil
    }
  }

  private func integers<T: FixedWidthInteger>(_: T.Type) -> [T] {
    let size = T.bitWidth / 8
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / size).map { T(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * size, as: T.self)) }
    }
  }
}

extension SafeTensorsFile {
  /// The numbers of an F32 or F64 tensor in single precision, row-major.
  ///
  /// - Throws: if there is no such tensor, or its elements are of another type.
  public func floats(_ name: String) throws(SafeTensorsError) -> [Float] {
    try numbers(name, \.floats, "F32 or F64")
  }

  /// The numbers of an F32 or F64 tensor in double precision, row-major.
  ///
  /// - Throws: if there is no such tensor, or its elements are of another type.
  public func doubles(_ name: String) throws(SafeTensorsError) -> [Double] {
    try numbers(name, \.doubles, "F32 or F64")
  }

  /// The numbers of an integer tensor, row-major.
  ///
  /// - Throws: if there is no such tensor, or its elements are of another type (U64 and BOOL included).
  public func int64s(_ name: String) throws(SafeTensorsError) -> [Int64] {
    try numbers(name, \.int64s, "a signed integer type, or U8, U16 or U32")
  }

  private func numbers<T>(
    _ name: String, _ read: (Entry) -> [T]?, _ wanted: String
  ) throws(SafeTensorsError) -> [T] {
    guard let entry = self[name] else {
      throw SafeTensorsError(.noSuchTensor(available: names), tensor: name)
    }
    guard let numbers = read(entry) else {
      throw SafeTensorsError(
        .otherElementType(found: entry.elementType.rawValue, wanted: wanted), tensor: name)
    }
    return numbers
  }
}

private func littleEndian<T: FixedWidthInteger>(_ words: [T]) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(words.count * T.bitWidth / 8)
  for word in words {
    for shift in stride(from: 0, to: T.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> T(shift)))
    }
  }
  return bytes
}
