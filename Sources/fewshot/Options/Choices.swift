public import ArgumentParser
internal import Diagnostics
public import Images
public import MetaLearning
internal import Reports

// Enums of the library whose words are used on the command line as they are.
extension DerivativeOrder: ExpressibleByArgument {}
extension Split: ExpressibleByArgument {
  /// Reads any of a split's names.
  public init?(argument: String) { self.init(named: argument) }

  /// The names that help and errors list.
  public static var allValueStrings: [String] { allCases.map(\.folderName) }
}
extension GraphMemory: ExpressibleByArgument {
  /// Reads any of a mode's names.
  public init?(argument: String) { self.init(named: argument) }
}
extension Benchmark.Work: ExpressibleByArgument {}
extension Benchmark.ImageKind: ExpressibleByArgument {}
extension CurveExport.Axis: ExpressibleByArgument {}
