import ConvFamilies
import Experiments
import Foundation
import MetaLearning

var bench = Benchmark()
let a = CommandLine.arguments
func value(_ f: String) -> String? { a.firstIndex(of: f).map { a[$0 + 1] } }
if let v = value("--work") { bench.work = .init(rawValue: v)! }
if let v = value("--shape") { bench.shape = .init(rawValue: v)! }
if let v = value("--threads") { bench.threads = Int(v)! }
if let v = value("--steps") { bench.steps = Int(v)! }
if let v = value("--shots") { bench.shots = Int(v)! }
if let v = value("--repeats") { bench.repeats = Int(v)! }
if let v = value("--order") { bench.order = .init(rawValue: v)! }
if let v = value("--memory") { bench.memory = .init(rawValue: v)! }
if let v = value("--evaluation") { bench.evaluation = v }
let m = try await bench.run(families: FamilyRegistry.families)
print(String(decoding: try JSONEncoder().encode(m), as: UTF8.self))
