internal import Formats

/// What is odd about the pictures of one folder of a data set.
struct RootLook {
  /// Whether all of them are one colour, and the same, after preparation.
  let isBlank: Bool

  /// The share of them that are in colour; nil where there are none.
  let colouredShare: Double?

  /// A sentence for each thing that is odd, the worst first.
  let warnings: [String]

  /// Looks at pictures that were decoded.
  ///
  /// - Parameters:
  ///   - slots: Their positions in the result.
  ///   - result: What decoding gave.
  ///   - preparation: What was done to each.
  ///   - lost: Names of classes of which no picture could be used.
  init(at slots: [Int], of result: Decoding.Result, _ preparation: ImagePreparation, lost: [String]) {
    let size = preparation.byteCount
    func pixels(_ slot: Int) -> ArraySlice<UInt8> { result.pixels[slot * size..<(slot + 1) * size] }
    isBlank = slots.allSatisfy { slot in
      result.traits[slot].contains(.isConstant) && pixels(slot).elementsEqual(pixels(slots[0]))
    }
    let traits = slots.map { result.traits[$0] }
    let coloured = traits.count { $0.contains(.isColoured) }
    colouredShare = slots.isEmpty ? nil : Double(coloured) / Double(slots.count)
    warnings = Self.warnings(onLost: lost) + PictureTraits.warnings(traits, preparation)
  }

  /// Says which classes are gone, since none of their images could be used.
  static func warnings(onLost names: [String]) -> [String] {
    guard !names.isEmpty else { return [] }
    let shown = names.prefix(20).map(printable).joined(separator: ", ")
    return [
      "\(names.count) \(names.count == 1 ? "class has" : "classes have") no image that can be used, and "
        + "\(names.count == 1 ? "is" : "are") left out: \(shown)"
        + (names.count > 20 ? " and \(names.count - 20) more" : "")
    ]
  }
}
