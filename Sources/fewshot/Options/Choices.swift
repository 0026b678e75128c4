public import ArgumentParser
public import Episodes
public import Experiments
public import MetaLearning
public import Reports

// Words of the library that stand on the command line as they are.
extension DerivativeOrder: ExpressibleByArgument {}
extension Split: ExpressibleByArgument {}
extension GraphMemory: ExpressibleByArgument {}
extension Benchmark.Work: ExpressibleByArgument {}
extension Benchmark.ImageKind: ExpressibleByArgument {}
extension CurveExport.Axis: ExpressibleByArgument {}
