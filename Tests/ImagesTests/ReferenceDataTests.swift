import Episodes
import Files
import Foundation
import Images
import TestData
import Testing

/// Tests against published data, which is too large to keep here.
///
/// FEWSHOT_DATA names a folder with pngsuite/, omniglot/ and splits/.
@Suite(
  "Reference data",
  .enabled(if: ProcessInfo.processInfo.environment["FEWSHOT_DATA"] != nil, "FEWSHOT_DATA names no folder"))
struct ReferenceDataTests {
  let data = ProcessInfo.processInfo.environment["FEWSHOT_DATA"] ?? ""

  func unpack(_ archive: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let tar = try Process.run(
      URL(fileURLWithPath: "/usr/bin/env"), arguments: ["tar", "xf", "\(data)/\(archive)", "-C", folder.path])
    tar.waitUntilExit()
    try #require(tar.terminationStatus == 0)
    return folder
  }

  @Test("every file of PngSuite decodes to the published pixels or is refused")
  func pngSuite() throws {
    let folder = try unpack("pngsuite/pngsuite-half.tar")
    let table = try String(contentsOfFile: "\(data)/pngsuite/expected.csv", encoding: .utf8)
    let rows = table.split(separator: "\n").dropFirst()
    #expect(rows.count == 88)
    for row in rows {
      let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(fields[0])")))
      if fields[1] == "yes" {
        let image = try DecodedPicture(decoding: bytes)
        #expect(ContentHash.sha256(image.rgba) == fields[10], "\(fields[0])")
        #expect(
          "\(image.width) \(image.height) \(image.sampleBits)" == "\(fields[3]) \(fields[4]) \(fields[9])")
      } else {
        #expect(throws: ImageError.self, "\(fields[0]): \(fields[2])") { try DecodedPicture(decoding: bytes) }
      }
    }
  }

  @Test("Omniglot divides as published, decodes whole, and its one pair of twins is found")
  func omniglot() throws {
    let folder = try unpack("omniglot/omniglot.tar.gz")
    // 15 % of 964 classes is 144.6.
    let parts = try DatasetIndex(root: folder.path, seed: 1)
    #expect(parts.report.map(\.classes) == [819, 145, 659])
    let split = SplitSource.file("\(data)/splits/omniglot_vinyals.csv")
    let index = try DatasetIndex(root: folder.path, split: split)
    #expect(index.report.map(\.classes) == [1028, 172, 423])
    #expect(index.report.map(\.images) == [20_560, 3440, 8460])

    let clock = ContinuousClock()
    var store: ImageStore?
    let time = try clock.measure { store = try ImageStore(index, threads: 2) }
    print("Omniglot: \(store?.paths.count ?? 0) images to 28 × 28 by area with 2 threads in \(time)")
    let twins = try #require(store).duplicates
    #expect(twins.count == 1)
    #expect(twins.first?.map { $0.suffix(11) } == ["0192_03.png", "0192_19.png"])
    let sampler = try EpisodeSampler(
      try #require(store), split: .test, shape: EpisodeShape(ways: 20, shots: 5, queries: 15),
      rotations: .class, seed: 1)
    #expect(throws: Never.self) { try (0..<200).map(sampler.episode) }
  }

  @Test(
    "published split files have the published numbers of classes",
    arguments: [
      ("omniglot_vinyals.csv", [1028, 172, 423]), ("miniimagenet_ravi.csv", [64, 16, 20]),
      ("miniimagenet_ravi", [64, 16, 20]), ("miniimagenet_vinyals.csv", [60, 20, 20]),
      ("tieredimagenet.csv", [351, 97, 160]), ("cifar_fs.csv", [64, 16, 20]), ("fc100.csv", [60, 20, 20]),
      ("cub.csv", [100, 50, 50]),
    ])
  func splits(name: String, classes: [Int]) throws {
    let file = try SplitFile(contentsOf: "\(data)/splits/\(name)")
    #expect(Split.allCases.map(file.classCount) == classes)
    if name == "miniimagenet_ravi" {
      #expect(
        Split.allCases.map { split in file.images.count { $0.split == split } } == [38_400, 9600, 12_000])
    }
  }
}
