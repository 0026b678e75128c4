// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// JPEG pictures are read where the trait says so.
let pictures: [CSetting] = [.define("FEWSHOT_JPEG", .when(traits: ["JPEG"]))]

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
    .library(
      name: "FewShotKit",
      targets: [
        "Randomness", "Tensors", "Networks", "ConvFamilies", "Images", "Episodes", "MetaLearning",
        "Statistics",
        "Corruptions", "Evaluation", "SafeTensors", "ProcessGroups",
      ]),
  ],
  traits: [
    .trait(
      name: "DoublePrecision",
      description: "Computes in 64-bit floating point: slow, for gradient checks."),
    .trait(name: "JPEG", description: "Reads JPEG pictures too; needs libjpeg-turbo (Debian: libjpeg-dev)."),
    .trait(name: "MPI", description: "Lets mpirun and srun start processes that do one run together."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // C, and C libraries.
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .target(
      name: "CJPEGCodec", dependencies: [.target(name: "CJPEG", condition: .when(traits: ["JPEG"]))],
      cSettings: pictures),
    // libpng stands on zlib, so it is there.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CInflate", dependencies: ["CZlib"]),
    .target(name: "CVectorKernels", cSettings: scalar),
    .target(name: "CPNGCodec", dependencies: ["CPNG"]),
    .target(name: "CHash"),
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CStopSignals"),
    .systemLibrary(name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    .target(
      name: "CMessagePassing", dependencies: [.target(name: "CMPI", condition: .when(traits: ["MPI"]))],
      cSettings: [.define("FEWSHOT_MPI", .when(traits: ["MPI"]))]),

    // What the process gets from the system.
    library("ProcessMemory"),
    library("ProcessGroups"),
    library("MessagePassing", ["CMessagePassing", "Kernels", "ProcessGroups"]),
    library("OpenBLAS", ["COpenBLAS", "ProcessMemory"]),

    // Bytes and text.
    library("Formats"),
    library("Files", ["Formats", "ProcessMemory", "CHash"]),
    library("SafeTensors", ["Formats"]),
    library("EventFiles", ["Formats"]),

    // Arithmetic: from loops to networks.
    library("Randomness"),
    library("Statistics"),
    .target(
      name: "Kernels", dependencies: ["OpenBLAS", "ProcessMemory", "CVectorKernels"], cSettings: scalar,
      swiftSettings: strict
    ),
    library("Tensors", ["Kernels", .product(name: "HeapModule", package: "swift-collections")]),
    library("Networks", ["Tensors", "Kernels", "Randomness", "Formats"]),
    library("LinearAlgebra", ["OpenBLAS"]),
    library("ConvFamilies", ["Networks", "Tensors", "Kernels", "LinearAlgebra", "Randomness"]),

    // Images, tasks, and learning them.
    library("Images", ["Files", "Formats", "Randomness", "CPNGCodec", "CJPEGCodec", "CInflate"]),
    library("Episodes", ["Images", "Files", "Formats", "Randomness"]),
    library("MetaLearning", ["Networks", "Tensors", "Kernels", "Episodes", "ProcessGroups"]),
    library("Corruptions", ["Randomness"]),
    library(
      "Evaluation",
      [
        "MetaLearning", "Networks", "Tensors", "Kernels", "Episodes", "Images", "Corruptions", "Statistics",
        "Randomness",
        "Files",
      ]),

    // What the commands do.
    library(
      "Settings",
      ["Evaluation", "MetaLearning", "Networks", "Episodes", "Images", "Files", "Formats", "Yams"]),
    library("Results", ["Evaluation", "Files", "Formats", "ProcessGroups"]),
    library(
      "Training",
      [
        "Settings", "Results", "MetaLearning", "Networks", "Tensors", "Kernels", "Episodes", "Images",
        "SafeTensors", "EventFiles",
        "Statistics", "Files", "Formats", "ProcessGroups",
      ]),
    library(
      "Studies",
      [
        "Training", "Settings", "Results", "Evaluation", "MetaLearning", "Networks", "Tensors", "Kernels",
        "Episodes",
        "Images", "SafeTensors", "Statistics", "Randomness", "Figures", "Files", "Formats", "ProcessGroups",
      ]),
    library(
      "Jobs",
      [
        "Studies", "Training", "Settings", "Results", "MetaLearning", "Networks", "Kernels", "Episodes",
        "Images",
        "Files", "Formats", "ProcessGroups", "Yams",
      ]),
    library(
      "Diagnostics",
      [
        "Studies", "Training", "Settings", "Results", "Evaluation", "MetaLearning", "Networks", "Tensors",
        "Kernels",
        "Episodes", "Images", "Corruptions", "SafeTensors", "Statistics", "Randomness", "Figures", "Files",
        "Formats",
      ]),

    library(
      "Prediction",
      [
        "Studies", "Training", "Settings", "Results", "MetaLearning", "Networks", "Tensors",
        "Kernels",
        "Episodes", "Images", "SafeTensors", "Figures", "Files", "Formats",
      ]),

    library(
      "Exchange",
      [
        "Prediction", "Studies", "Training", "Settings", "Results", "MetaLearning", "Networks", "Tensors",
        "Kernels", "Images", "SafeTensors", "Files", "Formats", "Yams",
      ]),

    // What people see.
    library("Figures", ["CPNGCodec"]),
    library("Documents", ["Figures", "Files", "Formats"]),
    library(
      "Reports", ["Documents", "Results", "Evaluation", "Figures", "EventFiles", "Files", "Formats"]),
    .executableTarget(
      name: "fewshot",
      dependencies: [
        "Jobs", "Studies", "Diagnostics", "Prediction", "Exchange", "Training", "Settings", "Results",
        "Reports",
        "ConvFamilies",
        "Kernels", "MetaLearning", "Networks", "Episodes", "Images", "SafeTensors", "Files",
        "Formats", "MessagePassing", "ProcessGroups", "ProcessMemory",
        "CStopSignals",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // Tests; what several of them need stands in targets of its own.
    .target(
      name: "TestSupport", dependencies: ["Networks", "Tensors", "Randomness"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .target(name: "TestEvents", path: "Tests/TestEvents", swiftSettings: strict),
    .target(
      name: "TestData", dependencies: ["Images"], path: "Tests/TestData", swiftSettings: strict),
    .target(
      name: "TestRuns",
      dependencies: [
        "Jobs", "Settings", "Results", "MetaLearning", "ConvFamilies", "Networks", "Tensors", "Images",
        "Files", "ProcessGroups",
      ], path: "Tests/TestRuns", swiftSettings: strict),
    .target(
      name: "HostileInputs",
      dependencies: [
        "Jobs", "Exchange", "Prediction", "Studies", "Training", "Settings", "Results", "Reports",
        "ConvFamilies",
        "MetaLearning", "Networks", "Tensors", "Formats", "Episodes", "Images", "SafeTensors", "Randomness",
        "TestData",
      ], path: "Tests/HostileInputs", swiftSettings: strict),
    tests("FormatsTests", ["Randomness", "Formats"]),
    tests("EventFilesTests", ["EventFiles", "TestEvents"]),
    tests("FilesTests", ["Files", "CHash"]),
    tests("ProcessGroupsTests", ["ProcessGroups"]),
    tests("MessagePassingTests", ["MessagePassing", "ProcessGroups"]),
    tests("RandomnessTests", ["Randomness"]),
    tests("StatisticsTests", ["Statistics", "Randomness"]),
    tests("SafeTensorsTests", ["SafeTensors"]),
    tests("ImagesTests", ["Episodes", "Images", "Randomness", "Files", "TestData"]),
    tests("EpisodesTests", ["Episodes", "Images", "Randomness", "TestData"]),
    tests("KernelsTests", ["Kernels", "Randomness", "TestSupport"]),
    tests("TensorsTests", ["Tensors", "Randomness", "TestSupport"]),
    tests("NetworksTests", ["ConvFamilies", "Networks", "Tensors", "Randomness", "TestSupport"]),
    tests("LinearAlgebraTests", ["LinearAlgebra", "Randomness"]),
    tests(
      "ConvFamiliesTests", ["ConvFamilies", "Networks", "Tensors", "Kernels", "Randomness", "TestSupport"]),
    tests(
      "MetaLearningTests",
      ["MetaLearning", "ConvFamilies", "Networks", "Tensors", "SafeTensors", "Randomness", "TestSupport"]),
    tests("CorruptionsTests", ["Corruptions", "Randomness"]),
    tests(
      "EvaluationTests",
      [
        "Settings", "Evaluation", "Corruptions", "MetaLearning", "ConvFamilies", "Networks", "Tensors",
        "Episodes", "Images", "Statistics", "Randomness", "TestSupport", "TestData",
      ]),
    tests("FiguresTests", ["Figures"]),
    tests("ReportsTests", ["Training", "Results", "Reports", "Evaluation", "Formats"]),
    tests("ResultsTests", ["Jobs", "Studies", "Results", "Files", "TestRuns"]),
    tests("SettingsTests", ["Settings", "ConvFamilies", "Networks", "Episodes", "Formats", "TestData"]),
    tests(
      "TrainingTests",
      [
        "Jobs", "Diagnostics", "Training", "Settings", "Results", "MetaLearning", "ConvFamilies", "Networks",
        "Tensors", "Episodes", "Images", "SafeTensors", "Files", "TestRuns", "TestSupport",
      ]),
    tests(
      "DiagnosticsTests",
      [
        "Diagnostics", "Training", "Settings", "Results", "MetaLearning", "ConvFamilies", "Networks",
        "Tensors", "Kernels", "Randomness", "TestSupport",
      ]),
    tests(
      "StudiesTests",
      [
        "Jobs", "Studies", "Diagnostics", "Training", "Settings", "Results", "Evaluation", "MetaLearning",
        "ConvFamilies", "Networks", "Tensors", "Images", "SafeTensors", "Files", "TestRuns",
      ]),
    tests(
      "JobsTests",
      [
        "Jobs", "Studies", "Diagnostics", "Training", "Settings", "Results", "Evaluation", "MetaLearning",
        "ConvFamilies", "Networks", "Tensors", "Episodes", "Images", "SafeTensors", "Files", "Formats",
        "Kernels", "Reports", "TestEvents", "ProcessGroups",
        "TestRuns",
      ]),
    tests("CommandTests", ["Settings", "SafeTensors", "Images", "Formats", "fewshot"]),
    tests("HostileInputTests", ["SafeTensors", "HostileInputs"]),
  ],
  swiftLanguageModes: [.v6]
)
