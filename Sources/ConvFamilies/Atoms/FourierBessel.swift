internal import Foundation

/// The Fourier-Bessel functions of a disk, sampled on a square grid: atoms ordered from smooth to fine.
///
/// ψ(r, θ) = J_n(z·r)/|J_{n+1}(z)| times 1, or √2·cos nθ and √2·sin nθ for n > 0, with z a positive zero of the
/// Bessel function J_n. They are orthonormal on the unit disk and vanish on its rim; the smaller z, the smoother.
///
/// - Source: Qiu et al. 2018 (DCFNet), who start atoms from them; sampling at pixel centres of a disk of radius
///   k/2 follows their description.
enum FourierBessel {
  /// How many can tell each other apart on a k×k grid: all its dimensions but one.
  static func limit(side: Int) -> Int { side * side - 1 }

  /// The `count` smoothest functions on a grid, their squared lengths 1 on average.
  ///
  /// - Parameters:
  ///   - count: How many, at most ``limit(side:)``.
  ///   - side: Odd side k of the grid, at least 3.
  /// - Returns: `count` rows of k² numbers, row-major.
  static func atoms(_ count: Int, side: Int) -> [[Double]] {
    let centre = Double(side / 2)
    let points = (0..<side * side).map { i -> (radius: Double, angle: Double) in
      let (x, y) = (Double(i % side) - centre, Double(i / side) - centre)
      return (hypot(x, y) / (Double(side) / 2), atan2(y, x))
    }
    var atoms: [[Double]] = []
    for (order, zero) in frequencies(atLeast: count) {
      let size = abs(jn(Int32(order + 1), zero))
      let radial = points.map { $0.radius < 1 ? jn(Int32(order), zero * $0.radius) / size : 0 }
      guard order > 0 else {
        atoms.append(radial)
        continue
      }
      let turns = points.map { Double(order) * $0.angle }
      for waves in [turns.map { cos($0) }, turns.map { sin($0) }] {
        atoms.append(zip(radial, waves).map { 2.0.squareRoot() * $0 * $1 })
      }
    }
    atoms = Array(atoms.prefix(count))
    let energy = atoms.joined().reduce(0) { $0 + $1 * $1 } / Double(count)
    return atoms.map { $0.map { $0 / energy.squareRoot() } }
  }

  /// Orders and zeros of enough functions, the smallest zeros first.
  private static func frequencies(atLeast count: Int) -> [(order: Int, zero: Double)] {
    // An order n > 0 gives two functions per zero. All zeros below a bound are known at every order below it,
    // for the first zero of J_n lies above n; the bound is raised until there are enough.
    var bound = 4.0
    while true {
      let found = (0...Int(bound)).flatMap { order in
        zeros(order: order, below: bound).map { (order: order, zero: $0) }
      }
      if found.reduce(0, { $0 + ($1.order > 0 ? 2 : 1) }) >= count {
        return found.sorted { $0.zero < $1.zero }
      }
      bound *= 2
    }
  }

  /// The positive zeros of J_n below a bound, by bisection between changes of sign.
  private static func zeros(order: Int, below bound: Double) -> [Double] {
    // Neighbouring zeros are more than 2 apart, and J_n has none in (0, n].
    let step = 0.5
    var zeros: [Double] = []
    var low = max(step, Double(order))
    while low + step <= bound {
      var (a, b) = (low, low + step)
      low = b
      guard (jn(Int32(order), a) < 0) != (jn(Int32(order), b) < 0) else { continue }
      for _ in 0..<60 {
        let middle = (a + b) / 2
        if (jn(Int32(order), a) < 0) == (jn(Int32(order), middle) < 0) { a = middle } else { b = middle }
      }
      zeros.append((a + b) / 2)
    }
    return zeros
  }
}
