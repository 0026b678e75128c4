import Randomness
import Tensors
import TestSupport
import Testing

@Suite("Primitives")
struct PrimitiveTests {
  @Test("every primitive has a row in the table")
  func complete() {
    #expect(Set(primitiveTable.map(\.primitive)) == Set(Primitive.allCases))
  }

  @Test("every row records the primitive it stands for", arguments: primitiveTable)
  func recorded(row: PrimitiveCase) {
    var stream = RandomStream(seed: 4, purpose: "\(row)")
    let leaves = row.inputs(&stream).map(\.leaf)
    #expect(recordedPrimitives([row.function(leaves)]).contains(row.primitive))
  }

  @Test("rules agree with central differences to second order", arguments: primitiveTable)
  func rules(row: PrimitiveCase) {
    var stream = RandomStream(seed: 1, purpose: "\(row)")
    for _ in 0..<3 {
      let checker = GradientChecker()
      let error = checker.error(of: row.function, at: row.inputs(&stream), order: 2, &stream)
      #expect(error < checker.tolerance, "\(row): relative error \(error)")
    }
  }

  @Test(
    "third derivatives are right too, where rules are fused",
    .enabled(if: MemoryLayout<Scalar>.size == 8, "32 bits have no digits left for a third difference"),
    arguments: primitiveTable.filter {
      [.normalise, .normaliseBackward, .spread, .pick, .atomConv, .atomConvBackward, .conv2d, .power]
        .contains($0.primitive)
    })
  func thirdOrder(row: PrimitiveCase) {
    var stream = RandomStream(seed: 2, purpose: "\(row)")
    let checker = GradientChecker()
    let error = checker.error(of: row.function, at: row.inputs(&stream), order: 3, &stream)
    #expect(error < 10 * checker.tolerance, "\(row): relative error \(error)")
  }

  /// A thousandth in 64 bits; 32 bits, where differences themselves err by up to 2 %, can only tell a tenth.
  @Test("the checker catches a rule that is wrong by 0.1 % (64 bits; by 10 % in 32)", arguments: [1, 2])
  func wrongRule(order: Int) {
    let fault: Scalar = MemoryLayout<Scalar>.size == 8 ? 1.001 : 1.1
    // A product whose rule is wrong: at first order, or only in the rule of its rule.
    @Sendable func wrong(_ x: Tensor, _ y: Tensor, _ factor: Scalar, depth: Int) -> Tensor {
      let product = (x.detached * y.detached)
      return recordForTesting(.multiply, [x, y], product) { inputs, g in
        let scale: Scalar = depth == 1 ? factor : 1
        let next = { (a: Tensor, b: Tensor) in depth > 1 ? wrong(a, b, factor, depth: depth - 1) : a * b }
        return [scale * next(g, inputs[1]), scale * next(g, inputs[0])]
      }
    }
    var stream = RandomStream(seed: 3, purpose: "wrong")
    let inputs = [Tensor.uniform(0.5, 1, [2, 3], &stream), .uniform(0.5, 1, [2, 3], &stream)]
    let checker = GradientChecker()
    let right = checker.error(of: { wrong($0[0], $0[1], 1, depth: order) }, at: inputs, order: 2, &stream)
    let bad = checker.error(of: { wrong($0[0], $0[1], fault, depth: order) }, at: inputs, order: 2, &stream)
    #expect(right < checker.tolerance)
    #expect(bad > checker.tolerance)
  }
}
