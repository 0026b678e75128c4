import Foundation
import Settings
import TestData
import Testing

@Suite("Configuration files from strangers")
struct HostileConfigurationTests {
  private func complaint(_ text: String) -> String {
    do {
      _ = try ConfigurationFile(text, from: "plan.yaml").applied(to: Plan())
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "a few lines that stand for billions are refused at once",
    arguments: ["option: *j", "? *j\n: 1", "*j : 1"])
  func aliases(last: String) {
    var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for (name, before) in zip("bcdefghij", "abcdefghi") {
      text += "\(name): &\(name) [\(Array(repeating: "*\(before)", count: 10).joined(separator: ", "))]\n"
    }
    let start = ContinuousClock.now
    #expect(complaint(text + last + "\n").contains("anchors and aliases"))
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test("paths and words with & or * are no aliases")
  func notAliases() {
    #expect(complaint("output: runs/R&D\n") == "")
    #expect(complaint("output: \"runs/a &b\"\n") == "")
    #expect(complaint("output: 'runs/5 * 5 & more'\n") == "")
  }

  @Test(
    "nesting without end is refused at once",
    arguments: ["[", "{a: ", "{", "- ", "? ", "[{", "\n - ", "&a ", "!", "- - [", "'", "|\n", "a: ", "%"])
  func nesting(part: String) {
    let start = ContinuousClock.now
    #expect(complaint(String(repeating: part, count: 40_000)) != "")
    #expect(ContinuousClock.now - start < .seconds(10), "\(ContinuousClock.now - start)")
  }

  @Test("NUL, other encodings, huge and endless files are refused")
  func files() throws {
    #expect(complaint("ways: 5\0\n").contains("NUL"))
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("plan-\(UUID()).yaml").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    func refusal(_ data: Data) throws -> String {
      try data.write(to: URL(fileURLWithPath: path))
      do {
        _ = try ConfigurationFile(contentsOf: path)
        return ""
      } catch { return "\(error)" }
    }
    #expect(try refusal(Data([0xff, 0xfe, 0x61, 0])).contains("not UTF-8"))
    #expect(try refusal(Data(repeating: 0x23, count: 1 << 20)).contains("longer than"))
    #expect(throws: ConfigurationFileError.self) { try ConfigurationFile(contentsOf: "/dev/zero") }
    #expect(throws: ConfigurationFileError.self) { try ConfigurationFile(contentsOf: "/tmp") }
  }
}
