internal import Files
import Randomness

/// How many classes of glyphs each split has.
public struct GlyphClasses: Codable, Hashable, Sendable {
  /// The number of classes for meta-training.
  public var train: Int

  /// The number of classes for validation, by which models are chosen.
  public var validation: Int

  /// The number of classes for testing.
  public var test: Int

  /// Counts; without arguments 100, 20 and 40.
  public init(train: Int = 100, validation: Int = 20, test: Int = 40) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// The number of classes of all splits together.
  public var total: Int { train + validation + test }
}

/// Handwriting-like characters of an invented alphabet: the built-in data set.
///
/// Each class is a few strokes of a pen; many resemble an earlier class in all strokes but one. Each image
/// varies in every control point, in size, slant, tilt, position and thickness. The bytes are a pure function
/// of the seed and the counts, the same on every machine.
public struct GlyphSet: Sendable {
  /// The seed of the set as the frozen episode lists use it.
  public static let defaultSeed: UInt64 = 2021

  /// The data hash of the set as it is made without arguments; a test makes it and compares.
  public static let defaultHash = "df6987f2bc978f3134a6b91a410c4d6322c6356d1d920d75ba44fa2c263117ee"

  /// The seed of all strokes.
  public let seed: UInt64

  /// The number of classes of each split.
  public let classes: GlyphClasses

  /// The number of images of each class.
  public let imagesPerClass: Int

  private let glyphs: [Glyph]

  /// Invents the characters.
  ///
  /// - Parameters:
  ///   - seed: The seed of all strokes.
  ///   - classes: Classes of each split.
  ///   - imagesPerClass: Images of each class.
  /// - Precondition: `1...1000` classes and `1...1000` images of each.
  public init(
    seed: UInt64 = defaultSeed, classes: GlyphClasses = GlyphClasses(), imagesPerClass: Int = 20
  ) {
    precondition((1...1000).contains(classes.total), "\(classes.total) glyph classes: use 1...1000")
    precondition((1...1000).contains(imagesPerClass), "\(imagesPerClass) images a class: use 1...1000")
    self.seed = seed
    self.classes = classes
    self.imagesPerClass = imagesPerClass
    var glyphs: [Glyph] = []
    var thumbnails: [[UInt8]] = []
    for number in 0..<classes.total {
      var stream = RandomStream(seed: seed, purpose: "glyphs/class", index: UInt64(number))
      // Tried until it differs from all others; after forty attempts the last is taken as it is.
      for attempt in 1...40 {
        let relative = glyphs.last.flatMap { stream.below(5) < 3 ? $0 : nil }
        let glyph = Glyph(&stream, resembling: relative)
        let thumbnail = Self.thumbnail(glyph)
        if attempt == 40 || thumbnails.allSatisfy({ Self.differ($0, thumbnail) }) {
          glyphs.append(glyph)
          thumbnails.append(thumbnail)
          break
        }
      }
    }
    self.glyphs = glyphs
  }

  /// One image of a class.
  ///
  /// - Parameters:
  ///   - number: The class, counted through train, validation and test.
  ///   - image: Which image of the class; it does not depend on how many there are.
  /// - Returns: `[28, 28]` grey values, dark ink on white paper.
  /// - Precondition: the class exists and `image` is not negative.
  public func image(class number: Int, image: Int) -> [UInt8] {
    var stream = RandomStream(
      seed: seed, purpose: "glyphs/image", index: UInt64(number) << 32 | UInt64(image))
    return Handwriting().write(glyphs[number], &stream)
  }

  /// The folder of a class: `train/class000`, ..., `val/class100`, ..., `test/class120`, ...
  public func name(class number: Int) -> String {
    let isValidation = number < classes.train + classes.validation
    let folder = number < classes.train ? "train" : isValidation ? "val" : "test"
    return "\(folder)/class\(padded(number, 3))"
  }

  /// Writes the set as PNG files `<root>/<split>/class<number>/<image>.png`.
  ///
  /// - Parameters:
  ///   - root: The folder; it is made if it does not exist.
  ///   - seed: The seed of all strokes.
  ///   - classes: Classes of each split.
  ///   - imagesPerClass: Images of each class.
  /// - Throws: `DatasetError.notWritable`.
  public static func write(
    to root: String, seed: UInt64 = defaultSeed, classes: GlyphClasses = GlyphClasses(),
    imagesPerClass: Int = 20
  ) throws(DatasetError) {
    try GlyphSet(seed: seed, classes: classes, imagesPerClass: imagesPerClass).write(to: root)
  }

  /// Writes the set as PNG files below a folder.
  ///
  /// - Parameter root: The folder; it is made if it does not exist.
  /// - Throws: `DatasetError.notWritable`.
  public func write(to root: String) throws(DatasetError) {
    for number in 0..<classes.total {
      for i in 0..<imagesPerClass {
        let path = "\(root)/\(name(class: number))/\(padded(i, 2)).png"
        do {
          let bytes = try PNGCodec.encode(
            image(class: number, image: i), width: glyphSide, height: glyphSide, compression: 0)
          try writeDataFile(bytes, to: path)
        } catch let error as DatasetError {
          throw error
        } catch {
          throw .notWritable(path: path, reason: "\(error)")
        }
      }
    }
  }

  /// A thumbnail of the character as written without randomness.
  private static func thumbnail(_ glyph: Glyph) -> [UInt8] {
    let strokes = glyph.strokes.map { stroke in
      Stroke(points: stroke.points.map { Point(x: 13.5 + 18 * $0.x, y: 13.5 + 18 * $0.y) })
    }
    return resized(draw(strokes, pen: 1.5), width: glyphSide, height: glyphSide, to: 9, by: .area)
  }

  /// Whether two thumbnails differ by more than handwriting would explain.
  private static func differ(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    zip(a, b).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) } > 81 * 255 / 9
  }

  private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
