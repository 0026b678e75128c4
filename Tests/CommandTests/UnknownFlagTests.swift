import Foundation
import Testing

@Suite("Flags that there are not")
struct UnknownFlagTests {
  @Test(
    "a name that others use is answered with the flag of that meaning",
    arguments: [
      ("run --lr 1", "--outer-rate;"), ("run --learning_rate=1", "--outer-rate;"),
      ("run --inner-lr 1", "--inner-rate;"), ("run --epochs 3", "--iterations;"),
      ("run --n-way 5", "--ways;"), ("run --k-shot=1", "--shots;"), ("run --num-workers 2", "--threads;"),
      ("run --output-dir x", "--output;"), ("run --model conv4", "--backbone;"),
      ("run --batch 4", "--meta-batch or --batch-size;"), ("run --Seed 1", "--seed;"),
      ("evaluate r --output-dir x", "--output;"), ("ablate g.yaml --workers 2", "--threads or --jobs;"),
      ("run --meta_batch 3", "--meta-batch;"), ("run --iteratoins 3", "--iterations;"),
      ("run --rate 3", "--inner-rate or --rate-trials or --outer-rate;"),
      ("pretrain --lr 1", "--outer-rate;"),
    ])
  func meant(line: String, flag: String) throws {
    let outcome = try Program.run(line)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.error.contains("The nearest is \(flag) see fewshot "), "\(outcome.error)")
    #expect(outcome.error.split(separator: "\n").count == 1)
  }

  @Test("a name like none gets no suggestion, but the command whose help lists them")
  func none() throws {
    let outcome = try Program.run("data check --xyzzy 3")
    #expect(outcome.status == 64, "\(outcome.error)")
    #expect(
      outcome.error
        == "fewshot: there is no flag --xyzzy of fewshot data check. See fewshot data check --help.\n",
      "\(outcome.error)")
  }

  @Test("batch-size, which only supervised training has, is answered with the size of a meta-batch")
  func batchSize() throws {
    let outcome = try Program.run("run --batch-size 4")
    #expect(outcome.status == 64 && outcome.error.contains("Use meta-batch"), "\(outcome.error)")
  }

  @Test("quiet prints the result and nothing else; verbose prints more; both are refused")
  func levels() throws {
    try Program.withFolder { folder in
      let small =
        "run --iterations 2 --meta-batch 2 --filters 4 --episodes 4 --validation-episodes 2 --validation-queries 2 "
        + "--rate-trials 0 --inner-rate 0.1 --robustness-episodes 0 --attribution-episodes 0 --baseline none"
      let cache = ["XDG_CACHE_HOME": folder.path]
      let quiet = try Program.run("\(small) --output q -q", in: folder, environment: cache)
      #expect(quiet.status == 0 && quiet.error.isEmpty, "\(quiet.error)")
      #expect(quiet.output.hasSuffix("\nReport: q/report.html\n"), "\(quiet.output)")
      let usual = try Program.run("\(small) --output u", in: folder, environment: cache)
      let verbose = try Program.run("\(small) --output v --verbose", in: folder, environment: cache)
      #expect(verbose.error.contains("validation after update 2: accuracy"), "\(verbose.error)")
      #expect(!usual.error.contains("validation after update") && usual.error.contains("training accuracy"))
      #expect(verbose.output.count > usual.output.count)
      #expect(try Program.run("\(small) -q -v", in: folder, environment: cache).status == 64)
    }
  }
}
