import HostileInputs
import Testing

@Suite("Damaged files")
struct MutationTests {
  @Test("the files that damage starts from are valid", arguments: FileFormat.readable)
  func seeds(format: FileFormat) throws {
    for (i, seed) in try format.seeds.enumerated() {
      // The last configuration has an anchor and an alias, which are refused by design.
      let isValid = format != .configuration || i < 2
      #expect((format.read(seed) == .accepted) == isValid, "\(i): \(format.read(seed))")
    }
  }

  @Test(
    "a damaged file is refused in a few plain lines or is sound, and never crashes",
    arguments: FileFormat.readable)
  func damaged(format: FileFormat) throws {
    var mutator = try Mutator(format, seed: 1)
    var (refused, accepted) = (0, 0)
    // Pages are made of every result that is read, which takes its time.
    let tries = format == .result ? 300 : 2000
    for _ in 0..<tries {
      guard case .refused(let sentence) = format.read(mutator.next()) else {
        accepted += 1
        continue
      }
      refused += 1
      #expect(!sentence.isEmpty && sentence.utf8.count < 2000)
      #expect(sentence.split(separator: "\n", omittingEmptySubsequences: false).count <= 3, "\(sentence)")
      #expect(
        !sentence.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value == 127 }, "\(sentence)")
    }
    // Damage that always or never shows would test little.
    #expect(refused > tries / 10 && accepted > tries / 100, "\(refused) refused, \(accepted) accepted")
  }
}
