import Figures
import Testing

@Suite("Sheets of pictures")
struct PictureSheetTests {
  private func bitmap(_ side: Int, _ value: UInt8) -> PictureSheet.Bitmap {
    .init(width: side, height: side, rgb: [UInt8](repeating: value, count: 3 * side * side))
  }

  private func sheet(_ pictures: [PictureSheet.Bitmap], rows: Int = 2) -> PictureSheet {
    PictureSheet(
      title: "Title", subtitle: "What the numbers mean", columns: ["clean", "severity 5"],
      rows: (0..<rows).map {
        .init("row \($0)", [.init(pictures), .init(pictures, caption: "0.125")])
      })
  }

  private func word(_ bytes: [UInt8], _ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }

  @Test("it grows with what it shows, and is the same bytes each time", arguments: [1, 28, 64, 112])
  func size(side: Int) throws {
    let one = try sheet([bitmap(side, 0)]).png()
    #expect(one == (try sheet([bitmap(side, 0)]).png()))
    #expect(one != (try sheet([bitmap(side, 200)]).png()))
    let more = try sheet([bitmap(side, 0), bitmap(side, 255)], rows: 3).png()
    // One more row of pictures, at 64 pixels or as large as they are.
    let shown = side * max(1, 64 / side)
    #expect(word(more, 20) - word(one, 20) == shown + 26 + 14)
    #expect(word(more, 16) >= word(one, 16))
  }

  @Test("without rows, and with pictures of different sizes, nothing traps")
  func odd() throws {
    #expect(!(try PictureSheet(title: "", subtitle: "", columns: [], rows: []).png()).isEmpty)
    #expect(!(try sheet([bitmap(3, 0), bitmap(20, 9)]).png()).isEmpty)
  }

  @Test("every pixel of a picture is a square of whole pixels in a frame")
  func pixels() throws {
    // 2 × 2 pixels, enlarged 32 times.
    let colours: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]
    let rgb = try sheet([.init(width: 2, height: 2, rgb: colours)]).pixels().rgb
    for c in stride(from: 0, to: 12, by: 3) {
      let wanted = Array(colours[c..<c + 3])
      let found = stride(from: 0, to: rgb.count, by: 3).count { Array(rgb[$0..<$0 + 3]) == wanted }
      #expect(found == 4 * 32 * 32, "\(wanted)")
    }
  }
}
