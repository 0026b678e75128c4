// The entry points of libFuzzer; `.ci/fuzz` compiles this file, which is no target of the package.

import Foundation
import HostileInputs

/// The format that is fed, by its name in the environment.
private let format = FileFormat(rawValue: ProcessInfo.processInfo.environment["FUZZ_FORMAT"] ?? "")

/// Writes the valid files that the search starts from into the folder the environment names.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
  guard let format, let folder = ProcessInfo.processInfo.environment["FUZZ_SEEDS"],
    let seeds = try? format.seeds
  else { fatalError("FUZZ_FORMAT and FUZZ_SEEDS name a format and a folder") }
  for (i, seed) in seeds.enumerated() {
    guard FileManager.default.createFile(atPath: "\(folder)/seed\(i)", contents: Data(seed)) else {
      fatalError("\(folder): cannot be written")
    }
  }
  return 0
}

/// What reading one file may take of the processor, in seconds; time on the clock would depend on who else computes.
private let limit = 1.0

/// The processor time of this thread.
private var now: Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Feeds one file; a second time with its checksums repaired, which chance never does, where it has any.
@_cdecl("LLVMFuzzerTestOneInput")
public func feed(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let format else { return -1 }
  let file = Array(UnsafeBufferPointer(start: bytes, count: count))
  let start = now
  _ = format.read(file)
  if let repaired = format.repaired(file) { _ = format.read(repaired) }
  precondition(now - start < limit, "reading \(count) bytes took \(now - start) seconds")
  return 0
}
