/// What a picture has that preparation may take away, seen while it is decoded.
struct PictureTraits: OptionSet {
  let rawValue: UInt8

  /// It has colours, clearly enough to be meant.
  static let isColoured = PictureTraits(rawValue: 1)
  /// After preparation all its values are the same.
  static let isConstant = PictureTraits(rawValue: 2)
  /// After preparation its values span less than an eighth of the range.
  static let isFaint = PictureTraits(rawValue: 4)
  /// Some of it is transparent.
  static let isTransparent = PictureTraits(rawValue: 8)
  /// It is in its transparency alone: what can be seen has one colour.
  static let isShape = PictureTraits(rawValue: 16)
  /// It has 16 bits a sample and uses the lower quarter of them.
  static let isDark16 = PictureTraits(rawValue: 32)

  /// Channels that differ by less are grey, with a tint of the scanner.
  private static let colourDifference = 24

  /// The span of values under which a picture is faint.
  private static let faintSpan = 32

  /// Warnings are for many pictures: a blank one happens.
  private static let leastShare = 0.05

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Looks at a picture before and after its preparation.
  ///
  /// - Parameters:
  ///   - image: The picture as it is in the file.
  ///   - prepared: The same as networks see it, `[channels, side, side]`.
  ///   - channels: Channels of that.
  init(of image: DecodedPicture, prepared: [UInt8], channels: Int) {
    self = []
    let size = prepared.count / channels
    let spans = (0..<channels).map { channel in
      let values = prepared[channel * size..<(channel + 1) * size]
      return Int(values.max() ?? 0) - Int(values.min() ?? 0)
    }
    let span = spans.max() ?? 0
    if span == 0 {
      insert(.isConstant)
    } else if span < Self.faintSpan {
      insert(.isFaint)
    }
    let step = image.sampleBits / 8
    image.rgba.withUnsafeBufferPointer { samples in
      var (coloured, transparent, plain, highest) = (false, false, true, UInt8(0))
      var colour: (UInt8, UInt8, UInt8)?
      for pixel in 0..<samples.count / (4 * step) {
        // The high byte is enough of a sample of 16 bits.
        let i = pixel * 4 * step
        let (red, green, blue) = (samples[i], samples[i + step], samples[i + 2 * step])
        let alpha = samples[i + 3 * step]
        if alpha < 255 { transparent = true }
        guard alpha > 0 else { continue }
        let brightest = max(red, green, blue)
        if Int(brightest) - Int(min(red, green, blue)) >= Self.colourDifference { coloured = true }
        highest = max(highest, brightest)
        if let first = colour {
          if first != (red, green, blue) { plain = false }
        } else {
          colour = (red, green, blue)
        }
      }
      if coloured { insert(.isColoured) }
      if transparent { insert(.isTransparent) }
      if transparent && plain { insert(.isShape) }
      if step == 2 && highest < 64 { insert(.isDark16) }
    }
  }

  /// What the pictures of a data set lose, a sentence for each kind that many of them have.
  ///
  /// - Parameters:
  ///   - all: The traits of all pictures.
  ///   - preparation: What was done to them.
  /// - Returns: The sentences, the worst first.
  static func warnings(_ all: [PictureTraits], _ preparation: ImagePreparation) -> [String] {
    var warnings: [String] = []
    func count(_ traits: PictureTraits, unless others: PictureTraits = []) -> Int {
      all.count { $0.isSuperset(of: traits) && $0.isDisjoint(with: others) }
    }
    func warn(_ number: Int, _ words: String) {
      guard number > 0, Double(number) >= leastShare * Double(all.count) else { return }
      warnings.append("\(number) of \(all.count) pictures \(words)")
    }
    warn(
      count([.isConstant, .isTransparent]),
      "are one colour after preparation, since transparent pixels are laid on white: put them on another background"
    )
    let isGrey = preparation.channels == 1
    warn(
      isGrey ? count([.isConstant, .isColoured], unless: .isTransparent) : 0,
      "are one colour after preparation, since they were made grey: fewshot run --channels 3 keeps the colour"
    )
    warn(
      count(.isConstant, unless: isGrey ? [.isTransparent, .isColoured] : .isTransparent),
      "are one colour after preparation: there is nothing to see in them")
    warn(
      count(.isDark16),
      "have 16 bits and use only a quarter of their range or less, as 12-bit values do: scale them to 0...65535"
    )
    warn(
      count(.isFaint, unless: .isDark16),
      "have values that span less than an eighth of the range after preparation: they are nearly one tone; scale their "
        + "values to the whole range")
    if isGrey {
      let side = preparation.imageSize
      warn(
        count(.isColoured),
        "are in colour and were made grey, at \(side) × \(side) pixels\(preparation.invert ? " and inverted" : ""); "
          + "fewshot run --channels 3 keeps the colour")
    }
    warn(
      count(.isShape, unless: .isConstant),
      "are drawn by their transparency alone: what is transparent was laid on white")
    return warnings
  }
}
