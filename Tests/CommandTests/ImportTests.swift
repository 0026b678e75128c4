import Foundation
import Images
import SafeTensors
import Testing

/// Narrow networks of torchvision's form, and what PyTorch makes of ten pictures with them.
enum ImportedNetworks {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Goldens/import")

  static func file(_ name: String) -> URL { folder.appendingPathComponent("\(name).safetensors") }

  static func expected() throws -> SafeTensorsFile { try SafeTensorsFile(contentsOf: file("expected")) }

  /// Writes the ten pictures below `p`, in two class folders.
  ///
  /// With a frame they are the middle of pictures of 50 × 36 pixels: 7/8 of the shorter side are 31.5, so 32 pixels.
  static func writePictures(in place: URL, isFramed: Bool = false) throws {
    let images = try #require(try expected()["images"])
    let size = 32 * 32 * 3
    for i in 0..<10 {
      let pixels = Array(images.bytes[i * size..<(i + 1) * size])
      let (width, height) = isFramed ? (50, 36) : (32, 32)
      var framed = (0..<3 * width * height).map { UInt8($0 * 7 % 256) }
      for y in 0..<32 {
        let start = 3 * ((y + (height - 32) / 2) * width + (width - 32) / 2)
        framed.replaceSubrange(start..<start + 96, with: pixels[96 * y..<96 * (y + 1)])
      }
      let target = place.appendingPathComponent("p/\(i < 5 ? "a" : "b")/\(i).png")
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(PNGCodec.encode(framed, width: width, height: height, channels: 3)).write(to: target)
    }
  }
}

