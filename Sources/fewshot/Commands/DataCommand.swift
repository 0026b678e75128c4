import ArgumentParser

/// The command `data`.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract:
      "Write the built-in glyphs; check a folder of images; make one from a list; look at it.",
    discussion: "Example: fewshot data check --data images",
    subcommands: [
      DataGlyphsCommand.self, DataCheckCommand.self, DataImportCommand.self, DataCorruptCommand.self,
      DataSheetCommand.self,
    ])
}
