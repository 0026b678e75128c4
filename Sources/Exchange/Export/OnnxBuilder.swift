internal import Kernels
internal import MetaLearning
internal import Networks
internal import Prediction
internal import Settings
internal import Tensors

/// Writes a network down as nodes of ONNX, block by block.
struct OnnxBuilder {
  /// The graph so far.
  var graph = OnnxGraph()
  private let network: ExportedNetwork
  /// Where each tensor stands, by its name.
  private let places: [String: OnnxGraph.Constant]
  private let plan: Plan

  init(_ network: ExportedNetwork, own places: [String: OnnxGraph.Constant], _ plan: Plan) {
    (self.network, self.places, self.plan) = (network, places, plan)
  }

  /// The constant of a path.
  private mutating func number(_ path: String) -> String {
    let name = network.names(path)
    guard let place = places[name] else { preconditionFailure("\(path) is no tensor of the network") }
    return graph.constant(name, place)
  }

  private mutating func floats(_ name: String, _ values: [Double], shape: [Int]) -> String {
    graph.constant(name, .floats(values.map { Float($0) }, shape: shape))
  }

  /// From the images to the features.
  ///
  /// - Parameter alignment: Whether a matrix comes behind them.
  /// - Returns: The name of the value, `features`.
  mutating func features(alignment: Bool) -> String {
    var x = graph.input("images", [nil, plan.channels, plan.side, plan.side])
    if let pixels = plan.pixelStatistics {
      let shape = [1, plan.channels, 1, 1]
      x = graph.add("Sub", [x, floats("pixels.mean", pixels.mean, shape: shape)])
      x = graph.add("Div", [x, floats("pixels.deviation", pixels.deviation, shape: shape)])
    }
    for block in network.outline.blocks { x = self.block(block, x) }
    let name = alignment ? nil : "features"
    switch network.outline.end {
    case .means:
      x = graph.add("ReduceMean", [x], named: name, ["axes": .integers([2, 3]), "keepdims": .integer(0)])
    case .positions: x = graph.add("Flatten", [x], named: name, ["axis": .integer(1)])
    }
    guard alignment else { return x }
    return graph.add("Gemm", [x, number("alignment.kernel")], named: "features", ["transB": .integer(1)])
  }

  private mutating func block(_ block: BackboneOutline.Block, _ input: String) -> String {
    var x = input
    for (i, layer) in block.layers.enumerated() {
      x = normalised(layer, x)
      if i < block.layers.count - 1 { x = activated(x, block.slope) }
    }
    switch block.shortcut {
    case .none: break
    case .identity: x = graph.add("Add", [x, input])
    case .projection(let layer): x = graph.add("Add", [x, normalised(layer, input)])
    case .padding(let kernel, let stride):
      let name = graph.constant(
        "\(block.name).padding", .floats(kernel.scalars.map { Float($0) }, shape: kernel.shape.extents))
      let around = graph.add(
        "Conv", [input, name], ["kernel_shape": .integers([1, 1]), "strides": .integers([stride, stride])])
      x = graph.add("Add", [x, around])
    }
    x = activated(x, block.slope)
    if block.pool > 1 {
      let side = [block.pool, block.pool]
      x = graph.add("MaxPool", [x], ["kernel_shape": .integers(side), "strides": .integers(side)])
    }
    guard block.hasStemPool else { return x }
    return graph.add(
      "MaxPool", [x],
      [
        "kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]), "pads": .integers([1, 1, 1, 1]),
      ])
  }

  private mutating func activated(_ x: String, _ slope: Double) -> String {
    switch slope {
    case 1: x
    case 0: graph.add("Relu", [x])
    default: graph.add("LeakyRelu", [x], ["alpha": .float(slope)])
    }
  }

  /// A convolution and its normalisation: by fixed statistics where there are some, else by those of the batch.
  private mutating func normalised(_ layer: BackboneOutline.Layer, _ x: String) -> String {
    let site = layer.convolution.site
    let side = [site.kernel, site.kernel]
    let y = graph.add(
      "Conv", [x, kernel(layer)],
      [
        "kernel_shape": .integers(side), "strides": .integers([site.stride, site.stride]),
        "pads": .integers(Array(repeating: site.padding, count: 4)),
      ])
    let (scale, shift) = (number(layer.norm + ".scale"), number(layer.norm + ".shift"))
    let epsilon = Double(NormaliseOptions(pool: 1).epsilon)
    if network[layer.norm + ".mean"] != nil {
      return graph.add(
        "BatchNormalization",
        [y, scale, shift, number(layer.norm + ".mean"), number(layer.norm + ".variance")],
        ["epsilon": .float(epsilon)])
    }
    let axes: KeyValuePairs<String, OnnxGraph.Attribute> = [
      "axes": .integers([0, 2, 3]), "keepdims": .integer(1),
    ]
    let centred = graph.add("Sub", [y, graph.add("ReduceMean", [y], axes)])
    let variance = graph.add("ReduceMean", [graph.add("Mul", [centred, centred])], axes)
    let raised = graph.add("Add", [variance, floats("epsilon", [epsilon], shape: [1])])
    let normal = graph.add("Div", [centred, graph.add("Sqrt", [raised])])
    let column = graph.constant("column", .integers([1, -1, 1, 1]))
    let scaled = graph.add("Mul", [normal, graph.add("Reshape", [scale, column])])
    return graph.add("Add", [scaled, graph.add("Reshape", [shift, column])])
  }

  /// The kernel `[O, C, k, k]`, multiplied out in the model where it is kept as a product.
  private mutating func kernel(_ layer: BackboneOutline.Layer) -> String {
    let site = layer.convolution.site
    guard network.products.contains(site.path) else { return number(site.path + ".kernel") }
    let taps = site.kernel * site.kernel
    let flat = graph.constant("\(site.path).flat", .integers([-1, taps]))
    let whole = graph.constant(
      "\(site.path).whole", .integers([site.outputs, site.inputs, site.kernel, site.kernel]))
    let atoms = graph.add("Reshape", [number(site.path + ".atoms"), flat])
    let mixed = graph.add("MatMul", [number(site.path + ".coefficients"), atoms])
    return graph.add("Reshape", [mixed, whole])
  }

  /// From the features to `scores` and `probabilities`.
  mutating func answer(_ task: AdaptedTask, _ features: String) {
    var x = features
    let classifier = task.classifier
    func constant(_ value: Tensor) -> OnnxGraph.Constant {
      .floats(value.scalars.map { Float($0) }, shape: value.shape.extents)
    }
    if let centre = classifier.centre {
      x = graph.add("Sub", [x, graph.constant("classifier.centre", constant(centre))])
    }
    if classifier.hasUnitRows {
      let squares = graph.add(
        "ReduceMean", [graph.add("Mul", [x, x])], ["axes": .integers([1]), "keepdims": .integer(1)])
      let width = Double(classifier.weight.shape[1])
      let sums = graph.add("Mul", [squares, floats("width", [width], shape: [1])])
      let raised = graph.add("Add", [sums, floats("least", [1e-12], shape: [1])])
      x = graph.add("Div", [x, graph.add("Sqrt", [raised])])
    }
    let layer = [
      x, graph.constant("classifier.weight", constant(classifier.weight)),
      graph.constant("classifier.bias", constant(classifier.bias)),
    ]
    let scores = graph.add("Gemm", layer, named: "scores", ["transB": .integer(1)])
    _ = graph.add("Softmax", [scores], named: "probabilities", ["axis": .integer(1)])
    let extents: [Int?] = [nil, task.classes.count]
    graph.output("scores", extents)
    graph.output("probabilities", extents)
  }
}
