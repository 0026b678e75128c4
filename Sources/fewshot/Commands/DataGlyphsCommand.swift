import ArgumentParser
import Formats
import Images

/// The command `data glyphs`.
struct DataGlyphsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "glyphs",
    abstract: "Write the built-in set of handwriting-like characters as PNG files.",
    discussion: """
      The files have the same bytes on every machine. An existing folder is not written to.

      Example: fewshot data glyphs --output glyphs
      """)

  @Option(help: ArgumentHelp("The folder to make.", valueName: "folder"), completion: .directory) var output:
    String
  @Option(help: ArgumentHelp("Seed of all strokes.", valueName: "number")) var seed = GlyphSet.defaultSeed
  @Option(help: ArgumentHelp("Classes for training.", valueName: "number")) var train = 100
  @Option(help: ArgumentHelp("Classes for validation.", valueName: "number")) var validation = 20
  @Option(help: ArgumentHelp("Classes for testing.", valueName: "number")) var test = 40
  @Option(help: ArgumentHelp("Images of each class.", valueName: "number")) var images = 20
  @OptionGroup var result: OutputOptions

  func validate() throws {
    let counts = [train, validation, test]
    guard counts.allSatisfy({ (0...1000).contains($0) }), (1...1000).contains(counts.reduce(0, +)) else {
      throw ValidationError("\(counts) classes were requested, but there can be 1...1000 in all.")
    }
    guard (1...1000).contains(images) else {
      throw ValidationError("images is \(images), but a class has 1...1000.")
    }
  }

  func run() throws {
    let path = try unoccupied(output)
    let classes = GlyphClasses(train: train, validation: validation, test: test)
    try whole(path) { try GlyphSet.write(to: $0, seed: seed, classes: classes, imagesPerClass: images) }
    try result.console.finish(
      .members([
        "folder": .text(path), "classes": .integer(classes.total),
        "images": .integer(classes.total * images),
      ]), "\(path): \(classes.total * images) images of \(classes.total) classes")
  }
}
