/// P values adjusted for testing several hypotheses at once, by Holm's step-down method.
///
/// The k-th smallest of m becomes max over j ≤ k of min(1, (m − j + 1)·p₍ⱼ₎). Rejecting where that is
/// at most α keeps the chance of any false rejection at α or below, whatever the dependence of the tests.
///
/// - Parameter p: One value per hypothesis.
/// - Returns: The adjusted values, in the order given.
/// - Precondition: every value lies in `0...1`.
/// - Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
public func holm(_ p: [Double]) -> [Double] {
  precondition(p.allSatisfy { 0 <= $0 && $0 <= 1 }, "holm: a p value outside 0...1")
  var adjusted = p
  var largest = 0.0
  for (rank, i) in p.indices.sorted(by: { (p[$0], $0) < (p[$1], $1) }).enumerated() {
    largest = max(largest, min(1, Double(p.count - rank) * p[i]))
    adjusted[i] = largest
  }
  return adjusted
}
