// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// Float by default; the trait turns every scalar, Swift and C, into a double for gradient checks.
let scalar: [CSetting] = [.define("FEWSHOT_DOUBLE", .when(traits: ["DoublePrecision"]))]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "fewshot",
  products: [
    .executable(name: "fewshot", targets: ["fewshot"]),
    .library(name: "FewShotKit", targets: ["Experiments", "ConvFamilies"]),
  ],
  traits: [
    .trait(
      name: "DoublePrecision",
      description: "Computes in 64-bit floating point: slow, for gradient checks.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .target(name: "CVectorKernels", cSettings: scalar),
    .target(name: "CPNGCodec", dependencies: ["CPNG"]),

    library("Randomness"),
    library("SafeTensors"),
    library("Statistics"),
    library("Figures", ["CPNGCodec"]),
    .target(
      name: "Kernels", dependencies: ["COpenBLAS", "CVectorKernels"], cSettings: scalar, swiftSettings: strict
    ),
    library(
      "Tensors", ["Kernels", "Randomness", .product(name: "HeapModule", package: "swift-collections")]),
    library("Networks", ["Tensors", "Randomness"]),
    library("LinearAlgebra", ["COpenBLAS"]),
    library("ConvFamilies", ["Networks", "LinearAlgebra"]),
    library("Episodes", ["CPNGCodec", "Randomness", .product(name: "Crypto", package: "swift-crypto")]),
    library("MetaLearning", ["Networks", "Episodes"]),
    library("Corruptions", ["Randomness"]),
    library(
      "Evaluation",
      [
        "MetaLearning", "Networks", "Tensors", "Episodes", "Corruptions", "Statistics", "Randomness",
      ]),
    library(
      "Experiments",
      [
        "Evaluation", "Randomness", "Networks", "MetaLearning", "Episodes", "Kernels", "SafeTensors",
        "Statistics", "Figures", "Yams",
      ]),
    library(
      "Reports",
      ["Experiments", "Evaluation", "Episodes", "Figures", .product(name: "Crypto", package: "swift-crypto")]),
    .executableTarget(
      name: "fewshot",
      dependencies: [
        "Experiments", "Reports", "ConvFamilies", "MetaLearning", "Networks", "Episodes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["Tensors"], path: "Tests/TestSupport", swiftSettings: strict),
    .target(
      name: "HostileInputs",
      dependencies: ["ConvFamilies", "Episodes", "Experiments", "Randomness", "Reports", "SafeTensors"],
      path: "Tests/HostileInputs", swiftSettings: strict),
    tests("HostileInputTests", ["HostileInputs", "Episodes", "Experiments", "Randomness", "SafeTensors"]),
    tests("RandomnessTests", ["Randomness"]),
    tests("SafeTensorsTests", ["SafeTensors"]),
    tests("StatisticsTests", ["Statistics", "Randomness"]),
    tests("FiguresTests", ["Figures"]),
    tests("LinearAlgebraTests", ["LinearAlgebra", "Randomness"]),
    tests("KernelsTests", ["Kernels", "TestSupport"]),
    tests("TensorsTests", ["Tensors", "TestSupport"]),
    tests("NetworksTests", ["Networks", "ConvFamilies", "TestSupport"]),
    tests("ConvFamiliesTests", ["ConvFamilies", "TestSupport"]),
    tests("EpisodesTests", ["Episodes", "TestSupport"]),
    tests("MetaLearningTests", ["MetaLearning", "ConvFamilies", "SafeTensors", "TestSupport"]),
    tests("CorruptionsTests", ["Corruptions", "Randomness"]),
    tests(
      "EvaluationTests",
      [
        "Evaluation", "Corruptions", "ConvFamilies", "MetaLearning", "Episodes", "Randomness", "Statistics",
        "TestSupport",
      ]),
    tests(
      "ExperimentsTests",
      [
        "Experiments", "Evaluation", "Networks", "ConvFamilies", "MetaLearning", "Episodes", "SafeTensors",
        "TestSupport",
      ]),
    tests("ReportsTests", ["Reports", "Experiments", "Evaluation", "Figures"]),
    tests("CommandTests", ["fewshot", "Experiments"]),
  ],
  swiftLanguageModes: [.v6]
)
