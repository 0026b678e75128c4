import Foundation
import Settings
import Testing

/// An invalid value for each field, none of which may be read as another.
private let invalid: [(key: String, values: [String])] = [
  ("data", [""]), ("split", [""]), ("split-seed", ["-1", "x", "1.5", "18446744073709551616"]),
  ("image-size", ["3", "1025", "x", "28.0", "9999999999999999999"]), ("channels", ["0", "2", "4", "grey"]),
  ("invert", ["yes", "2"]),
  ("crop", ["0", "1.5", "nan", "-1", "middle", ""]), ("resize", ["bilinear", "aera"]),
  ("rotations", ["90", "all"]),
  ("skip-unreadable", ["maybe"]), ("follow-links", ["maybe"]),
  ("ways", ["1", "0", "-5", "five", "5.0", "1001", "20-5", "5-1001", "2-3-4", ""]),
  ("shots", ["0", "1001", "1-5", "varied"]),
  ("queries", ["0", "x"]), ("train-ways", ["1", "x"]), ("train-shots", ["0", "x"]),
  ("train-queries", ["0", "x"]), ("class-sampling", ["folders", ""]), ("short-classes", ["keep", ""]),
  ("family", ["", "acdcc"]), ("option", ["atoms", "=6", "atoms=", "atom=6", "atoms=0", "atoms=x"]),
  ("adapt", ["", "atom", "atoms@9", "atoms@x", "random:0", "none+atoms", "bases", "atoms+", "@1"]),
  ("adapt-budget", ["0", "-1", "x", "1e3", "1000000001", "20"]),
  ("head", ["thawed", ""]), ("head-option", ["lambda", "=1", "lambda=0"]), ("initial", [""]),
  ("running-statistics", ["maybe"]),
  ("pixel-statistics", ["", "0.5", "0.5/0", "0.5/x", "1,2/1,1", "0.5/0.25/1", "imagenet", "1,2,3/1,1,1"]),
  ("backbone", ["", "conv5"]), ("filters", ["0", "4097", "x"]),
  ("learner", ["MAML", "protonet"]), ("order", ["third", "2"]), ("memory", ["none"]),
  ("inner-steps", ["-1", "101", "x", "0"]), ("inner-optimizer", ["lion", "adam"]),
  ("inner-rate", ["0", "-1", "nan", "inf", "learnt", "101"]),
  ("tie-rates", ["maybe"]), ("elementwise-rates", ["maybe"]), ("step-norms", ["maybe"]),
  ("rate-trials", ["-1", "1001", "x"]), ("multi-step-loss", ["maybe"]),
  ("multi-step-updates", ["-1", "x", "5"]), ("first-order-updates", ["-1", "x"]),
  ("meta-batch", ["0", "10001"]), ("iterations", ["-1", "x"]),
  ("outer-rate", ["0", "-1", "nan", "inf", "11"]),
  ("clip", ["0", "nan", "-1"]), ("batch-size", ["1", "x", "64"]),
  ("batch-parts", ["0", "x", "4"]), ("optimizer", ["lion", "sgd"]),
  ("momentum", ["-1", "1", "nan"]), ("nesterov", ["maybe"]), ("weight-decay", ["-1", "2", "nan"]),
  ("decay-roles", [""]), ("label-smoothing", ["-0.1", "1"]), ("schedule", ["linear", ""]),
  ("warm-up", ["-1", "x"]), ("classifier", ["svm"]), ("augment", ["flip+flip", "flop", "", "none+flip"]),
  ("averaging", ["1", "-1"]), ("held-out", ["-0.1", "1"]), ("episodes", ["1", "x"]),
  ("validation-episodes", ["1", "x"]),
  ("validation-queries", ["0", "x"]), ("episode-seed", ["-1", "x"]),
  ("evaluation-steps", ["-1", "1001", "1"]), ("robustness-episodes", ["-1", "x"]),
  ("attribution-episodes", ["-1", "x"]),
  ("corrupt-at", ["file", ""]),
  ("baseline", ["acdc"]), ("seed", ["-1", "x"]), ("threads", ["0", "1025", "x"]),
  ("on-nonfinite", ["go", ""]),
  ("checkpoint-minutes", ["0", "-1", "nan"]), ("memory-limit", ["0", "-1", "x"]),
  ("tensorboard", ["maybe"]), ("output", [""]),
]

