import Networks

/// The convolutions of a residual network of basic blocks, and what else it is made of, for counting.
struct ResidualSites {
  /// Stem, then the blocks; a shortcut by convolution is the third of its block.
  let sites: [ConvSite]
  /// Side of what each of them reads.
  let sides: [Int]
  /// The classifier: its inputs and outputs.
  let classifier: (inputs: Int, outputs: Int)

  /// A network as counted by the published code.
  ///
  /// - Parameters:
  ///   - blocks: Blocks of each stage.
  ///   - width: Channels of the first stage; they double from stage to stage.
  ///   - side: Side of what the first stage reads.
  ///   - stem: Kernel and stride of the stem, and the side of the image.
  ///   - classes: Outputs of the classifier.
  ///   - hasShortcuts: Whether a change of width is a 1×1 convolution beside its block, or has no numbers.
  init(
    blocks: [Int], width: Int, side: Int, stem: (kernel: Int, stride: Int, side: Int), classes: Int,
    hasShortcuts: Bool
  ) {
    var sites = [
      ConvSite(
        path: "stem", layer: 1, stage: 0, inputs: 3, outputs: width, kernel: stem.kernel,
        stride: stem.stride, isStem: true)
    ]
    var sides = [stem.side]
    var (layer, channels, side) = (1, width, side)
    for (stage, count) in blocks.enumerated() {
      let outputs = width << stage
      for block in 1...count {
        let stride = stage > 0 && block == 1 ? 2 : 1
        func add(_ position: Int, _ inputs: Int, kernel: Int = 3, stride: Int = 1) {
          layer += 1
          sites.append(
            ConvSite(
              path: "stage\(stage + 1).block\(block).conv\(position)", layer: layer, stage: stage + 1,
              block: block, position: position, inputs: inputs, outputs: outputs, kernel: kernel,
              stride: stride))
          sides.append(side)
        }
        add(1, channels, stride: stride)
        if hasShortcuts && channels != outputs { add(3, channels, kernel: 1, stride: stride) }
        side /= stride
        add(2, outputs)
        channels = outputs
      }
    }
    self.sites = sites
    self.sides = sides
    classifier = (channels, classes)
  }

  /// All numbers with the convolutions of a family: normalisation and classifier included.
  func parameters(_ family: any ConvFamily) throws -> Int {
    var layout = ParameterLayout()
    _ = try family.convolutions(at: sites, in: &layout)
    return layout.count() + sites.reduce(0) { $0 + 2 * $1.outputs }
      + (classifier.inputs + 1) * classifier.outputs
  }

  /// Multiply-adds of convolutions and classifier on one image, factored where the family is.
  func multiplyAdds(_ family: any ConvFamily) throws -> Int {
    var layout = ParameterLayout()
    let convolutions = try family.convolutions(at: sites, in: &layout)
    return zip(convolutions, sides).reduce(classifier.inputs * classifier.outputs) { total, item in
      let work = item.0.multiplyAdds(item.0.site.geometry(batch: 1, height: item.1, width: item.1))
      return total + (work.factored ?? work.dense)
    }
  }
}