@Suite("Networks that were trained elsewhere")
struct ImportTests {
  @Test(
    "features of the middle of ten pictures, which torchvision cuts out, are PyTorch's to 1e-4",
    arguments: ["resnet18", "resnet34", "resnet50"])
  func features(name: String) throws {
    try Program.withFolder { folder in
      try ImportedNetworks.writePictures(in: folder, isFramed: true)
      let file = ImportedNetworks.file(name).path
      let imported = try SmallRun.done(
        "import \(file) --map torchvision-\(name) --image-size 32 --output n --json", in: folder)
      let document = try #require(try imported.json() as? [String: Any])
      #expect(document["filters"] as? Int == 2 && document["pixel_statistics"] as? String == "imagenet")
      #expect(document["crop"] as? String == "0.875")
      let left = try #require(document["left_out"] as? [String])
      #expect(Set(left.filter { !$0.hasSuffix("num_batches_tracked") }) == ["fc.weight", "fc.bias"])
      try SmallRun.done("embed n --images p --output e", in: folder)
      let tensors = try SafeTensorsFile(
        contentsOf: folder.appendingPathComponent("e/features.safetensors"))
      let found = try tensors.doubles("features")
      let wanted = try ImportedNetworks.expected().doubles(name)
      #expect(found.count == wanted.count)
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-4 })
      // Exported again it is the state dict that it came from, but for the classifier.
      try SmallRun.done("export n --format safetensors-torch --output back.safetensors", in: folder)
      let (old, new) = (
        try SafeTensorsFile(contentsOf: ImportedNetworks.file(name)),
        try SafeTensorsFile(contentsOf: folder.appendingPathComponent("back.safetensors"))
      )
      #expect(new.names == old.names.filter { !$0.hasPrefix("fc.") })
      // In 64 bits the same numbers take more bytes.
      for name in new.names where new[name] != old[name] {
        let (there, back) = (try old.doubles(name), try new.doubles(name))
        #expect(new[name]?.shape == old[name]?.shape && there == back, "\(name)")
      }
    }
  }

  @Test("an imported network is a run to evaluate, predict, convert and run --initial")
  func uses() throws {
    try Program.withFolder { folder in
      try ImportedNetworks.writePictures(in: folder)
      _ = try Program.run("data glyphs --output g --train 5 --validation 5 --test 5 --images 16", in: folder)
      let file = ImportedNetworks.file("resnet18").path
      try SmallRun.done(
        "import \(file) --map torchvision-resnet18 --image-size 32 --crop whole --output n", in: folder)
      let few = "--suite speed --episodes 2 --probe-episodes 2 --attribution none"
      try SmallRun.done("evaluate n --data g \(few) --output e", in: folder)
      try SmallRun.done("predict n --support p --images p/a/0.png --save t.safetensors", in: folder)
      try SmallRun.done("convert n --family svd --option rank=1 --output c", in: folder)
      let run = try SmallRun.done(
        "run --initial n --data g --channels 3 --no-invert --image-size 32 --backbone resnet18-imagenet --filters 2 "
          + "--family standard --head centroid --adapt norm --inner-steps 1 --iterations 0 --ways 3 --queries 2 "
          + "--validation-queries 2 --episodes 3 --validation-episodes 2 --baseline none --robustness-episodes 0 "
          + "--attribution-episodes 0 --output r --json", in: folder)
      #expect(run.status == 0)
      let configuration = try #require(
        try JSONSerialization.jsonObject(
          with: Data(contentsOf: folder.appendingPathComponent("r/config.json"))) as? [String: Any])
      #expect(configuration["pixel-statistics"] as? String == "imagenet")
      #expect(configuration["running-statistics"] as? Bool == true)
      #expect(configuration["crop"] as? String == "whole")
      let refused = try Program.run("run --resume n", in: folder)
      #expect(refused.status == 64 && refused.error.contains("an imported network"), "\(refused.error)")
    }
  }

  /// A plain network with its own names, another ε, and one tensor too many.
  private func state(_ folder: URL, without missing: String? = nil) throws {
    var file = SafeTensorsFile()
    for i in 0..<4 {
      let inputs = i == 0 ? 1 : 2
      let parts: [(String, [Int])] = [
        ("conv.weight", [2, inputs, 3, 3]), ("bn.weight", [2]), ("bn.bias", [2]), ("bn.running_mean", [2]),
        ("bn.running_var", [2]),
      ]
      for (part, shape) in parts {
        let count = shape.reduce(1, *)
        file["encoder.\(i).\(part)"] = .init(
          floats: (0..<count).map { Float(($0 * 7 + i) % 5 + 1) / 10 }, shape: shape)
      }
    }
    file["classifier.weight"] = .init(floats: [1, 2], shape: [1, 2])
    if let missing { file[missing] = nil }
    try file.write(to: folder.appendingPathComponent("state.safetensors"))
  }

  private static let mapping = """
    backbone: conv4-strided
    channels: 1
    image-size: 16
    norm-epsilon: 0.001
    ignore: [classifier.*]
    tensors:
      layer{n}.conv.kernel: encoder.{n-1}.conv.weight
      layer{n}.norm.scale: encoder.{n-1}.bn.weight
      layer{n}.norm.shift: encoder.{n-1}.bn.bias
      layer{n}.norm.mean: encoder.{n-1}.bn.running_mean
      layer{n}.norm.variance: encoder.{n-1}.bn.running_var
    """

  @Test("a mapping names the tensors of any backbone; every tensor that does not fit is named")
  func mapping() throws {
    try Program.withFolder { folder in
      try state(folder)
      let map = folder.appendingPathComponent("map.yaml")
      func write(_ text: String) throws { try Data(text.utf8).write(to: map) }
      try write(Self.mapping)
      let line = "import state.safetensors --map map.yaml --output n"
      try SmallRun.done(line, in: folder)
      let checkpoint = try SafeTensorsFile(
        contentsOf: folder.appendingPathComponent("n/checkpoints/best.safetensors"))
      let source = try SafeTensorsFile(contentsOf: folder.appendingPathComponent("state.safetensors"))
      #expect(try checkpoint.doubles("layer3.conv.kernel") == source.doubles("encoder.2.conv.weight"))
      // (v + 10⁻³) here is (v′ + 10⁻⁵).
      let variances = zip(
        try checkpoint.doubles("statistics.2.variance"), try source.doubles("encoder.1.bn.running_var"))
      for (new, old) in variances { #expect(abs(new - old - 0.00099) < 1e-7) }

      for (change, words) in [
        (("ignore: [classifier.*]\n", ""), ["classifier.weight of shape [1, 2]", "ignore"]),
        (
          ("encoder.{n-1}.bn.bias", "encoder.{n}.bn.bias"),
          ["encoder.4.bn.bias", "encoder.0.bn.bias", "2 tensors"]
        ),
        (("image-size: 16", "image-siz: 16"), ["map.yaml, line 3", "image-size"]),
        (("conv4-strided", "conv5"), ["backbone", "conv4"]),
        (("channels: 1", "channels: 3"), ["[2, 3, 3, 3]"]),
      ] {
        try FileManager.default.removeItem(at: folder.appendingPathComponent("n"))
        try write(Self.mapping.replacing(change.0, with: change.1))
        let outcome = try Program.run(line, in: folder)
        #expect([64, 65].contains(outcome.status), "\(outcome.error)")
        for word in words { #expect(outcome.error.contains(word), "\(word): \(outcome.error)") }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/n"))
        try FileManager.default.createDirectory(
          at: folder.appendingPathComponent("n"), withIntermediateDirectories: true)
      }
      try write(Self.mapping)
      try state(folder, without: "encoder.1.bn.running_var")
      let missing = try Program.run(line, in: folder)
      #expect(
        missing.status == 65 && missing.error.contains("there is no encoder.1.bn.running_var"),
        "\(missing.error)")
      try Data("no tensors".utf8).write(to: folder.appendingPathComponent("state.safetensors"))
      #expect(try Program.run(line, in: folder).status == 65)
      let name = try Program.run("import state.safetensors --map torchvision-resnet19 --output n", in: folder)
      #expect(name.status == 64 && name.error.contains("The nearest name is torchvision-resnet18"))
      #expect(
        try Program.run("import nowhere --map torchvision-resnet18 --output n", in: folder).status == 66)
    }
  }
}
