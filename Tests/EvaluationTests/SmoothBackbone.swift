import ConvFamilies
import Networks
import Tensors

/// Two normalised convolutions with squares for activations.
///
/// Rectifiers have kinks, where the gradient of an inner step jumps: what comes after adaptation then has no
/// derivative that differences could find. Squares have none.
struct SmoothBackbone: Backbone {
  let features = 4
  let made: any MadeConvolutions
  private let layers: [(convolution: any Convolution, scale: ParameterRef, shift: ParameterRef)]
  private let side: Int

  init(_ family: any ConvFamily, side: Int, in layout: inout ParameterLayout) throws(ConfigurationError) {
    let sites = (1...2).map {
      ConvSite(
        path: "layer\($0).conv", layer: $0, stage: 1, block: $0, inputs: $0 == 1 ? 1 : 4, outputs: 4,
        stride: 2,
        isStem: $0 == 1)
    }
    var layers: [(any Convolution, ParameterRef, ParameterRef)] = []
    made = try family.made(at: sites, in: &layout)
    for (site, convolution) in zip(sites, made.convolutions) {
      let (scale, shift) = ("layer\(site.layer).norm.scale", "layer\(site.layer).norm.shift")
      layers.append(
        (
          convolution, layout.declare(scale, [4], .norm, layer: site.layer, .constant(1)),
          layout.declare(shift, [4], .norm, layer: site.layer, .constant(0))
        ))
    }
    self.layers = layers.map { (convolution: $0.0, scale: $0.1, shift: $0.2) }
    self.side = side
  }

  var convolutions: [(convolution: any Convolution, geometry: ConvGeometry)] {
    zip(layers, [side, (side + 1) / 2]).map {
      ($0.convolution, $0.convolution.site.geometry(batch: 1, height: $1, width: $1))
    }
  }

  func features(
    _ images: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass,
    observing observe: (_ block: String, _ output: Tensor) -> Void
  ) -> Tensor {
    layers.reduce(images) { x, layer in
      let v = pass.normalised(
        layer.convolution(x, parameters, &pass), scale: parameters[layer.scale],
        shift: parameters[layer.shift], NormaliseOptions(pool: 1, slope: 1))
      let output = 0.3 * (v * v)
      observe("layer\(layer.convolution.site.layer)", output)
      return output
    }.spatialMeans
  }
}
