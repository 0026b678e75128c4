import Foundation
import Testing

/// Streams that take nothing, or are not there, as after a full disk or a lost terminal.
@Suite struct StandardStreamTests {
  private let small =
    "run --data g --image-size 16 --filters 4 --ways 3 --queries 2 --train-queries 2 --validation-queries 2 "
    + "--meta-batch 2 --episodes 4 --validation-episodes 2 --evaluation-steps 2 --inner-rate 0.1 --baseline none"

  @Test(
    "a log that takes no words costs nothing; a result that cannot be printed ends with 74 and is in the folder",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"),
    arguments: [
      ("2> /dev/full", 0), ("> /dev/full", 74), ("2>&-", 0), (">&- 2>&-", 74),
      ("> /dev/full 2> /dev/full", 74),
    ])
  func full(_ streams: String, _ status: Int32) throws {
    try Program.withFolder { folder in
      _ = try Program.run("data glyphs --output g --train 4 --validation 3 --test 3 --images 4", in: folder)
      #expect(
        try Program.shell("$fewshot \(small) --iterations 2 --output r \(streams)", in: folder) == status)
      let page = folder.appendingPathComponent("r/report.html")
      #expect(FileManager.default.fileExists(atPath: page.path))
      // Nothing that was said went into a file that took the number of a closed stream.
      let result = try Program.run("report r --json", in: folder)
      #expect(result.status == 0, "\(result.error)")
    }
  }

  @Test("a reader that goes away ends a printer and not a training")
  func closedPipe() throws {
    try Program.withFolder { folder in
      #expect(
        try Program.shell("set -o pipefail; $fewshot --help | true; $fewshot data --help | cat", in: folder)
          == 0)
      // 128 and the number of SIGPIPE, as from any other program.
      #expect(
        try Program.shell(
          "(sleep 0.3; exec $fewshot families) | exec true; exit ${PIPESTATUS[0]}", in: folder) == 141
      )
      _ = try Program.run("data glyphs --output g --train 4 --validation 3 --test 3 --images 4", in: folder)
      #expect(
        try Program.shell(
          "$fewshot \(small) --iterations 2 --output r 2>&1 > out | exec true; exit ${PIPESTATUS[0]}",
          in: folder)
          == 0)
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("r/report.html").path))
    }
  }

  @Test("a closed terminal stops no run that was started with nohup")
  func nohup() throws {
    try Program.withFolder { folder in
      _ = try Program.run("data glyphs --output g --train 4 --validation 3 --test 3 --images 4", in: folder)
      let line = """
        nohup "$fewshot" \(small) --iterations 300 --output r > out 2> err & child=$!
        until grep -q 'train acdc' err; do sleep 0.01; done
        kill -HUP $child; wait $child
        """
      #expect(try Program.shell(line, in: folder) == 0)
    }
  }
}
