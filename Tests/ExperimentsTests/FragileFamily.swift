import Experiments
import MetaLearning
import Networks
import Tensors

/// Standard convolutions that break on some batches of nine images and on no others.
struct FragileFamily: ConvFamily {
  static let name = "fragile"
  static let summary = "breaks on some batches"
  static let options: [FamilyOption] = []
  static let defaultAdaptation = "kernels"

  init(_ options: OptionValues) {}

  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) -> [any Convolution] {
    sites.map { FragileConvolution(whole: StandardConvolution(at: $0, in: &layout)) }
  }
}

struct FragileConvolution: Convolution {
  let whole: StandardConvolution

  var site: ConvSite { whole.site }

  func kernel(_ parameters: Parameters) -> Tensor { whole.kernel(parameters) }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    let y = whole(x, parameters)
    guard site.layer == 1 && x.shape[0] == 9 else { return y }
    // Whole numbers, so that both precisions see the same.
    let brightness = Int(x.scalars.reduce(0) { $0 + Double($1) }.rounded())
    return brightness % 4 == 1 ? y.affine(scale: .nan) : y
  }
}

/// A tiny run of the family that breaks.
func fragileRun(_ data: String, _ output: String) -> Plan {
  var plan = tinyRun(data, output)
  plan.family = "fragile"
  plan.order = .first
  plan.innerRate = .fixed(0.1)
  return plan
}
