import ArgumentParser
import ConvFamilies
import Exchange
import Settings

/// The command `import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a run of a network that was trained elsewhere: a PyTorch state dict in safetensors.",
    discussion: """
      The folder is one that fewshot run --initial and evaluate, convert, predict, embed and export take. Statistics of \
      normalisations come with it, and so does the way its images are prepared. Every tensor must have a place; those \
      without one are named, and nothing is written.

      A map is torchvision-resnet18, torchvision-resnet34, torchvision-resnet50, or a YAML file that names the network \
      and its tensors.

      Example: fewshot import resnet18.safetensors --map torchvision-resnet18 --output runs/resnet18
      """)

  @Argument(help: ArgumentHelp("The state dict.", valueName: "file"), completion: .file()) var file: String
  @Option(
    help: ArgumentHelp("Which network it is: a name or a YAML file.", valueName: "name"),
    completion: .list(NetworkMap.names))
  var map: String
  @Option(help: ArgumentHelp("Side of the images in pixels; if unset, that of the map.", valueName: "number"))
  var imageSize: String?
  @Option(
    help: ArgumentHelp(
      "What of an image becomes the square: whole, or a share of the shorter side; if unset, as the map says.",
      valueName: "share"))
  var crop: String?
  @Option(
    name: .customLong("output"), help: ArgumentHelp("The folder to make.", valueName: "folder"),
    completion: .directory)
  var destination: String
  @OptionGroup var output: OutputOptions

  private var settings: [Setting] {
    [("image-size", imageSize), ("crop", crop)].compactMap { key, text in text.map { Setting(key, $0) } }
  }

  func run() throws {
    let place = try unoccupied(destination)
    let found = try NetworkImport(
      existing(file), NetworkMap(map), settings: settings, families: FamilyRegistry.families)
    try found.write(to: place)
    try output.console.finish(found.document, "\(found.text)\n\(place): look at \(place)/import.json")
  }
}
