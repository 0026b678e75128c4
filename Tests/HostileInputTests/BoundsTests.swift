import HostileInputs
import SafeTensors
import Testing

@Suite("Files that ask for too much")
struct BoundsTests {
  /// The words with which a format refuses some bytes.
  private func refusal(of bytes: [UInt8], as format: FileFormat) throws -> String {
    var words: String?
    if case .refused(let sentence) = format.read(bytes) { words = sentence }
    return try #require(words, "accepted")
  }

  @Test("a grid of a few lines that stands for billions of cells is refused, not listed")
  func grid() throws {
    let axes = (0..<10).map {
      "  axis\($0): [" + Array(repeating: "{shots: 1}", count: 10).joined(separator: ", ") + "]"
    }
    let text = (["grid:"] + axes).joined(separator: "\n")
    let sentence = try refusal(of: Array(text.utf8), as: FileFormat.grid)
    #expect(sentence.contains("more than 10000 cells"), "\(sentence)")
  }

  @Test("a checkpoint with fewer rates than steps is refused when it is read, not met in a step")
  func rates() throws {
    var file = try SafeTensorsFile(bytes: try #require(FileFormat.checkpoint.seeds.first))
    let rate = try #require(file.names.first { $0.hasPrefix("rate:") })
    file[rate] = .init(floats: [0.1], shape: [1])
    #expect(FileFormat.checkpoint.read(file.encoded()) != .accepted)
  }

  @Test("sizes whose sum is no number are refused")
  func sizes() throws {
    var file = try SafeTensorsFile(bytes: try #require(FileFormat.part.seeds.last))
    file["sizes"] = .init(int64s: [.max, .max, 2], shape: [3])
    let sealed = try #require(FileFormat.part.repaired(file.encoded()))
    let sentence = try refusal(of: sealed, as: FileFormat.part)
    #expect(sentence.contains("sizes"), "\(sentence)")
  }

  @Test("a state with more trials than there are rates to try is refused")
  func trials() throws {
    var file = try SafeTensorsFile(bytes: try #require(FileFormat.state.seeds.last))
    file["sweep_losses"] = .init(doubles: Array(repeating: 1, count: 1000), shape: [1000])
    let sealed = try #require(FileFormat.state.repaired(file.encoded()))
    let sentence = try refusal(of: sealed, as: FileFormat.state)
    #expect(sentence.contains("sweep_losses"), "\(sentence)")
  }
}
