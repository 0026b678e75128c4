/// An array in NumPy's format `.npy`, versions 1 to 3: unsigned bytes, whole numbers, or texts.
struct NumpyArray {
  /// What its elements are.
  enum Kind: Hashable {
    /// Unsigned bytes.
    case bytes
    /// Whole numbers of some bytes.
    case integers(size: Int, isSigned: Bool)
    /// Texts of this many Unicode scalars, zeros at the end.
    case texts(length: Int)
    /// Texts of this many bytes, zeros at the end.
    case byteTexts(length: Int)
  }

  let kind: Kind
  let shape: [Int]
  private let file: [UInt8]
  private let start: Int

  /// Reads the header of an array.
  ///
  /// - Parameter file: The whole `.npy` file.
  /// - Throws: `ArrayFault` if it is damaged, shorter than its shape says, or of other elements.
  init(_ file: [UInt8]) throws(ArrayFault) {
    let reader = LittleEndian(file)
    guard file.count >= 12, file.starts(with: [0x93] + Array("NUMPY".utf8)), (1...3).contains(file[6]) else {
      throw ArrayFault(reason: "is not a NumPy array")
    }
    let lengthBytes = file[6] == 1 ? 2 : 4
    let length = reader.number(8, bytes: lengthBytes)
    guard length <= 65_536, length <= file.count - 8 - lengthBytes else {
      throw ArrayFault(reason: "is damaged")
    }
    start = 8 + lengthBytes + length
    let header = String(decoding: file[(8 + lengthBytes)..<start], as: UTF8.self)
    guard let type = Self.text(of: "descr", in: header), let kind = Kind(type) else {
      throw ArrayFault(
        reason: "has elements of the type \(Self.text(of: "descr", in: header) ?? "of objects"), "
          + "and uint8, whole numbers and texts are read")
    }
    guard header.contains("'fortran_order': False") else {
      throw ArrayFault(reason: "is in Fortran's order: write numpy.ascontiguousarray of it")
    }
    guard let open = header.firstRange(of: "'shape':"),
      let from = header[open.upperBound...].firstIndex(of: "("),
      let to = header[from...].firstIndex(of: ")")
    else { throw ArrayFault(reason: "is damaged: it has no shape") }
    var shape: [Int] = []
    for part in header[header.index(after: from)..<to].split(separator: ",") {
      let digits = part.filter { $0 != " " }
      if digits.isEmpty { continue }
      guard let number = Int(digits), number >= 0 else { throw ArrayFault(reason: "is damaged: its shape") }
      shape.append(number)
    }
    guard shape.dropFirst().allSatisfy({ $0 > 0 }) else {
      throw ArrayFault(reason: "has no elements: its shape is \(shape)")
    }
    var size = kind.size
    for number in shape {
      let (product, overflows) = size.multipliedReportingOverflow(by: number)
      guard !overflows else { throw ArrayFault(reason: "is damaged: its shape") }
      size = product
    }
    guard size == file.count - start else {
      throw ArrayFault(reason: "has \(file.count - start) bytes of elements, and its shape says \(size)")
    }
    (self.kind, self.shape, self.file) = (kind, shape, file)
  }

  /// The value of a key of the header that is a text in single quotes.
  private static func text(of key: String, in header: String) -> String? {
    guard let found = header.firstRange(of: "'\(key)':") else { return nil }
    let rest = header[found.upperBound...].drop { $0 == " " }
    guard rest.first == "'", let end = rest.dropFirst().firstIndex(of: "'") else { return nil }
    return String(rest[rest.index(after: rest.startIndex)..<end])
  }

  /// How many elements there are along the first side.
  var count: Int { shape.first ?? 1 }

  /// The bytes of one element along the first side.
  func item(_ i: Int) -> ArraySlice<UInt8> {
    let size = shape.dropFirst().reduce(kind.size, *)
    return file[start + i * size..<start + (i + 1) * size]
  }

  /// The elements as texts, numbers in decimal; for an array with one side.
  var texts: [String] {
    (0..<count).map { i in
      let bytes = item(i)
      switch kind {
      case .bytes: return String(bytes[bytes.startIndex])
      case .integers(let size, let isSigned):
        let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard isSigned else { return String(value) }
        let unused = UInt64(64 - 8 * size)
        return String(Int64(bitPattern: value << unused) >> Int64(unused))
      case .texts:
        let scalars = stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { place in
          (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
        }
        return String(
          String.UnicodeScalarView(scalars.prefix { $0 != 0 }.map { Unicode.Scalar($0) ?? "\u{fffd}" }))
      case .byteTexts: return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
  }
}

extension NumpyArray.Kind {
  /// From NumPy's letters, such as `|u1`, `<i8` and `<U12`.
  init?(_ type: String) {
    guard let order = type.first, order != ">" || type.hasSuffix("1") else { return nil }
    let letters = type.dropFirst()
    guard let letter = letters.first, let number = Int(letters.dropFirst()), (1...65_536).contains(number)
    else {
      return nil
    }
    switch (letter, number) {
    case ("u", 1): self = .bytes
    case ("u", 2), ("u", 4), ("u", 8): self = .integers(size: number, isSigned: false)
    case ("i", 1), ("i", 2), ("i", 4), ("i", 8): self = .integers(size: number, isSigned: true)
    case ("U", _): self = .texts(length: number)
    case ("S", _): self = .byteTexts(length: number)
    default: return nil
    }
  }

  /// What they are, in words.
  var words: String {
    switch self {
    case .bytes: "uint8"
    case .integers(let size, let isSigned): "\(isSigned ? "int" : "uint")\(8 * size)"
    case .texts, .byteTexts: "texts"
    }
  }

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .bytes: 1
    case .integers(let size, _): size
    case .texts(let length): 4 * length
    case .byteTexts(let length): length
    }
  }
}
