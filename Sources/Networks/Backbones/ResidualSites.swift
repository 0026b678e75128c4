/// Where the convolutions of a residual network stand, and which of them several blocks use.
///
/// Layers count the convolutions along the main path from 1. A projection belongs to the layer of its block's first
/// convolution, whose input it reads.
struct ResidualSites {
  /// A convolution with a norm of its own in one layer.
  struct Use {
    let site: ConvSite
    let layer: Int
    /// Prefix of the norm's paths.
    let norm: String
  }

  enum Shortcut {
    case identity
    case projection(Use)
    case padding(inputs: Int, outputs: Int, stride: Int)
  }

  struct Block {
    var uses: [Use] = []
    var shortcut = Shortcut.identity
  }

  /// Each convolution once.
  private(set) var sites: [ConvSite] = []
  private(set) var stem: Use?
  private(set) var blocks: [Block] = []
  private let shape: ResidualShape
  private var layer = 0

  init(_ shape: ResidualShape, channels: Int) {
    self.shape = shape
    var inputs = channels
    if shape.stem != .none {
      layer = 1
      let site = ConvSite(
        path: "stem.conv", layer: 1, stage: 0, inputs: channels, outputs: shape.stemWidth,
        kernel: shape.stem == .large ? 7 : 3, stride: shape.stem == .large ? 2 : 1, isStem: true)
      stem = use(site, norm: "stem.norm")
      inputs = shape.stemWidth
    }
    for (i, stage) in shape.stages.enumerated() {
      for block in 1...stage.blocks {
        blocks.append(self.block(block, of: stage, number: i + 1, inputs: inputs))
        inputs = stage.width * shape.expansion
      }
    }
  }

  private mutating func block(
    _ number: Int, of stage: ResidualShape.Stage, number stageNumber: Int, inputs: Int
  ) -> Block {
    let path = "stage\(stageNumber).block\(number)"
    let stride = number == 1 ? stage.stride : 1
    let outputs = stage.width * shape.expansion
    let firstLayer = layer + 1
    var block = Block()
    if stride != 1 || inputs != outputs {
      switch shape.shortcut {
      case .projection:
        let site = ConvSite(
          path: path + ".shortcut.conv", layer: firstLayer, stage: stageNumber, block: number, position: 0,
          inputs: inputs, outputs: outputs, kernel: 1, stride: stride)
        block.shortcut = .projection(use(site, norm: path + ".shortcut.norm"))
      case .padding: block.shortcut = .padding(inputs: inputs, outputs: outputs, stride: stride)
      }
    }
    let strided = shape.kernels.firstIndex { $0 > 1 }
    var channels = inputs
    for (i, kernel) in shape.kernels.enumerated() {
      layer += 1
      let isLast = i == shape.kernels.count - 1
      let isReused = number > 1 && stage.blocks > 2 && reuses(kernel, isLast: isLast)
      let site = ConvSite(
        path: isReused ? "stage\(stageNumber).shared.conv\(i + 1)" : path + ".conv\(i + 1)", layer: layer,
        stage: stageNumber, block: number, position: i + 1, inputs: channels,
        outputs: isLast ? outputs : stage.width, kernel: kernel, stride: i == strided ? stride : 1,
        isStem: shape.stem == .none && layer == 1, isReused: isReused)
      block.uses.append(use(site, norm: path + ".norm\(i + 1)"))
      channels = site.outputs
    }
    return block
  }

  private func reuses(_ kernel: Int, isLast: Bool) -> Bool {
    switch shape.reuse {
    case .none: false
    case .spatial: kernel > 1
    case .spatialAndLast: kernel > 1 || isLast
    }
  }

  private mutating func use(_ site: ConvSite, norm: String) -> Use {
    let existing = sites.first { $0.path == site.path }
    if existing == nil { sites.append(site) }
    return Use(site: existing ?? site, layer: site.layer, norm: norm)
  }
}
