/// What a family puts at a site: a convolution of its own or, where it leaves the kernel dense, a standard one.
public enum Placed<Own: Convolution>: Sendable {
  /// One that the family fits, penalises and prunes.
  case own(Own)
  /// One that the family neither fits nor penalises nor prunes.
  case standard(StandardConvolution)

  /// Either, for whoever only computes with it.
  var convolution: any Convolution {
    switch self {
    case .own(let own): own
    case .standard(let standard): standard
    }
  }
}
