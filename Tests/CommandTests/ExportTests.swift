import Foundation
import SafeTensors
import Testing

@Suite("Trained networks for other programs")
struct ExportTests {
  /// Operators of opset 17 that models use.
  private static let operators: Set = [
    "Conv", "BatchNormalization", "Relu", "LeakyRelu", "MaxPool", "Add", "Sub", "Mul", "Div", "Sqrt",
    "ReduceMean",
    "Flatten", "Gemm", "MatMul", "Reshape", "Softmax",
  ]

  /// Checks that every value is made once and before it is used, and that constants have the bytes of their shapes.
  private func check(_ model: OnnxFile, in folder: URL) throws {
    #expect(model.opset == 17 && model.inputs == ["images"])
    var known = Set(model.inputs + model.constants.map(\.name))
    #expect(known.count == 1 + model.constants.count)
    for node in model.nodes {
      #expect(Self.operators.contains(node.kind), "\(node.kind)")
      for input in node.inputs { #expect(known.contains(input), "\(node.kind) of \(input)") }
      for output in node.outputs { #expect(known.insert(output).inserted, "\(output) twice") }
    }
    #expect(Set(model.outputs).isSubset(of: known))
    let used = Set(model.nodes.flatMap(\.inputs))
    for constant in model.constants {
      #expect(used.contains(constant.name), "\(constant.name) is used by nothing")
      let bytes = (constant.type == 1 ? 4 : 8) * constant.extents.reduce(1, *)
      guard let location = constant.external["location"] else {
        #expect(constant.bytes.count == bytes, "\(constant.name)")
        continue
      }
      let shared = try Data(contentsOf: folder.appendingPathComponent(location))
      let offset = try #require(Int(constant.external["offset"] ?? ""))
      #expect(constant.external["length"] == "\(bytes)" && offset + bytes <= shared.count)
    }
  }

  @Test("a model of the backbone, and models of tasks with what they share in one file")
  func onnx() throws {
    try Program.withFolder { folder in
      try SmallRun.make("run --family acdc --head adapts", in: folder)
      try SmallRun.done("export r --format onnx --output b.onnx", in: folder)
      let backbone = try OnnxFile(folder.appendingPathComponent("b.onnx"))
      try check(backbone, in: folder)
      #expect(backbone.outputs == ["features"] && backbone.nodes.count { $0.kind == "Conv" } == 4)
      // The run normalises by the batch, and so does the model.
      #expect(!backbone.nodes.contains { $0.kind == "BatchNormalization" })
      // The first kernel is dense in the run as well.
      let checkpoint = try SafeTensorsFile(
        contentsOf: folder.appendingPathComponent("r/checkpoints/best.safetensors"))
      let kernel = try checkpoint.doubles("layer1.conv.kernel").flatMap { number in
        withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { [UInt8]($0) }
      }
      let written = backbone.constants.first { $0.name == "layer1.conv.weight" }
      #expect(written?.bytes == kernel)

      let split = folder.appendingPathComponent("g/test")
      let names = try FileManager.default.contentsOfDirectory(atPath: split.path).sorted()
      for (i, part) in [names[0...2], names[2...4]].enumerated() {
        for name in part {
          let place = folder.appendingPathComponent("s\(i)/\(name)")
          try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
          try FileManager.default.copyItem(at: split.appendingPathComponent(name), to: place)
        }
        try SmallRun.done("predict r --support s\(i) --save t\(i).safetensors", in: folder)
        try SmallRun.done(
          "export r --format onnx --task t\(i).safetensors --shared shared.bin --output t\(i).onnx",
          in: folder)
        let model = try OnnxFile(folder.appendingPathComponent("t\(i).onnx"))
        try check(model, in: folder)
        #expect(model.outputs == ["features", "scores", "probabilities"])
        #expect(model.metadata["classes"]?.contains(part.first ?? "") == true)
        // What adapted is in the model, and what did not is beside it.
        for constant in model.constants where constant.type == 1 && constant.name.hasPrefix("layer") {
          let isOwn = constant.name.hasSuffix(".atoms") || constant.name.contains(".running_")
          #expect(constant.external.isEmpty == isOwn, "\(constant.name)")
        }
      }
      let whole = try SmallRun.done(
        "export r --format onnx --task t0.safetensors --output whole.onnx --json", in: folder)
      #expect(((try whole.json() as? [String: Any])?["bytes"] as? Int ?? 0) > 1000)
      try check(OnnxFile(folder.appendingPathComponent("whole.onnx")), in: folder)
      // Numbers that other models read are not replaced.
      try Data("other".utf8).write(to: folder.appendingPathComponent("shared.bin"))
      let other = try Program.run(
        "export r --format onnx --shared shared.bin --output b.onnx", in: folder)
      #expect(other.status == 73 && other.error.contains("--shared"), "\(other.error)")
    }
  }

  @Test("tensors by PyTorch's names: the network once, and what a task changes in a few kilobytes")
  func torch() throws {
    try Program.withFolder { folder in
      try SmallRun.make("run --family acdc --head adapts", in: folder)
      try SmallRun.done("predict r --support g/test --save t.safetensors", in: folder)
      func exported(_ flags: String) throws -> SafeTensorsFile {
        try SmallRun.done("export r --format safetensors-torch \(flags) --output x.safetensors", in: folder)
        return try SafeTensorsFile(contentsOf: folder.appendingPathComponent("x.safetensors"))
      }
      let checkpoint = try SafeTensorsFile(
        contentsOf: folder.appendingPathComponent("r/checkpoints/best.safetensors"))
      let shared = try exported("")
      #expect(shared["layer2.conv.atoms"] == checkpoint["layer2.conv.atoms"])
      #expect(shared["layer2.conv.coefficients"] == checkpoint["layer2.conv.coefficients"])
      #expect(shared["layer1.conv.weight"] == checkpoint["layer1.conv.kernel"])
      #expect(shared["layer1.norm.bias"] == checkpoint["layer1.norm.shift"])
      #expect(shared["head.weight"] == checkpoint["head.weight"])
      // W[o, c] = Σ_j A[o, c, j]·D[j].
      let dense = try exported("--dense")
      #expect(dense["layer2.conv.weight"]?.shape == [4, 4, 3, 3] && dense["layer2.conv.atoms"] == nil)
      let (a, d) = (try shared.doubles("layer2.conv.coefficients"), try shared.doubles("layer2.conv.atoms"))
      let kernel = try dense.doubles("layer2.conv.weight")
      for (i, value) in kernel.enumerated() {
        let sum = (0..<6).reduce(0) { $0 + a[i / 9 * 6 + $1] * d[$1 * 9 + i % 9] }
        #expect(abs(sum - value) < 1e-5)
      }
      let task = try exported("--task t.safetensors")
      let own = try SafeTensorsFile(contentsOf: folder.appendingPathComponent("t.safetensors"))
      #expect(task["layer3.conv.atoms"] == own["layer3.conv.atoms"])
      #expect(task["layer3.conv.atoms"] != shared["layer3.conv.atoms"])
      #expect(task["layer3.norm.running_mean"] == own["statistics.3.mean"])
      #expect(task["classifier.weight"]?.shape == [5, 4] && task["layer1.conv.weight"] == nil)
      #expect(task.encoded().count < 6000)
    }
  }

  @Test("what cannot be is refused")
  func refusals() throws {
    try Program.withFolder { folder in
      try SmallRun.make("run --family dsb --head adapts", in: folder)
      for (flags, status, words) in [
        ("r --format onnx --output x", 64, "normalises within itself"),
        ("r --format pickle --output x", 64, "onnx"), ("nowhere --format onnx --output x", 66, "nowhere"),
        ("r --format onnx --task t --output x", 66, "t"),
        ("r --format onnx --dense --output x", 64, "--dense"),
        ("r --format safetensors-torch --shared s --output x", 64, "--shared"),
        ("r --format onnx --shared a/s --output b/x", 64, "beside itself"),
      ] {
        let outcome = try Program.run("export \(flags)", in: folder)
        #expect(outcome.status == status && outcome.error.contains(words), "\(flags): \(outcome.error)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/x"))
      }
    }
  }
}
