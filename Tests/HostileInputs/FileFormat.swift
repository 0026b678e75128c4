internal import Episodes
internal import Experiments
internal import SafeTensors

/// Every kind of file that the program reads and did not write itself.
public enum FileFormat: String, CaseIterable, Sendable {
  /// An image.
  case png
  /// Parameters.
  case safetensors
  /// A list of frozen episodes.
  case episodes
  /// A division of classes.
  case split
  /// A list of images with labels.
  case labels
  /// Settings, in YAML or JSON.
  case configuration

  /// What became of a file.
  public enum Outcome: Equatable, Sendable {
    /// It was read.
    case accepted
    /// It was refused, in these words.
    case refused(String)
  }

  /// Reads bytes as a file of this format.
  ///
  /// What is accepted must be sound: it has the size it says, and reads back from its own writing as the same.
  ///
  /// - Parameter bytes: Any bytes.
  /// - Returns: Whether they were read or refused.
  public func read(_ bytes: [UInt8]) -> Outcome {
    do {
      try check(bytes)
      return .accepted
    } catch {
      return .refused("\(error)")
    }
  }

  private func check(_ bytes: [UInt8]) throws {
    switch self {
    case .png:
      // Small limits, so that time goes into many files and not into few large ones.
      let image = try PNGImage(decoding: bytes, limit: ImageLimit(side: 2048, pixels: 40_000))
      precondition(image.rgba.count == image.width * image.height * 4 * image.sampleBits / 8)
      let preparation = ImagePreparation(imageSize: 3)
      precondition(preparation.bytes(of: image).count == preparation.byteCount)
    case .safetensors:
      let file = try SafeTensorsFile(bytes: bytes)
      let again = try SafeTensorsFile(bytes: file.encoded())
      precondition(again == file)
    case .episodes:
      let list = try EpisodeList(parsing: bytes)
      let again = try EpisodeList(parsing: Array(list.text.utf8))
      precondition(again == list)
    case .split:
      let split = try SplitFile(parsing: bytes, from: "split")
      precondition(!split.classes.isEmpty && split.classes.allSatisfy { !$0.path.isEmpty })
    case .labels:
      let list = try LabelList(parsing: bytes, from: "labels")
      for entry in list.entries {
        for path in [entry.file, entry.label] {
          let parts = path.split(separator: "/", omittingEmptySubsequences: false)
          precondition(parts.allSatisfy { !["", ".", ".."].contains($0) } && !path.utf8.contains(0))
        }
      }
    case .configuration:
      guard let text = String(validating: bytes, as: UTF8.self) else { return }
      let plan = try ConfigurationFile(text, from: "plan").applied(to: Plan())
      var expected = plan
      expected.output = nil
      let again = try ConfigurationFile(plan.configurationText(), from: "plan").applied(to: Plan())
      precondition(again == expected)
    }
  }

  /// Whole, valid files of this format, small.
  public var seeds: [[UInt8]] {
    get throws {
      switch self {
      case .png:
        let grey = (0..<64).map { UInt8($0 * 4) }
        return try [
          PNGImage.encode(grey, width: 8, height: 8, compression: 0),
          PNGImage.encode(grey, width: 16, height: 4, compression: 9),
          PNGImage.encode(Array(grey.prefix(48)), width: 4, height: 4, channels: 3),
        ] + PNGChunks.variants
      case .safetensors:
        var file = SafeTensorsFile(metadata: ["step": "3", "é": "\u{1F600}"])
        let empty = file.encoded()
        file["w"] = .init(floats: [1, 2, 3, 4, 5, 6], shape: [2, 3])
        file["n"] = .init(int64s: [1, 2], shape: [2])
        file["z"] = .init(elementType: .uint8, shape: [0, 9], bytes: [])
        return [empty, file.encoded()]
      case .episodes:
        let header = EpisodeList.Header(
          dataHash: "abc", split: .test, shape: EpisodeShape(ways: 2, shots: 1, queries: 1), seed: 7,
          rotations: .class, preparation: ImagePreparation())
        let episodes = (0..<3).map { i in
          EpisodeDescription(
            index: i, classes: ["a/x", "b@90"], rotations: [0, 90], support: [["a/x/1.png"], ["b/1.png"]],
            query: [["a/x/2.png"], ["b/2.png"]])
        }
        return [Array(EpisodeList(header: header, episodes: episodes).text.utf8)]
      case .split:
        return [
          "split,superclass,class,names\ntrain,animals,a,\"x, \"\"y\"\"\nz\"\nval,animals,b,\ntest,plants,c,\n",
          "train a\nvalidation  b/c\n# a comment\n\ntest d", "[train]\na\n[valid]\nb\n[test]\nc\n",
        ].map { Array($0.utf8) }
      case .labels:
        return [
          "filename,label,split\na/1.png,dog,train\n2.jpg,\"big cat\",val\nü.png,cow/calf,test\n",
          #"[{"filename":"1.png","label":"dog","split":"train"},{"filename":"2.png","label":"cat","split":""}]"#,
        ].map { Array($0.utf8) }
      case .configuration:
        var plan = Plan()
        plan.options = ["atoms": "9", "share": "net"]
        plan.adapt = "norm@2-4+head"
        return [
          plan.configurationText(),
          "ways: 7\ninvert: false\noptions: [atoms=9, share=net]\ninner-rate: 0.1\n",
          "shots: &a 5\nqueries: *b\n'adapt': \"atoms\"\noption:\n  atoms: 6\n",
        ].map { Array($0.utf8) }
      }
    }
  }

  /// Pieces of the format's grammar, which chance alone seldom finds.
  public var tokens: [[UInt8]] {
    let words: [String] =
      switch self {
      case .png: ["IHDR", "IDAT", "PLTE", "tRNS", "gAMA", "iCCP", "zTXt", "IEND", "acTL", "eXIf", "sBIT"]
      case .safetensors:
        [
          "\"dtype\":\"F32\"", "\"shape\":[", "\"data_offsets\":[0,", "__metadata__", "9223372036854775807",
          "-1",
        ]
      case .episodes: ["\"ways\":", "../", "\\u0000", "1e99", "{\"index\":", "[[[[[", "18446744073709551616"]
      case .split: ["train,", "[test]", "\"\"", "\r\n", "split,class\n", "../../", "\u{feff}"]
      case .labels: ["filename,", "label", "split\n", "../", "/", "\"", "{\"filename\":\"", "[[", "\\u0000"]
      case .configuration:
        ["&a ", "*a", "? ", "- ", "[[[[", "{a: ", "|\n ", "!!int ", "%YAML", "<<: ", "---\n"]
      }
    return words.map { Array($0.utf8) }
  }
}
