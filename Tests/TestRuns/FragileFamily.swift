import MetaLearning
package import Networks
package import Settings
package import Tensors

/// Standard convolutions that break on some batches of nine images and on no others.
package struct FragileFamily: ConvFamily {
  package static let name = "fragile"
  package static let summary = "breaks on some batches"
  package static let options: [NamedOption] = []
  package static let defaultAdaptation = "kernels"

  package init(_ options: OptionValues) {}

  package func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout)
    -> [Placed<FragileConvolution>]
  {
    sites.map { .own(FragileConvolution(whole: StandardConvolution(at: $0, in: &layout))) }
  }
}

package struct FragileConvolution: Convolution {
  package let whole: StandardConvolution

  package var site: ConvSite { whole.site }

  package func kernel(_ parameters: Parameters) -> Tensor { whole.kernel(parameters) }

  package func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    let y = whole(x, parameters)
    guard site.layer == 1 && x.shape[0] == 9 else { return y }
    // Whole numbers, so that both precisions see the same.
    let brightness = Int(x.scalars.reduce(0) { $0 + Double($1) }.rounded())
    return brightness % 4 == 1 ? y.affine(scale: .nan) : y
  }
}

/// A tiny run of the family that breaks.
package func fragileRun(_ data: String, _ output: String) -> Plan {
  var plan = tinyRun(data, output)
  plan.family = "fragile"
  plan.order = .first
  plan.innerRate = .fixed(0.1)
  return plan
}
