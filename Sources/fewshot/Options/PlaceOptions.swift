import ArgumentParser
import Settings

/// Where the images of trained runs are now.
struct PlaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where the runs' images are now, for a union every folder in its order; if unset, where they were. They must be the "
        + "same images.",
      valueName: "folder"), completion: .field("data"))
  var data: [String] = []
  @Option(
    help: ArgumentHelp(
      "The file that divides their classes; if unset, the one there was. It must divide them alike.",
      valueName: "file"), completion: .field("split"))
  var split: String?

  var place: DataPlace { DataPlace(data: DataFolders(data), split: split) }

  func validate() throws { try DataOptions.refuseEmpty(data) }
}
