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

/// Feeds one file.
@_cdecl("LLVMFuzzerTestOneInput")
public func feed(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let format else { return -1 }
  let file = Array(UnsafeBufferPointer(start: bytes, count: count))
  let start = now
  _ = format.read(file)
  precondition(now - start < limit, "reading \(count) bytes took \(now - start) seconds")
  return 0
}

/// The changes that libFuzzer makes of its own.
@_silgen_name("LLVMFuzzerMutate")
private func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int) -> Int

/// Changes one file.
///
/// Formats with checksums get them right in every second one, which chance never does; every second picture is changed
/// by its structure.
@_cdecl("LLVMFuzzerCustomMutator")
public func change(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int, _ seed: CUnsignedInt)
  -> Int
{
  guard let format, format.hasChecksums, seed % 2 == 1 else { return mutate(bytes, count, most) }
  let file: [UInt8]
  if format == .png {
    let before = Array(UnsafeBufferPointer(start: bytes, count: count))
    file = PNGMutator.changed(before, seed: UInt64(seed)) { part in
      var room = part + [UInt8](repeating: 0, count: 64)
      let length = room.withUnsafeMutableBufferPointer { room in
        room.baseAddress.map { mutate($0, part.count, room.count) } ?? 0
      }
      return Array(room.prefix(length))
    }
  } else {
    let length = mutate(bytes, count, most)
    guard let repaired = format.repaired(Array(UnsafeBufferPointer(start: bytes, count: length))) else {
      return length
    }
    file = repaired
  }
  guard file.count <= most else { return mutate(bytes, count, most) }
  for (i, byte) in file.enumerated() { bytes[i] = byte }
  return file.count
}
