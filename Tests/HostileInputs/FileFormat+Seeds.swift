internal import Episodes
internal import Images
internal import SafeTensors
internal import Settings
internal import TestData
internal import Training

extension FileFormat {
  /// Whole, valid files of this format, small.
  public var seeds: [[UInt8]] {
    get throws {
      switch self {
      case .png:
        let grey = (0..<64).map { UInt8($0 * 4) }
        return try [
          PNGCodec.encode(grey, width: 8, height: 8, compression: 0),
          PNGCodec.encode(grey, width: 16, height: 4, compression: 9),
          PNGCodec.encode(Array(grey.prefix(48)), width: 4, height: 4, channels: 3),
        ] + PNGChunks.variants
      case .jpeg: return JPEGPicture.all.prefix(8).map(\.file)
      case .arrays:
        let pixels = (0..<36).map { UInt8($0 * 7) }
        return [
          HandmadeArrays.zip([
            ("images.npy", HandmadeArrays.npy("|u1", [3, 2, 2, 3], pixels)),
            ("labels.npy", HandmadeArrays.npy("<i8", [3], HandmadeArrays.integers([0, 1, -2]))),
          ]),
          HandmadeArrays.zip([
            ("x.npy", HandmadeArrays.npy("|u1", [2, 3, 2, 2], Array(pixels.prefix(24)))),
            ("y.npy", HandmadeArrays.npy("|u1", [2], [1, 0])),
            ("class_names.npy", HandmadeArrays.npy("|S3", [2], Array("catdog".utf8))),
          ]),
        ]
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
        (plan.adapt, plan.head) = ("norm@2-4+head", .adapts)
        return [
          plan.configurationText(),
          "ways: 7\ninvert: false\noptions: [atoms=9, share=net]\ninner-rate: 0.1\n",
          "shots: &a 5\nqueries: *b\n'adapt': \"atoms\"\noption:\n  atoms: 6\n",
        ].map { Array($0.utf8) }
      case .grid:
        return [
          """
          base: {iterations: 40, ways: 3}
          grid:
            arm:
              - {family: standard, adapt: all}
              - {family: acdc, adapt: atoms, option: {atoms: 4}}
            seed: [0, 7]
          evaluate: {suite: speed, episodes: 50}
          """, "grid: {family: [standard, svd], filters: [8]}", #"{"grid":{"x":[{"shots":5}]}}"#,
        ].map { Array($0.utf8) }
      case .state: return try Trained.states
      case .checkpoint: return try Trained.points
      case .task: return try Trained.tasks
      case .network: return ForeignNetwork.seeds
      case .map: return ForeignNetwork.maps.map { Array($0.utf8) }
      case .result: return ResultFile.seeds
      case .part:
        return [[[]], [[0.5, 1.25], [], [0.75]]].map { (results: [[Double]]) in
          let bytes = results.map { $0.flatMap { withUnsafeBytes(of: $0) { Array($0) } } }
          var file = SafeTensorsFile(metadata: ["work": #"{"work":"curves of 3 steps"}"#])
          file["tasks"] = .init(int64s: bytes.indices.map { Int64(2 * $0) }, shape: [bytes.count])
          file["sizes"] = .init(int64s: bytes.map { Int64($0.count) }, shape: [bytes.count])
          file["results"] = .init(
            elementType: .uint8, shape: [bytes.joined().count], bytes: Array(bytes.joined()))
          return SealedFile.encode(file)
        }
      case .evaluation:
        return [
          #"{"facts": {}, "made_by": {"command": "fewshot evaluate a"}}"#,
          """
          {"facts": {"data_hash": "87", "episodes": "600", "precision": "32 bits", "suite": "all",
            "training acdc-atoms seed 0": "5f of runs/a b", "training x\\n\\u001b[2J": "\\u0000é"},
           "made_by": {"command": "fewshot evaluate 'runs/a b' --suite all"}}
          """,
        ].map { Array($0.utf8) }
      }
    }
  }

  /// Pieces of the format's grammar, which chance alone seldom finds.
  public var tokens: [[UInt8]] {
    let words: [String] =
      switch self {
      case .jpeg: ["Exif", "JFIF", "Adobe", "II*", "MM"]
      case .arrays:
        ["NUMPY", "'descr': '", "'shape': (", "'fortran_order': True", "|u1", "<U9", "PK", "images.npy"]
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
        [
          "&a ", "*a", "? ", "- ", "[[[[", "{a: ", "|\n ", "!!int ", "%YAML", "<<: ", "---\n", "option: {",
          "backbone: resnet12", "filters: 4096", "family: tnet", "adapt: random:9",
        ]
      case .grid:
        ["grid:", "base:", "evaluate:", "- {", "[1, 2]", "seed: ", "suite: ", "option: {", "&a ", "? "]
      case .state, .checkpoint:
        [
          "\"rank:layer1.rank\":\"0,1\",", "\"point:rank:layer1.rank\":\"1,0\",", "rate:", "best:",
          "\"dtype\":\"F64\"",
          "\"shape\":[", "\"data_offsets\":[0,", "\"iteration\":\"9223372036854775807\"", "-1", "1e308",
        ]
      case .result:
        [
          "1e308", "-1", "\"NaN\"", "\"Infinity\"", "9223372036854775807", "null", "[]", "{}", "<x-fuzz>",
          "\\u0000",
          "\"kind\":\"ablation\"", "0.0", "\"speed\":null,",
        ]
      case .task:
        [
          "\"classes\":\"[\\\"a\\\",1]\"", "\"features\":\"unit-length\"", "\"shape\":[", "classifier.centre",
          "1e308",
        ]
      case .network: ["\"dtype\":\"F64\"", "\"shape\":[", "\"data_offsets\":[0,", ".running_mean", "-1"]
      case .map:
        [
          "backbone: resnet12", "filters: 4096", "tensors: {", "{n}", "{n-1}", "{n+1}", "ignore: [",
          "norm-epsilon: ",
          "image-size: 1024", "crop: ", "pixel-statistics: ",
        ]
      case .part:
        [
          "\"dtype\":\"I64\"", "\"dtype\":\"U8\"", "\"shape\":[", "\"data_offsets\":[0,", "\"sizes\":",
          "\"work\":",
          "9223372036854775807", "-1",
        ]
      case .evaluation:
        [
          "\"facts\":{", "\"made_by\":{", "\"command\":\"", "null", "[]", "{}", "\\u0000", "\\u001b[2J",
          "\"x\":\"y\",",
        ]
      }
    return words.map { Array($0.utf8) }
  }
}
