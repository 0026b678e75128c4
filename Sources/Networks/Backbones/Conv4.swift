internal import Kernels
public import Tensors

/// The plain backbone of few-shot learning: Conv-4 in its two published forms, and Conv-6.
///
/// Each layer is conv 3×3, batch normalisation, ReLU; then either max-pooling by 2 (in the first four layers) with
/// all positions as features, or stride 2 in the convolution and the mean over space at the end. The convolution
/// has no bias: the normalisation would cancel it.
///
/// - Source: Vinyals et al. 2016, Snell et al. 2017 (pooled); Finn et al. 2017, Omniglot (strided); Chen et al.
///   2019 (six layers).
public struct Conv4: Backbone {
  /// Which of the published forms.
  public enum Form: String, CaseIterable, Sendable {
    /// Max-pooling after every layer, features flattened.
    case pooled = "conv4"
    /// Stride 2 in every layer, features averaged over space.
    case strided = "conv4-strided"
    /// As the pooled form, and two more layers that do not pool.
    case six = "conv6"

    var layers: Int { self == .six ? 6 : 4 }

    /// Side of the pooling windows of a layer, from 1.
    func pool(after layer: Int) -> Int { self == .strided || layer > 4 ? 1 : 2 }
  }

  private struct Layer: Sendable {
    let convolution: any Convolution
    let scale: ParameterRef
    let shift: ParameterRef
  }

  private let layers: [Layer]
  private let form: Form
  private let image: ImageShape
  /// Its convolutions and the family that made them.
  public let made: any MadeConvolutions
  /// Length of a feature vector: filters × positions left by pooling, or the number of filters.
  public let features: Int

  /// Declares the backbone's parameters.
  ///
  /// - Parameters:
  ///   - form: Pooled or strided.
  ///   - filters: Channels of every layer.
  ///   - image: What it reads.
  ///   - family: What its convolutions are made of.
  ///   - layout: Where the parameters are declared.
  /// - Throws: If the images are too small for four halvings, or the family cannot stand here.
  public init(
    _ form: Form, filters: Int, image: ImageShape, family: any ConvFamily, in layout: inout ParameterLayout
  ) throws(ConfigurationError) {
    if form != .strided && image.side < 16 {
      throw ConfigurationError(
        field: "image-size", value: "\(image.side)", reason: "\(form.rawValue) halves the image four times",
        remedy: "Use at least 16, or backbone conv4-strided")
    }
    let sites = (1...form.layers).map {
      ConvSite(
        path: "layer\($0).conv", layer: $0, stage: 1, block: $0, inputs: $0 == 1 ? image.channels : filters,
        outputs: filters, stride: form == .strided ? 2 : 1, isStem: $0 == 1)
    }
    made = try family.made(at: sites, in: &layout)
    layers = zip(sites, made.convolutions).map { site, convolution in
      Layer(
        convolution: convolution,
        scale: layout.declare(
          "layer\(site.layer).norm.scale", [filters], .norm, layer: site.layer, .constant(1)),
        shift: layout.declare(
          "layer\(site.layer).norm.shift", [filters], .norm, layer: site.layer, .constant(0)))
    }
    self.form = form
    self.image = image
    let left = (0..<4).reduce(image.side) { side, _ in side / 2 }
    features = form == .strided ? filters : filters * left * left
  }

  /// The convolutions with their geometries on one image.
  public var convolutions: [(convolution: any Convolution, geometry: ConvGeometry)] {
    var side = image.side
    return layers.map { layer in
      let geometry = layer.convolution.site.geometry(batch: 1, height: side, width: side)
      side = geometry.outHeight / form.pool(after: layer.convolution.site.layer)
      return (layer.convolution, geometry)
    }
  }

  /// Every layer as a block without a shortcut.
  public var outline: BackboneOutline? {
    BackboneOutline(
      layers.map { layer in
        let number = layer.convolution.site.layer
        return BackboneOutline.Block(
          "layer\(number)", [.init(layer.convolution, norm: "layer\(number).norm")], slope: 0,
          pool: form.pool(after: number))
      }, end: form == .strided ? .means : .positions)
  }

  /// Features `[N, D]` of images `[N, H, W, C]`; pooled features are ordered by channel, then position.
  ///
  /// - Parameters:
  ///   - images: The batch.
  ///   - parameters: Where to evaluate.
  ///   - pass: What every normalisation goes through.
  ///   - observe: Told the output of every layer, pooled: `layer1`, `layer2`, ….
  /// - Returns: The features.
  public func features(
    _ images: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass,
    observing observe: (_ block: String, _ output: Tensor) -> Void
  ) -> Tensor {
    let x = layers.reduce(images) { x, layer in
      let options = NormaliseOptions(pool: form.pool(after: layer.convolution.site.layer))
      let output = pass.layer([x], parameters) { inputs, parameters, pass in
        pass.normalised(
          layer.convolution(inputs[0], parameters, &pass), scale: parameters[layer.scale],
          shift: parameters[layer.shift], options)
      }
      observe("layer\(layer.convolution.site.layer)", output)
      return output
    }
    return form == .strided ? x.spatialMeans : x.flattenedImages
  }
}