@Suite("Flags with bad values")
struct BadFlagTests {
  @Test("the table above has every field, in order")
  func complete() { #expect(invalid.map(\.key) == Plan.fields.map(\.key)) }

  @Test("an invalid value of any flag ends with 64 and names the flag", arguments: invalid)
  func flag(key: String, values: [String]) throws {
    for value in values {
      let outcome = try Program.run(arguments: ["run", "--\(key)=\(value)", "--dry-run"])
      #expect(outcome.status == 64, "--\(key)=\(value): \(outcome.status) \(outcome.error)")
      #expect(outcome.error.contains(key), "--\(key)=\(value): \(outcome.error)")
      #expect(outcome.output.isEmpty)
      // What the parser refuses itself, as it does no value at all, ends with its own two lines on usage.
      let lines = value.isEmpty ? 4 : 3
      #expect(outcome.error.split(separator: "\n").count <= lines, "\(outcome.error)")
    }
  }

  @Test("an invalid value in a file ends with 64 and names the key and the line", arguments: invalid)
  func file(key: String, values: [String]) throws {
    try Program.withFolder { folder in
      // One of each is enough: file and flags go through the same rows.
      guard !key.hasSuffix("option"), let value = values.last else { return }
      try "# settings\n\(key): \"\(value)\"\n".write(
        to: folder.appendingPathComponent("p.yaml"), atomically: true, encoding: .utf8)
      let outcome = try Program.run("run --config p.yaml --dry-run", in: folder)
      #expect(outcome.status == 64 && outcome.error.contains(key), "\(outcome.error)")
    }
  }

  @Test(
    "settings that contradict each other end with 64 and the words of both",
    arguments: [
      ("--adapt atoms --family standard", ["adapt", "atoms", "kernels"]),
      ("--head frozen --adapt atoms+head", ["head", "adapt"]),
      ("--inner-steps 0 --learner maml", ["inner-steps"]),
      ("--evaluation-steps 1 --inner-steps 3", ["evaluation-steps", "3"]),
      ("--train-ways 10 --ways 5", ["train-ways", "linear head"]),
      ("--adapt-budget 162 --option atoms=9", ["adapt-budget", "243", "atoms=9"]),
      ("--adapt-budget 100 --family lora", ["adapt-budget", "960", "rank=1"]),
      ("--adapt random", ["random:100", "adapt-budget"]),
      ("--head ridge --adapt atoms+head", ["adapt", "ridge"]),
      ("--head frozen --head-option c=1", ["head-option"]),
      ("--head logistic --adapt none", ["logistic", "iterations"]),
      ("--running-statistics", ["running-statistics", "initial"]),
      ("--batch-size 32", ["batch-size", "supervised", "pretrain"]),
      ("--learner supervised --inner-steps 2", ["inner-steps", "supervised"]),
      ("--learner supervised --decay-roles atom", ["decay-roles", "atoms"]),
      ("--learner supervised --optimizer adam --momentum 0.5", ["optimizer", "momentum"]),
      ("--learner supervised --warm-up 50 --iterations 20", ["warm-up", "20"]),
      ("--learner prototypical --adapt atoms", ["adapt"]),
      ("--adapt none --head frozen", ["adapt"]), ("--family standard --option atoms=6", ["option", "atoms"]),
      ("--backbone conv4 --image-size 8", ["image-size"]), ("--adapt atoms@3-9", ["adapt", "4"]),
    ])
  func contradiction(_ flags: String, _ words: [String]) throws {
    let outcome = try Program.run("run \(flags) --dry-run")
    #expect(outcome.status == 64)
    for word in words { #expect(outcome.error.contains(word), "\(outcome.error)") }
  }

  @Test(
    "an unknown name is answered with the nearest",
    arguments: [
      ("--family acdcc", "acdc"), ("--backbone conv5", "conv4"),
      ("--learner prototypcal", "nearest is prototypical"),
      ("--order frist", "nearest is first"), ("--resize aera", "nearest is area"), ("--way 5", "--ways"),
    ])
  func nearest(_ flags: String, _ words: String) throws {
    let outcome = try Program.run("run \(flags) --dry-run")
    #expect(outcome.status == 64 && outcome.error.contains(words), "\(outcome.error)")
  }

  // 4, 3 and 3 classes of 6 images: 1 shot leaves 5 queries.
  @Test(
    "demands larger than the data end with 64, the split, its smallest class and the largest value",
    arguments: [
      ("--ways 5", ["train has 4 classes and needs 5", "at most 3 ways"]),
      ("--ways 4", ["val has 3 classes and needs 4", "at most 3 ways"]),
      (
        "--ways 3 --queries 6", ["test needs 7", "test/class00", "6 images", "at most 5 queries (--queries)"]
      ),
      ("--ways 3 --train-queries 6", ["train needs 7", "at most 5 training queries (--train-queries)"]),
      (
        "--ways 3 --queries 1 --validation-queries 6", ["validation needs 7", "at most 5 validation queries"]
      ),
      ("--ways 3 --shots 6 --train-shots 1 --queries 1", ["validation needs", "at most 5 shots (--shots)"]),
    ])
  func tooMuch(_ flags: String, _ words: [String]) throws {
    try Program.withFolder { folder in
      _ = try Program.run(
        "data glyphs --output g --train 4 --validation 3 --test 3 --images 6", in: folder)
      let outcome = try Program.run("run --data g --filters 4 \(flags) --output r", in: folder)
      #expect(outcome.status == 64)
      for word in words { #expect(outcome.error.contains(word), "\(outcome.error)") }
    }
  }
}
