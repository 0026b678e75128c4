import Corruptions
import Randomness
import Testing

@Suite("Every corruption")
struct CorruptionTests {
  static let all = CorruptionRegistry.corruptions + CorruptionRegistry.shifts
  static let names = all.map(\.name)

  private func spoiled(
    _ image: PlanarImage, _ name: String, _ severity: Int, _ index: UInt64 = 0
  ) throws -> PlanarImage {
    var stream = stream(index)
    return image.corrupted(by: try #require(CorruptionRegistry.named(name)), severity: severity, &stream)
  }

  @Test("names are unique and those of the protocol")
  func registry() {
    #expect(Set(Self.names).count == Self.names.count)
    #expect(
      CorruptionRegistry.corruptions.map(\.name) == [
        "gaussian-noise", "shot-noise", "impulse-noise", "speckle-noise", "gaussian-blur", "defocus-blur",
        "motion-blur", "brightness", "contrast", "pixelate", "elastic", "occlusion", "translation",
        "rotation",
        "scale",
      ])
    #expect(CorruptionRegistry.named("sepia") == nil)
  }

  @Test("pictures of any size keep it and stay within 0...1", arguments: names)
  func sizes(name: String) throws {
    for (height, width) in [(1, 1), (1, 7), (7, 1), (5, 3), (33, 20)] {
      for channels in [1, 3] {
        let image = Pictures.waves(channels: channels, height: height, width: width)
        for severity in 1...5 {
          let result = try spoiled(image, name, severity)
          #expect(result.channels == channels && result.height == height && result.width == width)
          #expect(result.pixels.allSatisfy { 0 <= $0 && $0 <= 1 }, "\(name) \(severity) \(height)×\(width)")
        }
      }
    }
  }

  @Test("one stream gives one picture, and all but the fixed ones depend on it", arguments: names)
  func determinism(name: String) throws {
    let image = Pictures.waves(channels: 3)
    let first = try spoiled(image, name, 4)
    #expect(try spoiled(image, name, 4) == first)
    let fixed: Set<String> = [
      "gaussian-blur", "defocus-blur", "brightness", "contrast", "pixelate", "grey", "inversion",
    ]
    // A coin decides some: of eight streams not all agree.
    let others = try (1...8).map { try spoiled(image, name, 4, UInt64($0)) }
    #expect(others.allSatisfy { $0 == first } == fixed.contains(name))
  }

  @Test(
    "severity does more damage",
    arguments: CorruptionRegistry.corruptions.map(\.name).filter { $0 != "elastic" })
  func severity(name: String) throws {
    let image = Pictures.waves(channels: 3)
    let damage = try (1...5).map { severity in
      try (0..<8).map { image.distance(to: try spoiled(image, name, severity, UInt64($0))) }.reduce(0, +)
    }
    // Turned or shifted waves meet themselves again, and coarse pixels may fit their edges by luck.
    let isSteady = !["translation", "rotation", "scale", "pixelate"].contains(name)
    let last = isSteady || name == "pixelate" ? 4 : 1
    #expect(damage[0] > 0 && damage[0] < damage[last], "\(name): \(damage)")
    // Severities 3 and 4 of the motion blur differ in the radius alone, where nothing is left of the Gaussian.
    for i in 0..<4 where isSteady { #expect(damage[i] <= damage[i + 1], "\(name): \(damage)") }
  }

  @Test(
    "a flat picture has nothing to blur, move or hide",
    arguments: [
      "gaussian-blur", "defocus-blur", "motion-blur", "contrast", "pixelate", "elastic", "occlusion",
      "translation", "rotation", "scale", "grey",
    ])
  func flat(name: String) throws {
    for value in [Float(0), 0.4, 1] {
      let image = Pictures.flat(value, channels: 3, height: 40, width: 36)
      for severity in 1...5 {
        for pixel in try spoiled(image, name, severity).pixels { #expect(abs(pixel - value) < 2e-6) }
      }
    }
  }

  @Test("8-bit planes come back as they were")
  func planes() {
    let planes = (0..<3).map { c in (0..<256).map { UInt8(truncatingIfNeeded: $0 * (c + 1)) } }
    #expect(PlanarImage(planes: planes, height: 8, width: 32).planes == planes)
  }
}
