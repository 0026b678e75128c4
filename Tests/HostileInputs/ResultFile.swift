internal import Foundation
internal import Reports
internal import Results

/// `results.json` of a finished run, made up, and what is done with it.
enum ResultFile {
  /// A mark in every text of the file that must not reach a page as it is.
  private static let mark = "<x-fuzz>"

  /// Reads bytes as a run's result and renders its pages, without a file.
  static func check(_ bytes: [UInt8]) throws {
    let report = Report(try RunResult(content: Data(bytes), of: "results.json"), folder: "/nowhere")
    let written = try report.result.json()
    let again = try RunResult(json: written).json()
    precondition(again == written)
    precondition(!report.html.contains(mark))
    _ = (report.markdown, report.tex)
  }

  /// A run with two arms; one with everything an evaluation measures.
  static var seeds: [[UInt8]] { [file(measures: ""), file(measures: measures)].map { Array($0.utf8) } }

  private static func estimate(_ mean: Double) -> String { #"{"mean":\#(mean),"ci95":0.01}"# }

  private static func arm(_ name: String, _ accuracy: Double, _ measures: String) -> String {
    let curve = (0...2).map {
      #"{"step":\#($0),"accuracy":\#(accuracy),"ci95":0.01,"loss":\#($0 == 2 ? "\"Infinity\"" : "0.5")}"#
    }.joined(separator: ",")
    return #"""
      {"name":"\#(name)\#(mark)","family":"standard","learner":"maml","adapt":"all","order":"second",
      "second_order_share":0.7,"options":{"atoms":"6"},"command":"fewshot run --adapt '\#(mark)'",
      "parameters":{"total":9,"adapted":3,"by_role":{"head":9},
      "audit":[{"role":"kernels","tensors":4,"numbers":9,"share":0.9}]},
      "train":{"iterations":40,"tasks":320,"seconds":1.5,"ms_per_task":4.7,"peak_bytes":923,"best_iteration":36,
      "validation_accuracy":0.9,"rate_sweep":[{"role":"head","rate":0.01,"loss":1.5}],
      "rates":{"layer1.kernel":[0.08,0.12]}},
      "test":{"episodes":60,"accuracy":\#(estimate(accuracy)),"area_under_curve":0.8,"ms_per_task":2.5,
      "curve":[\#(curve)],"steps_to_95_percent":1,"disjoint":{"episodes":6,"accuracy":\#(estimate(0.8))}},
      "seeds":[{"seed":0,"folder":"runs/0","accuracy":\#(estimate(accuracy)),"train_seconds":1.5}],
      \#(measures.isEmpty ? "\"robustness\":[]" : measures)}
      """#
  }

  private static var measures: String {
    let curve = (0...2).map {
      #"""
      {"step":\#($0),"query_accuracy":\#(estimate(0.5)),"query_loss":0.5,"support_accuracy":0.9,"support_loss":0.3,
      "milliseconds":\#($0),"macs":\#($0 * 10_000_000),"kernel_movement":0.0\#($0)}
      """#
    }.joined(separator: ",")
    let rows = [",\"severity\":1", ""].map {
      #"""
      {"condition":{"group":"corruption","name":"blur","place":"query"\#($0)},"relative_drop":0.1,
      "accuracy":\#(estimate(0.8)),"relative_error":1.1}
      """#
    }.joined(separator: ",")
    return #"""
      "robustness":[\#(rows)],"between_seed_deviation":0.003,
      "speed":{"trained_steps":2,"degradation":\#(estimate(0.002)),"area_under_curve":\#(estimate(0.8)),
      "milliseconds_to_95_percent":0.9,"macs_to_95_percent":1.2e7,"steps_to_95_percent":1,
      "steps_to_95_percent_interval":[1,2],"curve":[\#(curve)],
      "movements":[{"path":"layer1.kernel","role":"kernels","is_relative":true,"by_steps":[0,0.04,0.08]}],
      "matched":[{"kernel_movement":0.05,"reached":0.9,"accuracy":\#(estimate(0.7))}],
      "rate_grid":{"factors":[0.1,1,10],"steps":[1,2],"accuracy":[[0.5,0.5],[0.9,0.9],[0.3,0.2]],"tolerated":[1,1],
      "tolerated_range":1,"trained_steps":2,"tasks":10,"best_factor":1,"is_open_below":false,"is_open_above":false},
      "similarity":[{"layer":"layer1","cka":\#(estimate(0.9))}],
      "shapes":[{"ways":5,"shots":1,"queries":15,"tasks":10,"accuracy":\#(estimate(0.8))}]}
      """#
  }

  private static func file(measures: String) -> String {
    let comparisons = ["\"metric\":\"accuracy\"", "\"metric\":\"area_under_curve\""].map {
      #"""
      {"a":"one\#(mark)","b":"two\#(mark)",\#($0),"difference":0.01,"ci95":[0.005,0.015],"p":0.001,
      "p_uncorrected":0.0005,"p_sign_flip":0.001,"episodes":60,"seeds":1,"episode_deviation":0.05,
      "episodes_needed":123}
      """#
    }.joined(separator: ",")
    return #"""
      {"kind":"\#(measures.isEmpty ? "run" : "evaluation")","ways":5,"shots":1,"queries":15,
      "arms":[\#(arm("one", 0.9, measures)),\#(arm("two", 0.89, measures))],"comparisons":[\#(comparisons)],
      "second_order_share":0.7,"pixel_baseline":\#(estimate(0.44)),
      "data":{"path":"\#(mark)","hash":"87","classes":10,"images":200,"skipped":2},
      "command":"fewshot run --data '\#(mark)'","folder":"runs/a","version":"\#(Version.current)",
      "machine":{"blas_core":"Zen","threads":2},"seconds":4.5}
      """#
  }
}
