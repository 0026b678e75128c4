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
    FileManager.default.createFile(atPath: "\(folder)/seed\(i)", contents: Data(seed))
  }
  return 0
}

/// Feeds one file; a PNG file a second time with its checksums repaired, which chance never does.
@_cdecl("LLVMFuzzerTestOneInput")
public func feed(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let format else { return -1 }
  let file = Array(UnsafeBufferPointer(start: bytes, count: count))
  _ = format.read(file)
  if format == .png { _ = format.read(PNGChunks.repaired(file)) }
  return 0
}
