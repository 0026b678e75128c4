public import ArgumentParser
public import Episodes
public import MetaLearning

// Words of the library that stand on the command line as they are.
extension DerivativeOrder: ExpressibleByArgument {}
extension Split: ExpressibleByArgument {}
