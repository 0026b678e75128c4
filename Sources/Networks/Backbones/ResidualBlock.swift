internal import Kernels
internal import Tensors

/// A convolution and its batch normalisation, with an activation unless the slope is 1.
struct NormalisedConvolution: Sendable {
  let convolution: any Convolution
  /// Where it stands in the network, which for a reused convolution is not where the convolution says.
  let layer: Int
  /// Prefix of the paths of scale and shift.
  let norm: String
  let scale: ParameterRef
  let shift: ParameterRef
  let slope: Scalar

  var outline: BackboneOutline.Layer { .init(convolution, norm: norm) }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass) -> Tensor {
    self(x, parameters, &pass, around: nil, NormaliseOptions(pool: 1, slope: slope))
  }

  /// The same with another end: a shortcut that joins before the activation, and pooling.
  func callAsFunction(
    _ x: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass, around: Tensor?,
    _ options: NormaliseOptions
  ) -> Tensor {
    pass.layer([x] + (around.map { [$0] } ?? []), parameters) { inputs, parameters, pass in
      pass.normalised(
        convolution(inputs[0], parameters, &pass), scale: parameters[scale], shift: parameters[shift],
        around: inputs.count > 1 ? inputs[1] : nil, options)
    }
  }
}

/// A residual block: convolutions, a shortcut around them, activation, perhaps pooling.
struct ResidualBlock: Sendable {
  enum Shortcut: Sendable {
    case identity
    case projection(NormalisedConvolution)
    case padding(ChannelPadding)
  }

  let layers: [NormalisedConvolution]
  let shortcut: Shortcut
  let slope: Scalar
  let pool: Int

  func outline(named name: String) -> BackboneOutline.Block {
    let joins: BackboneOutline.Shortcut =
      switch shortcut {
      case .identity: .identity
      case .projection(let projection): .projection(projection.outline)
      case .padding(let padding): .padding(kernel: padding.kernel, stride: padding.site.stride)
      }
    return .init(name, layers.map(\.outline), shortcut: joins, slope: Double(slope), pool: pool)
  }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass) -> Tensor {
    let around =
      switch shortcut {
      case .identity: x
      case .projection(let projection): projection(x, parameters, &pass)
      case .padding(let padding): padding(x)
      }
    let main = layers.dropLast().reduce(x) { $1($0, parameters, &pass) }
    // The last normalisation adds the shortcut, activates and pools in the same pass over memory.
    return layers[layers.count - 1](
      main, parameters, &pass, around: around, NormaliseOptions(pool: pool, slope: slope))
  }
}

/// The shortcut without parameters: every second pixel, new channels of zeros on both sides of the old.
///
/// It is a convolution with a constant 1×1 kernel, so it needs no rule of its own.
///
/// - Source: He et al. 2016, option A.
struct ChannelPadding: Sendable {
  let site: ConvSite
  let kernel: Tensor

  init(from inputs: Int, to outputs: Int, stride: Int) {
    site = ConvSite(
      path: "", layer: 0, stage: 0, inputs: inputs, outputs: outputs, kernel: 1, stride: stride)
    let first = (outputs - inputs) / 2
    kernel = Tensor(
      (0..<outputs).flatMap { o in (0..<inputs).map { o == $0 + first ? 1 : 0 } },
      shape: [outputs, inputs, 1, 1])
  }

  func callAsFunction(_ x: Tensor) -> Tensor { conv2d(x, kernel, site.geometry(for: x)) }
}
